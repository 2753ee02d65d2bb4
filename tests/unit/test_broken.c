// SPDX-License-Identifier: GPL-2.0-or-later
/* Checkers that harm their process: the daemon names them, leaves them out, and
 * does the rest of its work. */
#include "daemon_bench.h"

#include "base/clock.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE_MAX_READ 1024

static char file[] = "/tmp/lvsmon-broken-XXXXXX";
static char plugin[] = "/tmp/lvsmon-plugin-XXXXXX";
static uint16_t good_port, bad_port;
static int good, bad;
static char line[LINE_MAX_READ];

static int listen_at(uint16_t *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 512), 0);
	getsockname(listener, (struct sockaddr *)&at, &size);
	*port = ntohs(at.sin_port);
	return listener;
}

/* A connect check resets its connections, so the queue of a listener that
 * nobody accepts from does not fill up for long. */
static void drain(int listener)
{
	int fd;

	fcntl(listener, F_SETFL, O_NONBLOCK);
	while ((fd = accept(listener, NULL, NULL)) >= 0)
		close(fd);
}

static void write_config(
	const char *checker, const char *how, const char *settings, int reals)
{
	FILE *to = fopen(file, "w");

	assert_non_null(to);
	fprintf(to,
		"user nobody\nsettle 1m\n"
		"interval 100ms timeout 100ms fall 2\n"
		"virtual good 192.0.2.1:80 {\n"
		"\tcheck connect\n\treal 127.0.0.1:%u\n}\n"
		"virtual bad 192.0.2.2:80 {\n"
		"\tcheck %s %s\n\t%s\n\treal 127.0.1.[1-%d]:%u\n}\n",
		good_port, checker, how, settings, reals, bad_port);
	assert_int_equal(fclose(to), 0);
}

static pid_t start(const char *how, const char *settings, int reals, int *log)
{
	write_config(TEST_EVIL, how, settings, reals);
	return daemon_start((const char *[]){"-f", file, NULL}, log);
}

static void expect(int log, const char *words)
{
	daemon_read_until(log, words, line, sizeof(line));
}

static void stop(pid_t keeper, int log)
{
	kill(keeper, SIGTERM);
	assert_int_equal(daemon_wait(keeper), 0);
	close(log);
}

/* The daemon notices in time that a good real is dead. */
static void good_works(int log)
{
	uint64_t died;

	drain(good);
	drain(bad);
	close(good);
	died = clock_ms();
	expect(log, "of good: down");
	assert_true(clock_ms() - died < 1500);
	good = listen_at(&good_port);
}

static void is_left_out(const char *how, const char *dies)
{
	int log;
	pid_t keeper = start(how, "on-broken hold", 1, &log);
	uint64_t began = clock_ms();

	expect(log, "the engine died in a step of checker " TEST_EVIL);
	expect(log, dies);
	expect(log, "of bad: checker " TEST_EVIL " is broken");
	assert_non_null(strstr(line, "real 127.0.1.1:"));
	assert_non_null(strstr(line, "on-broken hold"));
	assert_true(clock_ms() - began < 6500);
	expect(log, "ready: 2 virtuals, 1 of 2 reals up");
	/* It had no entry in the table and gets none. */
	kill(keeper, SIGUSR1);
	expect(log, "status:   real 127.0.1.1:");
	assert_non_null(strstr(line, "weight undecided of 1"));
	good_works(log);
	stop(keeper, log);
}

static void an_endless_step_is_ended(void **state)
{
	(void)state;
	is_left_out("spin", "died of signal 9");
}

static void a_step_of_calls_is_ended(void **state)
{
	(void)state;
	is_left_out("calls", "died of signal 9");
}

static void a_crash_is_left_out(void **state)
{
	(void)state;
	is_left_out("crash", "died of signal");
}

static void a_wild_reason_is_left_out(void **state)
{
	(void)state;
	/* A sanitizer ends the engine with a code instead. */
	is_left_out("wild", "the table stays as it is");
}

static void an_exit_is_left_out(void **state)
{
	(void)state;
	is_left_out("exit", "ended with code 0");
}

/* A real that was up keeps its weight, or loses it with `down`. */
static void hold_and_down_differ(void **state)
{
	int log;
	pid_t keeper = start("third", "on-broken hold", 1, &log);

	(void)state;
	expect(log, "of bad: checker " TEST_EVIL " is broken");
	clock_sleep_ms(500);
	kill(keeper, SIGUSR1);
	expect(log, "status: 2 virtuals, 2 of 2 reals up");
	expect(log, "real 127.0.1.1:");
	assert_non_null(strstr(line, "weight 1 of 1"));
	expect(log, "left out, its checker is broken");
	stop(keeper, log);
	keeper = start("third", "on-broken down", 1, &log);
	expect(log, "is broken");
	assert_non_null(strstr(line, "on-broken down"));
	clock_sleep_ms(500);
	kill(keeper, SIGUSR1);
	expect(log, "status: 2 virtuals, 1 of 2 reals up");
	expect(log, "real 127.0.1.1:");
	assert_non_null(strstr(line, "weight 0 of 1"));
	stop(keeper, log);
}

/* A checker that works for nobody is left out as a whole. */
static void many_checks_of_one_checker(void **state)
{
	int log;
	pid_t keeper = start("crash", "", 100, &log);
	uint64_t began = clock_ms();

	(void)state;
	expect(log, "all 100 checks of this checker are left out");
	expect(log, "ready: 2 virtuals, 1 of 101 reals up");
	assert_true(clock_ms() - began < 5000);
	good_works(log);
	stop(keeper, log);
}

