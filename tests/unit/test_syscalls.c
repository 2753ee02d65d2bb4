// SPDX-License-Identifier: GPL-2.0-or-later
/* What an engine may ask of the kernel, tried in a process of its own: what is
 * not allowed ends it at once. */
#include "process/syscalls.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE 4096

#define SOCKET_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

/* Pointers are NULL: none is followed where a call is not allowed. */
static const struct attempt {
	const char *name;
	long call;
	long args[6];
	bool allowed;
} attempts[] = {
	{"a TCP socket", SYS_socket, {AF_INET, SOCK_STREAM | SOCKET_FLAGS},
		true},
	{"a TCP socket over IPv6", SYS_socket,
		{AF_INET6, SOCK_STREAM | SOCKET_FLAGS}, true},
	{"memory", SYS_mmap,
		{0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1},
		true},
	{"a local socket", SYS_socket, {AF_UNIX, SOCK_STREAM}, false},
	{"a netlink socket", SYS_socket, {AF_NETLINK, SOCK_RAW}, false},
	{"a packet socket", SYS_socket, {AF_PACKET, SOCK_RAW}, false},
	{"memory for code", SYS_mmap,
		{0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
			-1},
		false},
	{"memory made code", SYS_mprotect, {0, PAGE, PROT_READ | PROT_EXEC},
		false},
	{"a file", SYS_openat, {AT_FDCWD, 0, O_RDONLY}, false},
	{"a process", SYS_clone, {SIGCHLD}, false},
	{"a program", SYS_execve, {0}, false},
	{"somebody else's memory", SYS_ptrace, {PTRACE_ATTACH}, false},
	{"a signal", SYS_kill, {0}, false},
};

static int status_of(const struct attempt *attempt)
{
	const long *args = attempt->args;
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (syscalls_allow() < 0)
			_exit(1);
		syscall(attempt->call, args[0], args[1], args[2], args[3],
			args[4], args[5]);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void only_what_is_needed_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int status = status_of(&attempts[i]);
		bool lived = WIFEXITED(status) && WEXITSTATUS(status) == 0;
		bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;

		if (attempts[i].allowed ? !lived : !killed)
			fail_msg("%s: status %#x", attempts[i].name,
				(unsigned int)status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_needed_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
