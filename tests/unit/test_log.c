// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: the form of its lines, its targets, levels and topics. */
#include "base/log.h"

#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	int count;
	int level;
	char line[LOG_LINE_MAX + 1];
} heard;

static void hear(void *arg, int level, const char *line)
{
	assert_ptr_equal(arg, &heard);
	heard.count++;
	heard.level = level;
	snprintf(heard.line, sizeof(heard.line), "%s", line);
}

static int divert(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	log_open(LOG_TARGET_STDERR, LOG_INFO);
	log_topics(0);
	log_divert(hear, &heard);
	return 0;
}

static int restore(void **state)
{
	(void)state;
	log_divert(NULL, NULL);
	log_topics(0);
	return 0;
}

static void hands_lines_to_a_sink(void **state)
{
	const struct log_field field = {"LVSMON_REAL", "r"};

	(void)state;
	log_line(LOG_WARNING, "%d of %s", 3, "us");
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.level, LOG_WARNING);
	assert_string_equal(heard.line, "3 of us");
	log_fields(LOG_ERR, &field, 1, "fields %s", "too");
	assert_int_equal(heard.count, 2);
	assert_string_equal(heard.line, "fields too");
}

static void leaves_out_what_nobody_wants(void **state)
{
	(void)state;
	assert_true(log_wants(LOG_INFO));
	assert_false(log_wants(LOG_DEBUG));
	log_line(LOG_DEBUG, "no");
	assert_int_equal(heard.count, 0);
	log_open(LOG_TARGET_STDERR, LOG_DEBUG);
	log_line(LOG_DEBUG, "yes");
	assert_int_equal(heard.count, 1);
}

static void each_topic_is_on_or_off_alone(void **state)
{
	(void)state;
	for (unsigned int on = 0; on < LOG_TOPICS; on++) {
		log_topics(1U << on);
		for (unsigned int i = 0; i < LOG_TOPICS; i++) {
			enum log_topic topic = (enum log_topic)i;
			int before = heard.count;

			assert_int_equal(log_wants_topic(topic), i == on);
			log_debug(topic, "topic %u", i);
			assert_int_equal(heard.count - before, i == on);
		}
		assert_int_equal(heard.level, LOG_DEBUG);
	}
	assert_string_equal(heard.line, "topic 3");
}

static void a_line_without_topic_needs_any_topic(void **state)
{
	(void)state;
	log_line(LOG_DEBUG, "no");
	assert_int_equal(heard.count, 0);
	for (unsigned int on = 0; on < LOG_TOPICS; on++) {
		log_topics(1U << on);
		assert_true(log_wants(LOG_DEBUG));
		log_line(LOG_DEBUG, "yes");
		assert_int_equal(heard.count, on + 1);
	}
	log_topics(0);
	assert_false(log_wants(LOG_DEBUG));
	assert_true(log_wants(LOG_INFO));
}

/* Fails if it is formatted: the text has no end. */
static void formats_nothing_for_a_topic_that_is_off(void **state)
{
	(void)state;
	log_topics(1U << LOG_TOPIC_TABLE);
	log_debug(LOG_TOPIC_ENGINE, "%s", (const char *)1);
	assert_int_equal(heard.count, 0);
}

static const struct {
	const char *text;
	unsigned int topics;
	const char *why; /* NULL = it is read */
} topic_lists[] = {
	{NULL, 0xf, NULL},
	{"engine", 1 << LOG_TOPIC_ENGINE, NULL},
	{"table", 1 << LOG_TOPIC_TABLE, NULL},
	{"config", 1 << LOG_TOPIC_CONFIG, NULL},
	{"process", 1 << LOG_TOPIC_PROCESS, NULL},
	{"table,engine", 1 << LOG_TOPIC_ENGINE | 1 << LOG_TOPIC_TABLE, NULL},
	{"config,config", 1 << LOG_TOPIC_CONFIG, NULL},
	{"tabel", 0, "unknown topic 'tabel'; did you mean 'table'?"},
	{"engine,proces", 0, "unknown topic 'proces'; did you mean 'process'?"},
	{"engines,table", 0, "unknown topic 'engines'; did you mean 'engine'?"},
	{"eng", 0,
		"unknown topic 'eng'; the topics are engine, table, config and "
		"process"},
	{"", 0,
		"unknown topic ''; the topics are engine, table, config and "
		"process"},
	{"table,", 0,
		"unknown topic ''; the topics are engine, table, config and "
		"process"},
	{"a\nb", 0,
		"unknown topic 'a?b'; the topics are engine, table, config and "
		"process"},
};

