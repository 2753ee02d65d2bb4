// SPDX-License-Identifier: GPL-2.0-or-later
/* Sinks that nobody reads, the lines that wait for them, and their forms. */
#include "base/log.h"
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE "a line of some length\n"

static int saved_stderr;

static void put_in_place_of_stderr(int fd)
{
	dup2(fd, STDERR_FILENO);
	close(fd);
}

static int save_stderr(void **state)
{
	(void)state;
	saved_stderr = dup(STDERR_FILENO);
	return 0;
}

static int restore_stderr(void **state)
{
	(void)state;
	dup2(saved_stderr, STDERR_FILENO);
	return close(saved_stderr);
}

static size_t write_until_full(const struct sink *sink)
{
	size_t lines = 0;

	while (sink_write(sink, LINE, strlen(LINE)) == (ssize_t)strlen(LINE)) {
		lines++;
		assert_true(lines < 1000000);
	}
	return lines;
}

/* Fills stderr, then reads it: the sink is usable again. */
static void expect_full_and_usable(enum sink_kind kind, int reader)
{
	struct sink sink = {.kind = SINK_CLOSED};
	char buf[65536];

	sink_open_stderr(&sink);
	assert_int_equal(sink.kind, kind);
	assert_true(sink_is_whole(&sink));
	assert_true(write_until_full(&sink) > 10);
	assert_true(read(reader, buf, sizeof(buf)) > 4096);
	assert_true(sink_write(&sink, LINE, strlen(LINE)) > 0);
	assert_int_equal(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0);
	sink_close(&sink);
	assert_true(fcntl(STDERR_FILENO, F_GETFD) >= 0);
	close(reader);
}

static void a_full_pipe_does_not_block(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	put_in_place_of_stderr(ends[1]);
	expect_full_and_usable(SINK_REOPENED, ends[0]);
}

static void a_full_socket_does_not_block(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	put_in_place_of_stderr(ends[1]);
	expect_full_and_usable(SINK_STREAM, ends[0]);
}

/* Nobody reads the terminal's other side. */
static void a_terminal_does_not_block(void **state)
{
	struct sink sink = {.kind = SINK_CLOSED};
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);

	(void)state;
	assert_int_equal(grantpt(terminal), 0);
	assert_int_equal(unlockpt(terminal), 0);
	put_in_place_of_stderr(open(ptsname(terminal), O_RDWR | O_NOCTTY));
	sink_open_stderr(&sink);
	assert_int_equal(sink.kind, SINK_REOPENED);
	assert_true(write_until_full(&sink) > 10);
	sink_close(&sink);
	close(terminal);
}

/* As if /proc forbade to open the pipe again. */
static void a_pipe_is_asked_before_each_write(void **state)
{
	struct sink sink = {.kind = SINK_POLLED, .fd = STDERR_FILENO};
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	put_in_place_of_stderr(ends[1]);
	assert_true(write_until_full(&sink) > 10);
	close(ends[0]);
}

static void another_stderr_is_noticed(void **state)
{
	struct sink sink = {.kind = SINK_CLOSED};

	(void)state;
	put_in_place_of_stderr(open("/dev/null", O_WRONLY));
	sink_open_stderr(&sink);
	assert_int_equal(sink.kind, SINK_FILE);
	assert_true(sink_is_whole(&sink));
	put_in_place_of_stderr(open("/dev/zero", O_WRONLY));
	assert_false(sink_is_whole(&sink));
	sink_close(&sink);
	assert_false(sink_is_whole(&sink));
}

/* Returns a socket that is bound to a name. */
static int bind_socket(struct sink *sink, const char *name)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_int_equal(sink_open_socket(sink, name), 0);
	assert_int_equal(sink_write(sink, LINE, 5), -1);
	unlink(name);
	assert_int_equal(
		bind(fd, (struct sockaddr *)&sink->to, sink->to_size), 0);
	return fd;
}

static void expect_datagrams(const char *name)
{
	struct sink sink = {.kind = SINK_CLOSED};
	int fd = bind_socket(&sink, name);
	char buf[100];

	assert_true(write_until_full(&sink) > 0);
	assert_int_equal(recv(fd, buf, sizeof(buf), 0), strlen(LINE));
	assert_memory_equal(buf, LINE, strlen(LINE));
	assert_int_equal(sink_write(&sink, LINE, strlen(LINE)), strlen(LINE));
	close(fd);
	/* The receiver is away for a time. */
	assert_int_equal(sink_write(&sink, LINE, strlen(LINE)), -1);
	fd = bind_socket(&sink, name);
	assert_int_equal(sink_write(&sink, LINE, strlen(LINE)), strlen(LINE));
	close(fd);
	unlink(name);
	sink_close(&sink);
}

static void datagrams_do_not_block(void **state)
{
	char name[64];
	struct sink sink = {.kind = SINK_CLOSED};

	(void)state;
	snprintf(name, sizeof(name), "/tmp/lvsmon-sink-%d", (int)getpid());
	expect_datagrams(name);
	snprintf(name, sizeof(name), "@lvsmon-sink-%d", (int)getpid());
	expect_datagrams(name);
	assert_int_equal(sink_open_socket(&sink, "relative"), -1);
	assert_int_equal(sink_open_socket(&sink, ""), -1);
	assert_int_equal(sink_open_socket(&sink, "@"), -1);
	assert_int_equal(sink.kind, SINK_CLOSED);
}

