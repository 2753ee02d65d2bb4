// SPDX-License-Identifier: GPL-2.0-or-later
/* The log writes to stderr, syslog, the journal or a sink of the caller's. */
#include "base/log.h"

#include "base/sink.h"
#include "base/spool.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define SYSLOG_SOCKET "/dev/log"

static enum log_target log_target = LOG_TARGET_STDERR;
static int log_level = LOG_INFO;
static unsigned int log_topics_on; /* bit n is topic n */
static log_sink *log_diverted;
static void *log_diverted_arg;
static bool log_deferred;
static struct sink log_to;
static struct spool log_spool;

/* JOURNAL_STREAM is "device:inode" of the stream (systemd.exec(5)). */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char here[48];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	return strcmp(stream, here) == 0;
}

enum log_target log_target_guess(bool detached)
{
	if (stderr_is_journal())
		return LOG_TARGET_JOURNAL;
	return detached ? LOG_TARGET_SYSLOG : LOG_TARGET_STDERR;
}

/* A target without a socket is left for stderr. */
static void open_target(void)
{
	static const char *const sockets[] = {
		[LOG_TARGET_STDERR] = "",
		[LOG_TARGET_SYSLOG] = SYSLOG_SOCKET,
		[LOG_TARGET_JOURNAL] = JOURNAL_SOCKET,
	};

	if (log_target != LOG_TARGET_STDERR &&
		sink_open_socket(&log_to, sockets[log_target]) == 0)
		return;
	log_target = LOG_TARGET_STDERR;
	sink_open_stderr(&log_to);
}

void log_open(enum log_target target, int level)
{
	log_flush();
	spool_clear(&log_spool);
	log_target = target;
	log_level = level;
	tzset();
	open_target();
}

void log_topics(unsigned int topics)
{
	log_topics_on = topics;
}

#define ALL_TOPICS ((1U << LOG_TOPICS) - 1)

static const char *const topic_names[LOG_TOPICS + 1] = {
	[LOG_TOPIC_ENGINE] = "engine",
	[LOG_TOPIC_TABLE] = "table",
	[LOG_TOPIC_CONFIG] = "config",
	[LOG_TOPIC_PROCESS] = "process",
};

/* Returns LOG_TOPICS if there is no such topic. */
static unsigned int topic_find(const char *name, size_t len)
{
	unsigned int topic = 0;

	while (topic < LOG_TOPICS &&
		(strlen(topic_names[topic]) != len ||
			memcmp(topic_names[topic], name, len) != 0))
		topic++;
	return topic;
}

static void explain_unknown_topic(const char *name, size_t len, char *why)
{
	const char *nearest;
	char word[32];
	struct text text;

	text_printable(word, sizeof(word), name, len);
	nearest = text_nearest(word, topic_names);
	text_init(&text, why, LOG_TOPICS_WHY_MAX);
	text_add(&text, "unknown topic '%s'; ", word);
	if (nearest)
		text_add(&text, "did you mean '%s'?", nearest);
	else
		text_add(&text,
			"the topics are engine, table, config and process");
}

int log_topics_parse(const char *text, unsigned int *topics, char *why)
{
	unsigned int read = 0;

	for (bool more = text != NULL; more;) {
		size_t len = strcspn(text, ",");
		unsigned int topic = topic_find(text, len);

		if (topic == LOG_TOPICS) {
			explain_unknown_topic(text, len, why);
			return -1;
		}
		read |= 1U << topic;
		more = text[len] == ',';
		text += len + more;
	}
	*topics = text ? read : ALL_TOPICS;
	return 0;
}

void log_divert(log_sink *sink, void *arg)
{
	log_diverted = sink;
	log_diverted_arg = arg;
}

bool log_wants(int level)
{
	return level <= log_level || (level == LOG_DEBUG && log_topics_on);
}

bool log_wants_topic(enum log_topic topic)
{
	assert(topic < LOG_TOPICS);
	return log_topics_on & 1U << topic;
}

static void make_record(struct text *record, int level, const char *line,
	const struct log_field *fields, size_t count)
{
	time_t now = time(NULL);
	struct tm local = {0};

	switch (log_target) {
	case LOG_TARGET_STDERR:
		log_form_plain(record, line);
		break;
	case LOG_TARGET_SYSLOG:
		localtime_r(&now, &local);
		log_form_syslog(record, level, &local, (int)getpid(), line);
		break;
	case LOG_TARGET_JOURNAL:
		log_form_journal(record, level, line, fields, count);
		break;
	}
}

