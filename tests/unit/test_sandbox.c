// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon's options for debugging: --sandbox and the topics of --debug. */
#include "daemon_bench.h"

#include "base/clock.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#define FILTERED "2"

#define LINE_MAX_SIZE 1200

static char file[] = "/tmp/lvsmon-sandbox-XXXXXX";

static void write_config(const char *check, unsigned int port)
{
	FILE *to = fopen(file, "we");

	assert_non_null(to);
	fprintf(to,
		"user nobody\ninterval 20ms timeout 2s\n"
		"virtual web 192.0.2.1:80 {\n"
		"\tcheck %s\n"
		"\treal 127.0.0.1:%u\n}\n",
		check, port);
	assert_int_equal(fclose(to), 0);
}

/* A real that is down in the first round. */
static int refused_connect(void **state)
{
	(void)state;
	write_config("connect", 1);
	return 0;
}

static int make_file(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(file);
}

/* Reads the first word after the name in a file of /proc/PID, as in "Seccomp:
 * 2" or "Max core file size 0". */
static void read_proc(pid_t pid, const char *of, const char *name, char *value)
{
	char path[64], line[LINE_MAX_SIZE];
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, of);
	from = fopen(path, "re");
	assert_non_null(from);
	value[0] = '\0';
	while (fgets(line, sizeof(line), from))
		if (strncmp(line, name, strlen(name)) == 0)
			sscanf(line + strlen(name), "%31s", value);
	fclose(from);
}

static void expect_proc(
	pid_t pid, const char *of, const char *name, const char *expected)
{
	char value[32];

	read_proc(pid, of, name, value);
	assert_string_equal(value, expected);
}

struct mode {
	const char *option;
	const char *warning; /* NULL = none */
	const char *filter;
	bool confined;
};

static const struct mode modes[] = {
	{"--sandbox=enforce", NULL, FILTERED, true},
	{"--sandbox=log", "is not killed: for debugging only", FILTERED, true},
	{"--sandbox=off", "UNCONFINED: engines keep the keeper's user", "0",
		false},
};

static void expect_core_files(pid_t engine, bool confined)
{
	struct rlimit own;
	char limit[32];

	assert_int_equal(getrlimit(RLIMIT_CORE, &own), 0);
	if (confined || own.rlim_max != RLIM_INFINITY)
		snprintf(limit, sizeof(limit), "%llu",
			confined ? 0 : (unsigned long long)own.rlim_max);
	else
		strcpy(limit, "unlimited");
	expect_proc(engine, "limits", "Max core file size", limit);
}

static void expect_data_limit(pid_t engine, bool confined)
{
	char limit[32];

	read_proc(engine, "limits", "Max data size", limit);
#ifdef LVSMON_SANITIZED
	confined = false;
#endif
	assert_int_equal(strcmp(limit, "unlimited") != 0, confined);
}

static void expect_engine(const struct mode *mode, pid_t engine)
{
	bool changed = geteuid() == 0 && mode->confined;
	char own[32], uid[32];

	expect_proc(engine, "status", "Seccomp:", mode->filter);
	read_proc(getpid(), "status", "Uid:", own);
	read_proc(engine, "status", "Uid:", uid);
	assert_int_equal(strcmp(own, uid) != 0, changed);
	expect_core_files(engine, mode->confined);
	expect_data_limit(engine, mode->confined);
}

static void run_mode(const struct mode *mode)
{
	const char *const options[] = {
		"-f", file, mode->option, "-dprocess", NULL};
	char line[LINE_MAX_SIZE];
	int log;
	pid_t engine, keeper = daemon_start(options, &log);

	if (mode->warning)
		daemon_read_until(log, mode->warning, line, sizeof(line));
	if (!mode->confined)
		daemon_read_until(log,
			"runs without a sandbox: for development", line,
			sizeof(line));
	engine = daemon_engine(log, "uid");
	daemon_read_until(
		log, "ready: 1 virtual, 0 of 1 real up", line, sizeof(line));
	expect_engine(mode, engine);
	expect_proc(keeper, "status", "Seccomp:", mode->confined ? "2" : "0");
	kill(keeper, SIGTERM);
	/* An engine whose calls were refused would say so before this. */
	daemon_read_until(log, "lvsmon: ", line, sizeof(line));
	assert_non_null(strstr(line, "stopping"));
	assert_int_equal(daemon_wait(keeper), EX_OK);
	close(log);
}

