// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls of an engine, each tried in a process of its own. If the filter
 * is enforced, a call that is not allowed kills the process. In log mode the
 * call fails, and the log names it. */
#include "process/syscalls.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE 4096

#define SOCKET_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

/* Pointers are NULL: the kernel does not follow them in a call that is not
 * allowed. */
static const struct attempt {
	const char *name;
	const char *call_name;
	long call;
	long args[6];
	bool allowed;
} attempts[] = {
	{"a TCP socket", "socket", SYS_socket,
		{AF_INET, SOCK_STREAM | SOCKET_FLAGS}, true},
	{"a TCP socket over IPv6", "socket", SYS_socket,
		{AF_INET6, SOCK_STREAM | SOCKET_FLAGS}, true},
	{"a UDP socket", "socket", SYS_socket,
		{AF_INET, SOCK_DGRAM | SOCKET_FLAGS}, true},
	{"a UDP socket over IPv6", "socket", SYS_socket,
		{AF_INET6, SOCK_DGRAM | SOCKET_FLAGS}, true},
	{"a local datagram socket", "socket", SYS_socket, {AF_UNIX, SOCK_DGRAM},
		false},
	{"a raw socket", "socket", SYS_socket,
		{AF_INET, SOCK_RAW, IPPROTO_ICMP}, false},
	{"a datagram socket of another protocol", "socket", SYS_socket,
		{AF_INET, SOCK_DGRAM, IPPROTO_ICMP}, false},
	{"a send of many datagrams", "sendmmsg", SYS_sendmmsg, {1}, false},
	{"memory", "mmap", SYS_mmap,
		{0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1},
		true},
	{"a local socket", "socket", SYS_socket, {AF_UNIX, SOCK_STREAM}, false},
	{"a netlink socket", "socket", SYS_socket, {AF_NETLINK, SOCK_RAW},
		false},
	{"a packet socket", "socket", SYS_socket, {AF_PACKET, SOCK_RAW}, false},
	{"memory for code", "mmap", SYS_mmap,
		{0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
			-1},
		false},
	{"memory made code", "mprotect", SYS_mprotect,
		{0, PAGE, PROT_READ | PROT_EXEC}, false},
	{"a file", "openat", SYS_openat, {AT_FDCWD, 0, O_RDONLY}, false},
	{"a process", "clone", SYS_clone, {SIGCHLD}, false},
	{"a program", "execve", SYS_execve, {0}, false},
	{"somebody else's memory", "ptrace", SYS_ptrace, {PTRACE_ATTACH},
		false},
	{"a signal", "kill", SYS_kill, {0}, false},
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

static long try_call(const struct attempt *attempt)
{
	const long *args = attempt->args;

	return syscall(attempt->call, args[0], args[1], args[2], args[3],
		args[4], args[5]);
}

static int status_of(const struct attempt *attempt)
{
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (syscalls_allow(SANDBOX_ENFORCE) < 0)
			_exit(1);
		try_call(attempt);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void only_what_is_needed_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTEMPTS; i++) {
		int status = status_of(&attempts[i]);
		bool lived = WIFEXITED(status) && WEXITSTATUS(status) == 0;
		bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;

#ifdef LVSMON_SANITIZED
		/* The call fails, so that a sanitizer can report. */
		if (attempts[i].call == SYS_openat)
			killed = lived;
#endif
		if (attempts[i].allowed ? !lived : !killed)
			fail_msg("%s: status %#x", attempts[i].name,
				(unsigned int)status);
	}
}

/* Shared with the process that tries. */
static struct {
	int calls; /* made so far, allowed or not */
	int lines;
	char line[LOG_LINE_MAX];
} * shared;

static void keep_line(void *arg, int level, const char *line)
{
	(void)arg;
	(void)level;
	shared->lines++;
	snprintf(shared->line, sizeof(shared->line), "%s", line);
}

/* Returns an exit code: 0 if each of two attempts ends as it must. */
static int try_twice(const struct attempt *attempt)
{
	log_divert(keep_line, NULL);
	if (syscalls_allow(SANDBOX_LOG) < 0)
		return 1;
	for (int i = 0; i < 2; i++) {
		long result;

		errno = 0;
		result = try_call(attempt);
		shared->calls++;
		if (attempt->allowed ? result < 0
				     : result != -1 || errno != ENOSYS)
			return 2;
	}
	return 0;
}

static void expect_logged_once(const struct attempt *attempt)
{
	char line[LOG_LINE_MAX];

	snprintf(line, sizeof(line),
		"the engine's filter refuses the system call %s (number %ld)",
		attempt->call_name, attempt->call);
	assert_int_equal(shared->lines, 1);
	assert_string_equal(shared->line, line);
}

static void log_mode_names_what_it_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTEMPTS; i++) {
		int status = -1;
		pid_t pid;

		memset(shared, 0, sizeof(*shared));
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			_exit(try_twice(&attempts[i]));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status != 0)
			fail_msg("%s: status %#x after %d calls",
				attempts[i].name, (unsigned int)status,
				shared->calls);
		assert_int_equal(shared->calls, 2);
		if (attempts[i].allowed)
			assert_int_equal(shared->lines, 0);
		else
			expect_logged_once(&attempts[i]);
	}
}

/* A number that no table of names has. */
static void log_mode_survives_any_number(void **state)
{
	static const struct attempt attempt = {.call = 100000};
	int status = -1;
	pid_t pid;

	(void)state;
	memset(shared, 0, sizeof(*shared));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(try_twice(&attempt));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(shared->lines, 1);
	assert_string_equal(shared->line,
		"the engine's filter refuses the system call unknown (number "
		"100000)");
}

/* A target of the log that needs a call which is not allowed. */
static void open_target(void *arg, int level, const char *line)
{
	keep_line(arg, level, line);
	if (syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0) != -1 ||
		errno != ENOSYS)
		_exit(3);
}

static void log_mode_survives_a_call_of_the_log(void **state)
{
	int status = -1;
	pid_t pid;

	(void)state;
	memset(shared, 0, sizeof(*shared));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		log_divert(open_target, NULL);
		if (syscalls_allow(SANDBOX_LOG) < 0)
			_exit(1);
		_exit(syscall(SYS_ptrace, 0, 0, 0, 0) == -1 && errno == ENOSYS
				? 0
				: 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(shared->lines, 1);
	assert_non_null(strstr(shared->line, " ptrace "));
}

/* A signal that another process sent is no refused call. */
static void log_mode_ignores_a_signal_from_outside(void **state)
{
	int status = -1;
	pid_t pid;

	(void)state;
	memset(shared, 0, sizeof(*shared));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		log_divert(keep_line, NULL);
		if (syscalls_allow(SANDBOX_LOG) < 0)
			_exit(1);
		_exit(raise(SIGSYS) == 0 ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(shared->lines, 0);
}

static int set_up(void **state)
{
	(void)state;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_needed_is_allowed),
		cmocka_unit_test(log_mode_names_what_it_refuses),
		cmocka_unit_test(log_mode_survives_any_number),
		cmocka_unit_test(log_mode_survives_a_call_of_the_log),
		cmocka_unit_test(log_mode_ignores_a_signal_from_outside),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
