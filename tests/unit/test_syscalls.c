// SPDX-License-Identifier: GPL-2.0-or-later
/* What an engine may ask of the kernel, tried in a process of its own: what is
 * not allowed ends it at once. */
#include "keeper/syscalls.h"

#include <errno.h>
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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE 4096

static void a_tcp_socket(void)
{
	socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static void a_local_socket(void)
{
	socket(AF_UNIX, SOCK_STREAM, 0);
}

static void a_netlink_socket(void)
{
	socket(AF_NETLINK, SOCK_RAW, 0);
}

static void a_packet_socket(void)
{
	socket(AF_PACKET, SOCK_RAW, 0);
}

static void memory(void)
{
	mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0);
}

static void memory_for_code(void)
{
	mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		0);
}

static void memory_made_code(void)
{
	static _Alignas(PAGE) char page[PAGE];

	mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

static void a_file(void)
{
	open("/dev/null", O_RDONLY);
}

static void a_process(void)
{
	fork();
}

static void a_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void somebody_elses_memory(void)
{
	ptrace(PTRACE_ATTACH, getpid(), NULL, NULL);
}

static void a_signal(void)
{
	kill(getpid(), 0);
}

static const struct attempt {
	const char *name;
	void (*make)(void);
	bool allowed;
} attempts[] = {
	{"a TCP socket", a_tcp_socket, true},
	{"memory", memory, true},
	{"a local socket", a_local_socket, false},
	{"a netlink socket", a_netlink_socket, false},
	{"a packet socket", a_packet_socket, false},
	{"memory for code", memory_for_code, false},
	{"memory made code", memory_made_code, false},
	{"a file", a_file, false},
	{"a process", a_process, false},
	{"a program", a_program, false},
	{"somebody else's memory", somebody_elses_memory, false},
	{"a signal", a_signal, false},
};

static int status_of(const struct attempt *attempt)
{
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (syscalls_allow() < 0)
			_exit(1);
		attempt->make();
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