static void the_mode_decides_on_the_engine(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		run_mode(&modes[i]);
}

/* Returns a socket to which connections can be made, but nobody answers. */
static int listen_somewhere(unsigned int *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(fd, 512), 0);
	getsockname(fd, (struct sockaddr *)&at, &size);
	*port = ntohs(at.sin_port);
	return fd;
}

#define REFUSED "the engine's filter refuses the system call openat "

/* Counts the lines that name the call, while several probes make it. */
static unsigned int count_refused(const char *mode, const char *ready)
{
	const char *const options[] = {"-f", file, mode, NULL};
	char line[LINE_MAX_SIZE];
	unsigned int count = 0;
	int log;
	pid_t keeper = daemon_start(options, &log);

	do {
		daemon_read_until(log, "", line, sizeof(line));
		count += strstr(line, REFUSED) != NULL;
	} while (!strstr(line, ready));
	clock_sleep_ms(200);
	kill(keeper, SIGTERM);
	do {
		daemon_read_until(log, "", line, sizeof(line));
		count += strstr(line, REFUSED) != NULL;
	} while (!strstr(line, "stopping"));
	assert_int_equal(daemon_wait(keeper), EX_OK);
	close(log);
	return count;
}

static void log_mode_names_the_call_of_a_checker(void **state)
{
	unsigned int port;
	int listener = listen_somewhere(&port);

	(void)state;
	write_config(TEST_TRESPASS, port);
	assert_int_equal(count_refused("--sandbox=log",
				 "ready: 1 virtual, 1 of 1 real up"),
		1);
	assert_int_equal(count_refused("--sandbox=off",
				 "ready: 1 virtual, 0 of 1 real up"),
		0);
	close(listener);
}

static const struct {
	const char *option;
	const char *error;
} mistakes[] = {
	{"-dtabel", "--debug: unknown topic 'tabel'; did you mean 'table'?"},
	{"--debug=engine,procss",
		"--debug: unknown topic 'procss'; did you mean 'process'?"},
	{"--sandbox=of", "--sandbox: unknown mode 'of'; did you mean 'off'?"},
	{"--sandbox=x",
		"--sandbox: unknown mode 'x'; the modes are enforce, log and "
		"off"},
};

static void mistakes_start_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *const options[] = {
			"-f", file, mistakes[i].option, NULL};
		char line[LINE_MAX_SIZE], more;
		int log;
		pid_t pid = daemon_start(options, &log);

		daemon_read_until(log, "", line, sizeof(line));
		assert_string_equal(
			line + strlen("lvsmon: "), mistakes[i].error);
		assert_int_equal(read(log, &more, 1), 0);
		assert_int_equal(daemon_wait(pid), EX_USAGE);
		close(log);
	}
}

static const struct topic {
	const char *option; /* NULL = none */
	bool table, config, process;
} topics[] = {
	{"-d", true, true, true},
	{"--debug", true, true, true},
	{"-dtable", true, false, false},
	{"--debug=config,process", false, true, true},
	{NULL, false, false, false},
};

/* Notes the topics that have a line in the log up to "ready". */
static void read_log(int log, struct topic *seen)
{
	char line[LINE_MAX_SIZE];

	do {
		daemon_read_until(log, "", line, sizeof(line));
		seen->table |= strstr(line, "table: look: ") != NULL;
		seen->config |=
			strstr(line, ": 1 virtuals, 1 services") != NULL;
		seen->process |= strstr(line, ": uid ") != NULL;
	} while (!strstr(line, "ready: "));
}

static void topics_decide_on_the_log(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		const char *const options[] = {
			"-f", file, topics[i].option, NULL};
		struct topic seen = {.option = NULL};
		int log;
		pid_t keeper = daemon_start(options, &log);

		read_log(log, &seen);
		kill(keeper, SIGTERM);
		assert_int_equal(daemon_wait(keeper), EX_OK);
		assert_int_equal(seen.table, topics[i].table);
		assert_int_equal(seen.config, topics[i].config);
		assert_int_equal(seen.process, topics[i].process);
		close(log);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_mode_decides_on_the_engine, refused_connect),
		cmocka_unit_test(log_mode_names_the_call_of_a_checker),
		cmocka_unit_test_setup(mistakes_start_nothing, refused_connect),
		cmocka_unit_test_setup(
			topics_decide_on_the_log, refused_connect),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