/* Only a new process has closed the sink: it writes to stderr, and the lines
 * that wait are those of the process that it comes from. */
static void mend_sink(void)
{
	if (sink_is_whole(&log_to))
		return;
	log_spool = (struct spool){0};
	log_target = LOG_TARGET_STDERR;
	open_target();
}

/* The lost lines came before those that are written from now on. */
static bool report_lost(void)
{
	char line[96], buf[RECORD_MAX];
	uint64_t lost = log_spool.lost;
	struct text text, record;

	if (!lost)
		return true;
	text_init(&text, line, sizeof(line));
	text_add(&text, "the log did not take %llu line%s: lost",
		(unsigned long long)lost, lost == 1 ? "" : "s");
	text_init(&record, buf, sizeof(buf));
	make_record(&record, LOG_WARNING, line, NULL, 0);
	if (sink_write(&log_to, buf, record.len) <= 0)
		return false;
	log_spool.lost = 0;
	return true;
}

bool log_flush(void)
{
	if (!log_spool.count && !log_spool.lost)
		return true;
	mend_sink();
	if (spool_drain(&log_spool, &log_to))
		report_lost();
	return !log_spool.count;
}

bool log_has_room(void)
{
	return log_spool.end - log_spool.begin < SPOOL_SIZE / 2;
}

void log_defer(bool defer)
{
	log_deferred = defer;
}

/* As long as lost lines are not reported, further ones are lost too: so the
 * report stands where they are missing. */
static bool let_record_wait(const struct text *record)
{
	return !log_spool.lost &&
	       spool_put(&log_spool, record->buf, record->len);
}

static void write_record(const struct text *record)
{
	if (!log_deferred)
		log_flush();
	if (let_record_wait(record)) {
		if (!log_deferred)
			log_flush();
		return;
	}
	log_flush();
	if (!let_record_wait(record))
		log_spool.lost++;
}

static void write_line(int level, const char *line,
	const struct log_field *fields, size_t count)
{
	char buf[RECORD_MAX];
	struct text record;

	if (log_diverted) {
		log_diverted(log_diverted_arg, level, line);
		return;
	}
	mend_sink();
	text_init(&record, buf, sizeof(buf));
	make_record(&record, level, line, fields, count);
	write_record(&record);
}

static void log_vfields(int level, const struct log_field *fields, size_t count,
	const char *format, va_list ap) __attribute__((format(printf, 4, 0)));

static void log_vfields(int level, const struct log_field *fields, size_t count,
	const char *format, va_list ap)
{
	char line[LOG_LINE_MAX];
	struct text text;

	if (!log_wants(level))
		return;
	text_init(&text, line, sizeof(line));
	text_vadd(&text, format, ap);
	/* A name or a peer may hold line breaks; one call is one line. */
	for (char *at = line; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	write_line(level, line, fields, count);
}

void log_line(int level, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_vfields(level, NULL, 0, format, ap);
	va_end(ap);
}

void log_debug(enum log_topic topic, const char *format, ...)
{
	va_list ap;

	if (!log_wants_topic(topic))
		return;
	va_start(ap, format);
	log_vfields(LOG_DEBUG, NULL, 0, format, ap);
	va_end(ap);
}

/* A tab becomes a space, so that a caret keeps its column below a source
 * line. */
static void log_report_line(const char *text, size_t len)
{
	char line[LOG_LINE_MAX];

	if (len >= sizeof(line))
		len = sizeof(line) - 1;
	memcpy(line, text, len);
	line[len] = '\0';
	for (char *tab = line; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	log_line(LOG_ERR, "%s", line);
}

void log_lines(void *arg, const char *text)
{
	(void)arg;
	while (*text) {
		size_t len = strcspn(text, "\n");

		log_report_line(text, len);
		text += len + (text[len] == '\n');
	}
}

void log_fields(int level, const struct log_field *fields, size_t count,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_vfields(level, fields, count, format, ap);
	va_end(ap);
}

/* glibc's function would write to stderr, which may be /dev/null or full. This
 * one takes its place, so that the log tells of a failed assert(3). */
__attribute__((visibility("default"))) _Noreturn void __assert_fail(
	const char *assertion, const char *file, unsigned int line,
	const char *function)
{
	static bool failing;

	if (!failing) {
		failing = true;
		log_defer(false);
		log_line(LOG_ERR, "assertion failed: %s (%s:%u, %s)", assertion,
			file, line, function);
	}
	abort();
}