static void put_number(struct spool *spool, unsigned int number)
{
	char line[16];

	snprintf(line, sizeof(line), "%u\n", number);
	assert_true(spool_put(spool, line, strlen(line)));
}

/* Any number of lines passes through, in their order. */
static void lines_wait_in_their_order(void **state)
{
	static struct spool spool;
	struct sink sink = {.kind = SINK_CLOSED};
	unsigned int put = 0, got = 0;
	char buf[16];
	FILE *reader;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	put_in_place_of_stderr(ends[1]);
	reader = fdopen(ends[0], "r");
	assert_non_null(reader);
	sink_open_stderr(&sink);
	while (got < 20000) {
		for (int i = 0; i < 1000; i++)
			put_number(&spool, put++);
		assert_true(spool_drain(&spool, &sink));
		for (; got < put; got++) {
			assert_non_null(fgets(buf, sizeof(buf), reader));
			assert_int_equal(atoi(buf), got);
		}
	}
	assert_int_equal(spool.lost, 0);
	fclose(reader);
	sink_close(&sink);
}

static void lines_that_wait_too_long_are_counted(void **state)
{
	static struct spool spool;
	struct sink sink = {.kind = SINK_CLOSED};
	unsigned int count = 0;
	char line[1000];

	(void)state;
	memset(line, 'x', sizeof(line));
	while (spool_put(&spool, line, sizeof(line)))
		count++;
	assert_true(count >= 30);
	assert_false(spool_drain(&spool, &sink));
	assert_int_equal(spool.lost, 0);
	spool.refused_ms -= SPOOL_PATIENCE_MS - 200;
	assert_false(spool_drain(&spool, &sink));
	spool.refused_ms -= 200;
	assert_true(spool_drain(&spool, &sink));
	assert_int_equal(spool.lost, count);
	assert_true(spool_put(&spool, line, sizeof(line)));
}

static void a_line_has_a_form_for_each_sink(void **state)
{
	const struct tm now = {.tm_mon = 10,
		.tm_mday = 5,
		.tm_hour = 6,
		.tm_min = 7,
		.tm_sec = 8};
	const struct log_field fields[] = {{"A", "1"}, {"B", "x\ny"}};
	char buf[RECORD_MAX], plain[LOG_LINE_MAX];
	struct text text;

	(void)state;
	text_init(&text, buf, sizeof(buf));
	log_form_plain(&text, "hello");
	assert_string_equal(buf, "lvsmon: hello\n");
	text_init(&text, buf, sizeof(buf));
	log_form_syslog(&text, LOG_ERR, &now, 99, "hello");
	assert_string_equal(buf, "<27>Nov  5 06:07:08 lvsmon[99]: hello");
	text_init(&text, buf, sizeof(buf));
	log_form_journal(&text, LOG_WARNING, "hello", fields, 2);
	assert_string_equal(buf,
		"PRIORITY=4\nSYSLOG_IDENTIFIER=lvsmon\nMESSAGE=hello\n"
		"A=1\nB=x?y\n");
	memset(plain, 'x', sizeof(plain) - 1);
	plain[sizeof(plain) - 1] = '\0';
	text_init(&text, buf, sizeof(buf));
	log_form_plain(&text, plain);
	assert_int_equal(text.len, 8 + LOG_LINE_MAX - 1 + 1);
}

static void a_field_that_does_not_fit_is_left_out(void **state)
{
	static char large[RECORD_MAX];
	const struct log_field fields[] = {{"A", large}, {"B", "2"}};
	char buf[RECORD_MAX];
	struct text text;

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	text_init(&text, buf, sizeof(buf));
	log_form_journal(&text, LOG_WARNING, "hello", fields, 2);
	assert_string_equal(buf,
		"PRIORITY=4\nSYSLOG_IDENTIFIER=lvsmon\nMESSAGE=hello\nB=2\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_full_pipe_does_not_block,
			save_stderr, restore_stderr),
		cmocka_unit_test_setup_teardown(a_full_socket_does_not_block,
			save_stderr, restore_stderr),
		cmocka_unit_test_setup_teardown(
			a_terminal_does_not_block, save_stderr, restore_stderr),
		cmocka_unit_test_setup_teardown(
			a_pipe_is_asked_before_each_write, save_stderr,
			restore_stderr),
		cmocka_unit_test_setup_teardown(
			another_stderr_is_noticed, save_stderr, restore_stderr),
		cmocka_unit_test(datagrams_do_not_block),
		cmocka_unit_test_setup_teardown(
			lines_wait_in_their_order, save_stderr, restore_stderr),
		cmocka_unit_test(lines_that_wait_too_long_are_counted),
		cmocka_unit_test(a_line_has_a_form_for_each_sink),
		cmocka_unit_test(a_field_that_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
