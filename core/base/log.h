/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log: one line a call, to one sink. Who gives up logs, once. */
#ifndef LVSMON_BASE_LOG_H
#define LVSMON_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h> /* LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG */

/* Bytes of a line, the 0 included; what is longer is cut. */
#define LOG_LINE_MAX 1024

/* A structured field, "NAME" of upper-case letters and underscores. */
struct log_field {
	const char *name;
	const char *value;
};

/* Where lines go that neither stderr, syslog nor the journal shall have:
 * the engine hands its own to the keeper. */
typedef void log_sink(void *arg, int level, const char *line);

enum log_target {
	LOG_TARGET_STDERR, /* "lvsmon: text" */
	LOG_TARGET_SYSLOG, /* syslog(3), facility daemon */
	LOG_TARGET_JOURNAL /* sd_journal_sendv(3), with the fields */
};

/* Where stderr leads to the journal (JOURNAL_STREAM) it is the journal;
 * with `detached` (--daemon) it is syslog, else stderr. */
enum log_target log_target_guess(bool detached);

/* Before this call lines go to stderr. level: the least urgent that is still
 * written. Allocates nothing after. */
void log_open(enum log_target target, int level);

/* Hands every line to sink; NULL ends that. */
void log_divert(log_sink *sink, void *arg);

bool log_wants(int level);

void log_line(int level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A line with fields; sinks other than the journal leave them out. */
void log_fields(int level, const struct log_field *fields, size_t count,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