static void reads_topics(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(topic_lists) / sizeof(topic_lists[0]);
		i++) {
		char why[LOG_TOPICS_WHY_MAX] = "";
		unsigned int topics = 0x100;
		int result =
			log_topics_parse(topic_lists[i].text, &topics, why);

		assert_int_equal(result, topic_lists[i].why ? -1 : 0);
		assert_string_equal(
			why, topic_lists[i].why ? topic_lists[i].why : "");
		assert_int_equal(topics,
			topic_lists[i].why ? 0x100 : topic_lists[i].topics);
	}
}

static void writes_each_line_of_a_report(void **state)
{
	(void)state;
	log_lines(NULL, "");
	assert_int_equal(heard.count, 0);
	log_lines(NULL, "one");
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.level, LOG_ERR);
	assert_string_equal(heard.line, "one");
	log_lines(NULL, "one\ntwo\n");
	assert_int_equal(heard.count, 3);
	assert_string_equal(heard.line, "two");
	log_lines(NULL, "one\n\nthree");
	assert_int_equal(heard.count, 6);
	assert_string_equal(heard.line, "three");
	log_lines(NULL, "\treal\tx\n\t    \t^");
	assert_string_equal(heard.line, "      ^");
}

static void makes_one_line_of_a_call(void **state)
{
	(void)state;
	log_line(LOG_ERR, "a\nb\tc\x1b[1m d\x7f \xc3\xa9");
	assert_string_equal(heard.line, "a?b?c?[1m d? \xc3\xa9");
}

static void cuts_what_is_too_long(void **state)
{
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_line(LOG_ERR, "%s", text);
	assert_int_equal(strlen(heard.line), LOG_LINE_MAX - 1);
}

/* What log_line writes on stderr, up to size bytes. */
static size_t on_stderr(const char *text, char *buf, size_t size)
{
	int saved = dup(STDERR_FILENO);
	int ends[2];
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	log_line(LOG_ERR, "%s", text);
	dup2(saved, STDERR_FILENO);
	close(saved);
	got = read(ends[0], buf, size);
	close(ends[0]);
	assert_true(got > 0);
	return (size_t)got;
}

static void writes_on_stderr(void **state)
{
	char text[1500], buf[2000];
	size_t got = on_stderr("hello", buf, sizeof(buf));

	(void)state;
	assert_int_equal(got, 14);
	assert_memory_equal(buf, "lvsmon: hello\n", 14);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	got = on_stderr(text, buf, sizeof(buf));
	assert_int_equal(got, 8 + LOG_LINE_MAX - 1 + 1);
	assert_int_equal(buf[got - 1], '\n');
}

static void writes_to_syslog_and_journal(void **state)
{
	const struct log_field fields[] = {{"A", "1"}, {"B", "2"}};

	(void)state;
	/* Neither need be there; neither may fail, or write on stderr. */
	log_open(LOG_TARGET_SYSLOG, LOG_INFO);
	log_fields(LOG_DEBUG, fields, 2, "a test of lvsmon's log");
	log_fields(LOG_INFO, fields, 2, "a test of lvsmon's log");
	log_open(LOG_TARGET_JOURNAL, LOG_INFO);
	log_fields(LOG_INFO, fields, 2, "a test of lvsmon's log");
	log_open(LOG_TARGET_STDERR, LOG_INFO);
}

/* A process that closes all that it inherits closes the journal's socket. */
static void loses_no_line_without_the_socket_of_the_journal(void **state)
{
	int ends[2];
	char buf[100];

	(void)state;
	log_open(LOG_TARGET_JOURNAL, LOG_INFO);
	log_line(LOG_INFO, "a test of lvsmon's log");
	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		dup2(ends[1], STDERR_FILENO);
		close_range(3, ~0U, 0);
		log_line(LOG_ERR, "hello");
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], buf, sizeof(buf)), 14);
	assert_memory_equal(buf, "lvsmon: hello\n", 14);
	assert_int_equal(read(ends[0], buf, sizeof(buf)), 0);
	close(ends[0]);
	wait(NULL);
	log_open(LOG_TARGET_STDERR, LOG_INFO);
}