static void copy_plugin(const char *from)
{
	char command[512];

	snprintf(command, sizeof(command),
		"cp %s %s.new && chmod 644 %s.new && mv %s.new %s/evil.so",
		from, plugin, plugin, plugin, plugin);
	assert_int_equal(system(command), 0);
}

/* A reload keeps the mark, but not for another file or another vector. */
static void a_reload_forgets_the_mark_of_another_file(void **state)
{
	char path[sizeof(plugin) + 16];
	int log;
	pid_t keeper;

	(void)state;
	copy_plugin(TEST_EVIL);
	snprintf(path, sizeof(path), "%s/evil.so", plugin);
	write_config(path, "crash", "", 1);
	keeper = daemon_start((const char *[]){"-f", file, NULL}, &log);
	expect(log, "is broken");
	expect(log, "ready: ");
	kill(keeper, SIGHUP);
	expect(log, "1 check of a broken checker is known");
	expect(log, "reloaded: 2 virtuals, 1 of 2 reals up");
	copy_plugin(TEST_EVIL);
	kill(keeper, SIGHUP);
	expect(log, "the engine died in a step");
	expect(log, "is broken");
	write_config(path, "good", "", 1);
	kill(keeper, SIGHUP);
	expect(log, "reloaded: ");
	kill(keeper, SIGUSR1);
	expect(log, "status: 2 virtuals, 2 of 2 reals up");
	stop(keeper, log);
}

static void test_says(const char *checker, const char *how, const char *words)
{
	char picture[LINE_MAX_READ];
	int log;
	pid_t test;

	write_config(checker, how, "", 1);
	snprintf(picture, sizeof(picture), "%s:9:8: %s: ", file, checker);
	test = daemon_start((const char *[]){"-t", "-f", file, NULL}, &log);
	expect(log, words);
	assert_memory_equal(line, picture, strlen(picture));
	assert_int_equal(daemon_wait(test), EX_CONFIG);
	close(log);
}

static void start_says(const char *how, const char *words)
{
	int log;
	pid_t keeper = start(how, "", 1, &log);

	expect(log, words);
	assert_non_null(strstr(line, ":9:8: " TEST_EVIL));
	assert_int_not_equal(daemon_wait(keeper), 0);
	close(log);
}

static void a_fatal_configure_is_named(void **state)
{
	(void)state;
	test_says(TEST_EVIL, "conf:print", "writes to standard output");
	test_says(TEST_EVIL, "conf:exit", "ends the process with code 0");
	test_says(TEST_EVIL, "conf:crash", "dies of signal 6");
	test_says(TEST_EVIL, "conf:hang", "the checker hangs");
	start_says("conf:print", "writes to standard output");
	start_says("conf:exit", "the engine ended while");
	start_says("conf:crash", "the engine ended while");
	start_says("conf:hang", "the engine ended while");
}

static void a_reload_with_a_fatal_configure_changes_nothing(void **state)
{
	int log;
	pid_t keeper = start("good", "", 1, &log);

	(void)state;
	expect(log, "ready: ");
	write_config(TEST_EVIL, "conf:crash", "", 1);
	kill(keeper, SIGHUP);
	expect(log, "the engine ended while");
	expect(log, "not reloaded: its engine ended");
	good_works(log);
	stop(keeper, log);
}

static void odd_files_are_named(void **state)
{
	char path[sizeof(plugin) + 16];

	(void)state;
	test_says(TEST_NULL, "x", "the symbol lvsmon_checker is null");
	snprintf(path, sizeof(path), "%s/fifo.so", plugin);
	assert_int_equal(mkfifo(path, 0644), 0);
	test_says(path, "x", "not a regular file");
	unlink(path);
	test_says(plugin, "x", "not a regular file");
}

/* A checkout in a home directory is one. */
static void a_directory_closed_to_the_engine_serves(void **state)
{
	char path[sizeof(plugin) + 16];
	int log;
	pid_t keeper;

	(void)state;
	snprintf(path, sizeof(path), "%s/shut.so", plugin);
	assert_int_equal(symlink(TEST_EVIL, path), 0);
	assert_int_equal(chmod(plugin, 0700), 0);
	write_config(path, "good", "", 1);
	keeper = daemon_start((const char *[]){"-f", file, NULL}, &log);
	expect(log, "ready: 2 virtuals, ");
	stop(keeper, log);
	assert_int_equal(chmod(plugin, 0755), 0);
	unlink(path);
}

static int set_up(void **state)
{
	(void)state;
	close(mkstemp(file));
	good = listen_at(&good_port);
	bad = listen_at(&bad_port);
	if (!mkdtemp(plugin))
		return -1;
	return chmod(plugin, 0755);
}

static int tear_down(void **state)
{
	char path[sizeof(plugin) + 16];

	(void)state;
	snprintf(path, sizeof(path), "%s/evil.so", plugin);
	unlink(path);
	rmdir(plugin);
	return unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_endless_step_is_ended),
		cmocka_unit_test(a_step_of_calls_is_ended),
		cmocka_unit_test(a_crash_is_left_out),
		cmocka_unit_test(a_wild_reason_is_left_out),
		cmocka_unit_test(an_exit_is_left_out),
		cmocka_unit_test(hold_and_down_differ),
		cmocka_unit_test(many_checks_of_one_checker),
		cmocka_unit_test(a_reload_forgets_the_mark_of_another_file),
		cmocka_unit_test(a_fatal_configure_is_named),
		cmocka_unit_test(
			a_reload_with_a_fatal_configure_changes_nothing),
		cmocka_unit_test(odd_files_are_named),
		cmocka_unit_test(a_directory_closed_to_the_engine_serves),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
