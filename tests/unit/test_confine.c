// SPDX-License-Identifier: GPL-2.0-or-later
/* The confinement of an engine, tried from inside by a checker, and on machines
 * that lack some of its means. */
#include "daemon_bench.h"

#include "base/clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE_MAX_SIZE 1200
#define UP "ready: 1 virtual, 1 of 1 real up"

static char file[] = "/tmp/lvsmon-confine-XXXXXX";
static int listener;
static unsigned int port;

/* Peers may connect, but nobody answers. */
static void listen_somewhere(void)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	socklen_t size = sizeof(at);

	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 512), 0);
	getsockname(listener, (struct sockaddr *)&at, &size);
	port = ntohs(at.sin_port);
}

static void write_config(const char *argument)
{
	FILE *to = fopen(file, "we");

	assert_non_null(to);
	fprintf(to,
		"user nobody\ninterval 20ms timeout 2s\n"
		"virtual web 192.0.2.1:80 {\n"
		"\tcheck %s %s\n"
		"\treal 127.0.0.1:%u\n}\n",
		TEST_TRESPASS, argument, port);
	assert_int_equal(fclose(to), 0);
}

static pid_t start(const char *argument, const char *mode, int *log)
{
	const char *const options[] = {"-f", file, mode, "-dprocess", NULL};

	write_config(argument);
	return daemon_start(options, log);
}

static void stop(pid_t keeper, int log)
{
	char line[LINE_MAX_SIZE];

	kill(keeper, SIGTERM);
	daemon_read_until(log, "stopping", line, sizeof(line));
	assert_int_equal(daemon_wait(keeper), EX_OK);
	close(log);
}

static void expect_line(
	const char *argument, const char *mode, const char *words)
{
	char line[LINE_MAX_SIZE];
	int log;
	pid_t keeper = start(argument, mode, &log);

	daemon_read_until(log, words, line, sizeof(line));
	stop(keeper, log);
}

static void configure_hurts_nobody(void **state)
{
	(void)state;
	expect_line("configure", "--sandbox=enforce", UP);
}

static void a_step_hurts_nobody(void **state)
{
	(void)state;
	expect_line("step", "--sandbox=log", UP);
}

static void a_step_that_tries_ends_its_engine_only(void **state)
{
	static const char *const calls[] = {"kill", "tgkill", "tkill",
		"rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "fcntl",
		"ioctl", "prctl", "ptrace", "process_vm_writev", "prlimit64",
		"timer_create", "shmget", "sendmsg", "clone", "socket",
		"setsockopt"};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		char argument[64];

		snprintf(argument, sizeof(argument), "step=%s", calls[i]);
		expect_line(argument, "--sandbox=enforce",
			"the engine died of signal 31 (Bad system call)");
	}
}

static void memory_has_a_limit(void **state)
{
	(void)state;
#ifndef LVSMON_SANITIZED
	expect_line("memory", "--sandbox=enforce", UP);
#endif
}

/* The test adopts an engine that has lost its keeper. */
static int end_of(pid_t engine)
{
	uint64_t until = clock_ms() + 3000;
	int status = -1;

	while (waitpid(engine, &status, WNOHANG) != engine) {
		assert_true(clock_ms() < until);
		clock_sleep_ms(5);
	}
	return status;
}

static void read_status(pid_t pid, const char *name, char *value)
{
	char path[64], line[LINE_MAX_SIZE];
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	from = fopen(path, "re");
	assert_non_null(from);
	value[0] = '\0';
	while (fgets(line, sizeof(line), from))
		if (strncmp(line, name, strlen(name)) == 0)
			sscanf(line + strlen(name), "%31s", value);
	fclose(from);
}

/* An engine that still loads has its own user, and at most the capability of
 * its user namespace that it needs for chroot. */
static void expect_lowered(pid_t engine)
{
	char value[32];

	read_status(engine, "Seccomp_filters:", value);
	assert_string_equal(value, "2");
	read_status(engine, "NoNewPrivs:", value);
	assert_string_equal(value, "1");
	if (geteuid() != 0)
		return;
	read_status(engine, "Uid:", value);
	assert_string_not_equal(value, "0");
	read_status(engine, "CapEff:", value);
	assert_int_equal(strtoull(value, NULL, 16) & ~(1ULL << 18), 0);
	read_status(engine, "CapBnd:", value);
	assert_int_equal(strtoull(value, NULL, 16) & ~(1ULL << 12), 0);
}

/* Returns when the checker hangs in configure. */
static void wait_until_asleep(pid_t engine)
{
	char state[32];

	do {
		clock_sleep_ms(20);
		read_status(engine, "State:", state);
	} while (*state != 'S');
}

static void an_engine_never_outlives_its_keeper(void **state)
{
	static const char *const modes[] = {
		"--sandbox=enforce", "--sandbox=log"};

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		int log, status;
		pid_t keeper = start("hang", modes[i], &log);
		pid_t engine = daemon_engine(log, "started");

		wait_until_asleep(engine);
		expect_lowered(engine);
		kill(keeper, SIGKILL);
		waitpid(keeper, NULL, 0);
		status = end_of(engine);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		close(log);
	}
}

/* A stopped engine does not see that its channel has ended. */
static void a_stopped_engine_ends_with_its_keeper(void **state)
{
	char line[LINE_MAX_SIZE];
	int log, status;
	pid_t keeper = start("none", "--sandbox=enforce", &log);
	pid_t engine = daemon_engine(log, "started");

	(void)state;
	daemon_read_until(log, UP, line, sizeof(line));
	kill(engine, SIGSTOP);
	kill(keeper, SIGKILL);
	waitpid(keeper, NULL, 0);
	status = end_of(engine);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	close(log);
}

