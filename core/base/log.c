// SPDX-License-Identifier: GPL-2.0-or-later
/* The log writes to stderr, syslog, the journal or a sink of the caller's. */
#include "base/log.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
/* The location would be this file for every line. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#endif

#define LOG_NAME "lvsmon"
/* syslog(3) builds a line in 1024 bytes and allocates if the line is longer.
 * The head that syslog adds takes less than 100 bytes. */
#define SYSLOG_LINE_MAX 900

static enum log_target log_target = LOG_TARGET_STDERR;
static int log_level = LOG_INFO;
static unsigned int log_topics_on; /* bit n is topic n */
static log_sink *log_diverted;
static void *log_diverted_arg;

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
#ifdef HAVE_SYSTEMD
	if (stderr_is_journal())
		return LOG_TARGET_JOURNAL;
#else
	if (stderr_is_journal())
		return LOG_TARGET_SYSLOG;
#endif
	return detached ? LOG_TARGET_SYSLOG : LOG_TARGET_STDERR;
}

void log_open(enum log_target target, int level)
{
	log_target = target;
	log_level = level;
	if (target == LOG_TARGET_SYSLOG) {
		tzset();
		openlog(LOG_NAME, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	}
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

static void write_stderr(const char *line)
{
	char buf[sizeof(LOG_NAME) + 2 + LOG_LINE_MAX];
	struct text text;

	text_init(&text, buf, sizeof(buf) - 1);
	text_add(&text, LOG_NAME ": %s", line);
	buf[text.len++] = '\n';
	/* A failure cannot be reported anywhere. */
	if (write(STDERR_FILENO, buf, text.len) < 0)
		return;
}

#ifdef HAVE_SYSTEMD

#define JOURNAL_FIELDS_MAX 16
#define JOURNAL_TEXT_MAX (LOG_LINE_MAX + 1024)

struct journal {
	struct iovec fields[JOURNAL_FIELDS_MAX];
	size_t count;
	struct text text;
	char buf[JOURNAL_TEXT_MAX];
};

/* Leaves a field out if it does not fit. */
static void journal_add(
	struct journal *journal, const char *name, const char *value)
{
	size_t from = journal->text.len;

	if (journal->count == JOURNAL_FIELDS_MAX || journal->text.cut)
		return;
	text_add(&journal->text, "%s=%s", name, value);
	if (journal->text.cut)
		return;
	journal->fields[journal->count++] = (struct iovec){
		.iov_base = journal->buf + from,
		.iov_len = journal->text.len - from,
	};
	assert(journal->count <= JOURNAL_FIELDS_MAX);
}

/* A process that closed the journal's socket, as a new engine does, writes to
 * stderr, which leads to the journal too. */
static void write_journal(int level, const char *line,
	const struct log_field *fields, size_t count)
{
	const char priority[] = {(char)('0' + level), '\0'};
	struct journal journal;

	assert(level >= 0 && level <= LOG_DEBUG);
	journal.count = 0;
	text_init(&journal.text, journal.buf, sizeof(journal.buf));
	journal_add(&journal, "PRIORITY", priority);
	journal_add(&journal, "SYSLOG_IDENTIFIER", LOG_NAME);
	journal_add(&journal, "MESSAGE", line);
	for (size_t i = 0; i < count; i++)
		journal_add(&journal, fields[i].name, fields[i].value);
	if (sd_journal_sendv(journal.fields, (int)journal.count) < 0)
		write_stderr(line);
}

#else

static void write_journal(int level, const char *line,
	const struct log_field *fields, size_t count)
{
	(void)level;
	(void)fields;
	(void)count;
	write_stderr(line);
}

#endif

static void write_line(int level, const char *line,
	const struct log_field *fields, size_t count)
{
	if (log_diverted) {
		log_diverted(log_diverted_arg, level, line);
		return;
	}
	switch (log_target) {
	case LOG_TARGET_STDERR:
		write_stderr(line);
		break;
	case LOG_TARGET_SYSLOG:
		syslog(level, "%.*s", SYSLOG_LINE_MAX, line);
		break;
	case LOG_TARGET_JOURNAL:
		write_journal(level, line, fields, count);
		break;
	}
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
