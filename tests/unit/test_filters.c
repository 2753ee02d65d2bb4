// SPDX-License-Identifier: GPL-2.0-or-later
/* The filters of system calls: each way to hurt another process is tried in a
 * process of its own, under each filter. */
#include "process/syscalls.h"
#include "ways.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	const char *name;
	int (*allow)(enum sandbox sandbox);
	int error; /* of a refused call; 0 = it kills */
} const filters[] = {
	{"engine", syscalls_allow, 0},
	{"loading", syscalls_allow_loading, EPERM},
	{"keeper", syscalls_allow_keeper, ENOSYS},
};

enum { ENGINE, LOADING, KEEPER };

/* Some ways are the daily work of a process under the other filters. */
static const struct {
	const char *call;
	int filter;
} open_ways[] = {
	{"sendmsg", KEEPER},
	{"sendmmsg", KEEPER},
	{"clone", KEEPER},
	{"setsockopt", KEEPER},
	{"listen", KEEPER},
	{"openat", KEEPER},
	{"prlimit64", KEEPER},
	{"prctl", KEEPER},
	{"setresuid", KEEPER},
	{"setsid", KEEPER},
	{"socketpair", KEEPER},
#ifdef LVSMON_SANITIZED
	/* The leak detector traces, and the symbolizer is a program. */
	{"ptrace", KEEPER},
	{"execve", KEEPER},
#endif
};

static bool is_open(const struct way *way, int filter)
{
	if (filter == KEEPER &&
		(strcmp(way->name, "a signal") == 0 ||
			strcmp(way->name, "a signal to the group") == 0 ||
			strcmp(way->name, "a local socket") == 0 ||
			strcmp(way->name, "a netlink socket") == 0 ||
			strcmp(way->name, "a raw socket") == 0 ||
			strcmp(way->name, "a socket of another protocol") == 0))
		return true;
	for (size_t i = 0; i < sizeof(open_ways) / sizeof(open_ways[0]); i++)
		if (open_ways[i].filter == filter &&
			strcmp(open_ways[i].call, way->call_name) == 0)
			return true;
	return false;
}

/* Loads a filter in a process of its own and calls `life` there. Returns the
 * status of that process. */
static int status_under(
	int filter, int (*life)(const void *arg), const void *arg)
{
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (filters[filter].allow(SANDBOX_ENFORCE) < 0)
			_exit(100);
		_exit(life(arg));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* The process that hears of no signal. */
static pid_t parent;

/* Returns an exit code: the errno, or 0 if the call succeeds. */
static int try_way(const void *arg)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	errno = 0;
	return way_try(arg, parent, fd) < 0 ? errno : 0;
}

static void expect_refused(const struct way *way, int filter)
{
	int status = status_under(filter, try_way, way);
	int error = filters[filter].error;
	bool refused;

#ifdef LVSMON_SANITIZED
	/* The call fails, so that a sanitizer can report. */
	if (way->call == SYS_openat)
		error = EPERM;
#endif
	refused = error ? WIFEXITED(status) && WEXITSTATUS(status) == error
			: WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;

	if (!refused)
		fail_msg("%s: %s (%s): status %#x", filters[filter].name,
			way->name, way->call_name, (unsigned int)status);
}

static void each_filter_refuses_every_way(void **state)
{
	(void)state;
	for (int filter = ENGINE; filter <= KEEPER; filter++)
		for (size_t i = 0; i < WAYS; i++)
			if (!is_open(&ways[i], filter))
				expect_refused(&ways[i], filter);
}

/* Returns 0 if a process may abort, and may not signal its parent so. */
static int signal_itself(const void *arg)
{
	(void)arg;
	return syscall(SYS_tgkill, getpid(), gettid(), 0) == 0 ? 0 : 1;
}

static int signal_parent(const void *arg)
{
	(void)arg;
	return syscall(SYS_tgkill, parent, parent, 0) == 0 ? 0 : 1;
}