/* Machines that refuse some calls, each with the error that a real one has. */
struct refusal {
	int call;
	int error;
	int option; /* the first argument; -1 = any */
};

#define NO_NAMESPACE                                                           \
	{                                                                      \
		SCMP_SYS(unshare), EPERM, -1                                   \
	}
#define NO_CHROOT                                                              \
	{                                                                      \
		SCMP_SYS(chroot), EPERM, -1                                    \
	}
#define NO_CAPABILITY                                                          \
	{                                                                      \
		SCMP_SYS(prctl), EPERM, PR_CAPBSET_DROP                        \
	}
#define NO_LANDLOCK                                                            \
	{                                                                      \
		SCMP_SYS(landlock_create_ruleset), ENOSYS, -1                  \
	}

static const struct machine {
	struct refusal refusals[3];
	const char *root, *user; /* the line's words */
} machines[] = {
	{{{0}}, "chroot, Landlock and seccomp\n", "Landlock and seccomp\n"},
	{{NO_NAMESPACE},
		"Landlock and seccomp; no user namespace for chroot: Operation "
		"not permitted\n",
		"Landlock and seccomp\n"},
	{{NO_CHROOT, NO_CAPABILITY},
		"Landlock and seccomp; no chroot in its user namespace: "
		"Operation not permitted\n",
		"Landlock and seccomp\n"},
	{{NO_LANDLOCK},
		"chroot and seccomp; no Landlock: Function not implemented\n",
		"seccomp alone; no Landlock: Function not implemented\n"},
	{{NO_NAMESPACE, NO_LANDLOCK},
		"seccomp alone; no user namespace for chroot: Operation not "
		"permitted; no Landlock: Function not implemented\n",
		"seccomp alone; no Landlock: Function not implemented\n"},
	{{NO_CHROOT, NO_CAPABILITY, NO_LANDLOCK},
		"seccomp alone; no chroot in its user namespace: Operation not "
		"permitted; no Landlock: Function not implemented\n",
		"seccomp alone; no Landlock: Function not implemented\n"},
};

static const struct machine *machine;

static void add_refusal(scmp_filter_ctx filter, const struct refusal *refusal)
{
	uint32_t action = SCMP_ACT_ERRNO((unsigned int)refusal->error);

	if (!refusal->call)
		return;
	if (refusal->option < 0)
		seccomp_rule_add(filter, action, refusal->call, 0);
	else
		seccomp_rule_add(filter, action, refusal->call, 1,
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)refusal->option, 0));
}

/* Runs in the daemon's process before it is executed. */
static void enter_machine(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	/* Root need not be without new privileges. */
	if (geteuid() == 0)
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	for (size_t i = 0; i < 3; i++)
		add_refusal(filter, &machine->refusals[i]);
	if (seccomp_load(filter) < 0)
		_exit(126);
}

/* Reads the log up to "ready". Returns how many lines say which means confine
 * the engine. Copies the means of the last. */
static unsigned int read_means(int log, char *means)
{
	char line[LINE_MAX_SIZE];
	unsigned int count = 0;

	do {
		const char *at;

		daemon_read_until(log, "", line, sizeof(line));
		at = strstr(line, ": confined by ");
		if (!at)
			continue;
		count++;
		snprintf(means, LINE_MAX_SIZE, "%s\n",
			at + strlen(": confined by "));
	} while (!strstr(line, UP));
	return count;
}

/* Whether a machine that refuses more can confine as expected says, if this one
 * confines as own says. */
static bool can_be(const char *expected, const char *own)
{
	static const char *const lacks[] = {
		"no Landlock", "no user namespace", "no chroot"};

	for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (strstr(own, lacks[i]) && !strstr(expected, lacks[i]))
			return false;
	return true;
}

static void run_machine(const char *own)
{
	const char *expected = geteuid() == 0 ? machine->root : machine->user;
	char means[LINE_MAX_SIZE];
	int log;
	pid_t keeper = start("none", "--sandbox=enforce", &log);

	assert_int_equal(read_means(log, means), 1);
	if (can_be(expected, own))
		assert_string_equal(means, expected);
	stop(keeper, log);
}

/* Reads how this machine itself confines. */
static void read_own_means(char *means)
{
	int log;
	pid_t keeper = start("none", "--sandbox=enforce", &log);

	assert_int_equal(read_means(log, means), 1);
	stop(keeper, log);
}

static void it_starts_with_what_the_machine_has(void **state)
{
	char own[LINE_MAX_SIZE];

	(void)state;
	read_own_means(own);
	daemon_before = enter_machine;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		machine = &machines[i];
		run_machine(own);
	}
	daemon_before = NULL;
}

static int set_up(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	listen_somewhere();
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	close(listener);
	return unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configure_hurts_nobody),
		cmocka_unit_test(a_step_hurts_nobody),
		cmocka_unit_test(a_step_that_tries_ends_its_engine_only),
		cmocka_unit_test(memory_has_a_limit),
		cmocka_unit_test(an_engine_never_outlives_its_keeper),
		cmocka_unit_test(a_stopped_engine_ends_with_its_keeper),
		cmocka_unit_test(it_starts_with_what_the_machine_has),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
