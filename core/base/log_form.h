/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of the log in the form that its sink takes. These functions write text
 * and touch no descriptor. */
#ifndef LVSMON_BASE_LOG_FORM_H
#define LVSMON_BASE_LOG_FORM_H

#include "base/text.h"

#include <time.h>

/* Size of a line, including the terminating 0. A longer line is cut. */
#define LOG_LINE_MAX 1024

/* A structured field. The name has upper-case letters and underscores only. */
struct log_field {
	const char *name;
	const char *value;
};

/* Space for a record of any form. */
#define RECORD_MAX (LOG_LINE_MAX + 2048)

/* "lvsmon: line" and a line feed, for stderr. */
void log_form_plain(struct text *record, const char *line);

/* "<27>Nov  5 06:07:08 lvsmon[99]: line" for /dev/log: RFC 3164, section 4.1,
 * without the name of the host, and with the facility daemon. */
void log_form_syslog(struct text *record, int level, const struct tm *now,
	int pid, const char *line);

/* Fields "NAME=value", each with a line feed, as systemd documents them in
 * "Native Journal Protocol". Control characters of a value become '?'. A field
 * that does not fit is left out. */
void log_form_journal(struct text *record, int level, const char *line,
	const struct log_field *fields, size_t count);

#endif
