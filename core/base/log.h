/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: each call writes one line to one sink. The caller that gives up
 * logs the error, once.
 *
 * No call waits for the reader of the log. A line that cannot be delivered
 * within a second is lost. The next line that can be delivered follows a line
 * with the number of lost ones.
 */
#ifndef LVSMON_BASE_LOG_H
#define LVSMON_BASE_LOG_H

#include "base/log_form.h"

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h> /* LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG */

/* Receives lines instead of stderr, syslog or the journal: the engine hands
 * its lines to the keeper. */
typedef void log_sink(void *arg, int level, const char *line);

enum log_target {
	LOG_TARGET_STDERR, /* "lvsmon: text" */
	LOG_TARGET_SYSLOG, /* /dev/log, facility daemon */
	LOG_TARGET_JOURNAL /* the journal's socket, with the fields */
};

/* Subjects of debug lines. Each can be switched on alone. */
enum log_topic {
	LOG_TOPIC_ENGINE,  /* probes and verdicts */
	LOG_TOPIC_TABLE,   /* looks at the kernel's table, operations on it */
	LOG_TOPIC_CONFIG,  /* files read, results of reading them */
	LOG_TOPIC_PROCESS, /* processes, their privileges and limits */
	LOG_TOPICS
};

/* Space for the reason that log_topics_parse gives. */
#define LOG_TOPICS_WHY_MAX 160

/* Returns the journal if stderr leads to it (JOURNAL_STREAM). Otherwise
 * returns syslog if `detached` (--daemon), and stderr if not. */
enum log_target log_target_guess(bool detached);

/* Chooses the target and the least urgent level that is still written. Before
 * this call lines go to stderr. Nothing is allocated or opened after it. */
void log_open(enum log_target target, int level);

/* Switches debug lines on for these topics and off for all others. Bit n is
 * topic n. If any topic is on, lines of LOG_DEBUG without a topic are written
 * too. */
void log_topics(unsigned int topics);

/* Reads "engine,table" into topics; NULL means all topics. Returns 0. If text
 * has an unknown topic, returns -1 and writes the reason to why, which must
 * hold LOG_TOPICS_WHY_MAX bytes. */
int log_topics_parse(const char *text, unsigned int *topics, char *why);

/* Delivers what can be delivered now of the lines that wait. If none is left
 * and lines were lost, writes how many. Returns whether no line waits any
 * longer; otherwise call again soon. */
bool log_flush(void);

/* Returns whether the lines that wait take less than half of their space. The
 * writer of a long report pauses if not. */
bool log_has_room(void);

/* Chooses whether lines wait for log_flush, so that a loop can act first and
 * speak afterwards. */
void log_defer(bool defer);

/* Hands every line to sink. NULL restores the target. */
void log_divert(log_sink *sink, void *arg);

/* Returns whether a line of this level is written. */
bool log_wants(int level);

/* Returns whether debug lines of this topic are written. */
bool log_wants_topic(enum log_topic topic);

void log_line(int level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes a line of LOG_DEBUG. Formats nothing if the topic is off. */
void log_debug(enum log_topic topic, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes each line of a report at LOG_ERR, with spaces for tabs. arg is not
 * used, so that this function can be handed to whatever reports errors as text.
 */
void log_lines(void *arg, const char *text);

/* Writes a line with fields. Only the journal takes the fields. */
void log_fields(int level, const struct log_field *fields, size_t count,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