/* Keeps a copy of what a child with this stderr says, and returns its end. */
static int end_of_child(void (*act)(void), char *said, size_t size)
{
	size_t len = 0;
	int ends[2], status = 0;
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		log_open(LOG_TARGET_STDERR, LOG_INFO);
		act();
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + len, size - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(ends[0]);
	wait(&status);
	return status;
}

static void fail_an_assertion(void)
{
	log_defer(true);
	log_line(LOG_INFO, "before");
	assert(getpid() == 0);
}

static void tells_of_a_failed_assertion(void **state)
{
	char said[1000];
	int status = end_of_child(fail_an_assertion, said, sizeof(said));

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_ptr_equal(strstr(said, "lvsmon: before\nlvsmon: assertion "
				      "failed: getpid() == 0 ("),
		said);
}

static void speak_later(void)
{
	log_defer(true);
	log_line(LOG_INFO, "later");
	if (write(STDERR_FILENO, "now\n", 4) == 4 && log_flush())
		log_defer(false);
	log_line(LOG_INFO, "at once");
	if (write(STDERR_FILENO, "end\n", 4) != 4)
		_exit(1);
}

static void lines_wait_for_a_flush(void **state)
{
	char said[1000];

	(void)state;
	assert_int_equal(end_of_child(speak_later, said, sizeof(said)), 0);
	assert_string_equal(said, "now\nlvsmon: later\nlvsmon: at once\nend\n");
}

/* Deferred or not: the status of a large configuration passes the spool. */
static void speak_much(void)
{
	log_defer(true);
	for (int i = 0; i < 500; i++)
		log_line(LOG_INFO, "%0100d", i);
	if (!log_flush())
		_exit(1);
}

static void a_spool_that_is_full_is_delivered(void **state)
{
	static char said[100000];

	(void)state;
	assert_int_equal(end_of_child(speak_much, said, sizeof(said)), 0);
	assert_int_equal(strlen(said), 500 * (8 + 100 + 1));
}

static void guesses_the_target(void **state)
{
	char stream[64];
	struct stat st;

	(void)state;
	unsetenv("JOURNAL_STREAM");
	assert_int_equal(log_target_guess(false), LOG_TARGET_STDERR);
	assert_int_equal(log_target_guess(true), LOG_TARGET_SYSLOG);
	setenv("JOURNAL_STREAM", "1:2", 1);
	assert_int_equal(log_target_guess(false), LOG_TARGET_STDERR);
	setenv("JOURNAL_STREAM", "nonsense", 1);
	assert_int_equal(log_target_guess(false), LOG_TARGET_STDERR);
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	assert_int_not_equal(log_target_guess(false), LOG_TARGET_STDERR);
	unsetenv("JOURNAL_STREAM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			hands_lines_to_a_sink, divert, restore),
		cmocka_unit_test_setup_teardown(
			leaves_out_what_nobody_wants, divert, restore),
		cmocka_unit_test_setup_teardown(
			each_topic_is_on_or_off_alone, divert, restore),
		cmocka_unit_test_setup_teardown(
			a_line_without_topic_needs_any_topic, divert, restore),
		cmocka_unit_test_setup_teardown(
			formats_nothing_for_a_topic_that_is_off, divert,
			restore),
		cmocka_unit_test(reads_topics),
		cmocka_unit_test_setup_teardown(
			writes_each_line_of_a_report, divert, restore),
		cmocka_unit_test_setup_teardown(
			makes_one_line_of_a_call, divert, restore),
		cmocka_unit_test_setup_teardown(
			cuts_what_is_too_long, divert, restore),
		cmocka_unit_test(writes_on_stderr),
		cmocka_unit_test(writes_to_syslog_and_journal),
		cmocka_unit_test(
			loses_no_line_without_the_socket_of_the_journal),
		cmocka_unit_test(tells_of_a_failed_assertion),
		cmocka_unit_test(lines_wait_for_a_flush),
		cmocka_unit_test(a_spool_that_is_full_is_delivered),
		cmocka_unit_test(guesses_the_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