static void an_engine_signals_itself_alone(void **state)
{
	int status;

	(void)state;
	assert_int_equal(status_under(ENGINE, signal_itself, NULL), 0);
	status = status_under(ENGINE, signal_parent, NULL);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static int read_flags(const void *arg)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	(void)arg;
	return fcntl(fd, F_GETFL) & O_NONBLOCK &&
			       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0
		       ? 0
		       : 1;
}

/* Reads a file, then loads the engine's filter, as an engine does. */
static int load_and_go_on(const void *arg)
{
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	(void)arg;
	if (fd < 0 || syscalls_allow(SANDBOX_ENFORCE) < 0)
		return 1;
	return close(fd) == 0 ? 0 : 2;
}

/* Opens the sockets of the transport ICMP. A group that may not have them gets
 * another error than the filter's. */
static int open_pings(const void *arg)
{
	(void)arg;
	if (socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP) < 0 && errno != EACCES)
		return 1;
	if (socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6) < 0 &&
		errno != EACCES && errno != EAFNOSUPPORT)
		return 2;
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 && errno == EPERM
		       ? 0
		       : 3;
}

/* Forks an engine, which loads its own filters, and kills it. */
static int keep(const void *arg)
{
	int status = -1;
	pid_t pid = fork();

	(void)arg;
	if (pid == 0) {
		if (syscalls_allow_loading(SANDBOX_ENFORCE) == 0 &&
			syscalls_allow(SANDBOX_ENFORCE) == 0)
			for (;;)
				read_flags(NULL);
		_exit(1);
	}
	usleep(20000);
	if (pid < 0 || kill(pid, SIGKILL) < 0 ||
		waitpid(pid, &status, 0) != pid)
		return 2;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? 0 : 3;
}

static void each_process_can_do_its_work(void **state)
{
	(void)state;
	assert_int_equal(status_under(ENGINE, read_flags, NULL), 0);
	assert_int_equal(status_under(LOADING, load_and_go_on, NULL), 0);
	assert_int_equal(status_under(LOADING, open_pings, NULL), 0);
	assert_int_equal(status_under(KEEPER, keep, NULL), 0);
}

/* Returns 0 if signals to others are refused, and other calls are not. */
static int read_on(const void *arg)
{
	(void)arg;
	if (syscalls_forbid_signals() < 0)
		return 1;
	if (kill(parent, 0) == 0 || errno != EPERM)
		return 2;
	if (syscall(SYS_tgkill, parent, parent, 0) == 0 || errno != EPERM)
		return 3;
	return syscall(SYS_tgkill, getpid(), gettid(), 0) == 0 ||
			       errno == ENOSYS
		       ? 0
		       : 4;
}

static void a_reader_signals_nobody(void **state)
{
	(void)state;
	assert_int_equal(status_under(KEEPER, read_on, NULL), 0);
}

/* A thread that lives when the filter is loaded, as a plugin might have one. */
static int go[2];

static void *signal_when_told(void *arg)
{
	char byte;

	(void)arg;
	if (read(go[0], &byte, 1) == 1)
		syscall(SYS_kill, getpid(), 0);
	_exit(0);
}

static void a_thread_is_filtered_too(void **state)
{
	int status = -1;
	pthread_t thread;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(go), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (pthread_create(&thread, NULL, signal_when_told, NULL) ||
			syscalls_allow(SANDBOX_ENFORCE) < 0 ||
			write(go[1], "", 1) != 1)
			_exit(1);
		for (;;)
			getpid();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
	close(go[0]);
	close(go[1]);
}

static int set_up(void **state)
{
	(void)state;
	parent = getpid();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_filter_refuses_every_way),
		cmocka_unit_test(an_engine_signals_itself_alone),
		cmocka_unit_test(each_process_can_do_its_work),
		cmocka_unit_test(a_reader_signals_nobody),
		cmocka_unit_test(a_thread_is_filtered_too),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
