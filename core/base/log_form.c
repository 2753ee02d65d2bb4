// SPDX-License-Identifier: GPL-2.0-or-later
/* A line of the log in the form that its sink takes. */
#include "base/log_form.h"

#include <assert.h>

#define NAME "lvsmon"
/* RFC 3164, section 4.1.1. */
#define FACILITY_DAEMON 3
#define LEVEL_MAX 7

void log_form_plain(struct text *record, const char *line)
{
	text_add(record, NAME ": %s\n", line);
	assert(!record->cut);
}

void log_form_syslog(struct text *record, int level, const struct tm *now,
	int pid, const char *line)
{
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	assert(level >= 0 && level <= LEVEL_MAX);
	assert(now->tm_mon >= 0 && now->tm_mon < 12);
	text_add(record, "<%d>%s %2d %02d:%02d:%02d " NAME "[%d]: %s",
		FACILITY_DAEMON * 8 + level, months[now->tm_mon], now->tm_mday,
		now->tm_hour, now->tm_min, now->tm_sec, pid, line);
	assert(!record->cut);
}

static void add_field(struct text *record, const char *name, const char *value)
{
	size_t from = record->len;

	text_add(record, "%s=%s", name, value);
	for (size_t i = from; i < record->len; i++)
		if ((unsigned char)record->buf[i] < ' ')
			record->buf[i] = '?';
	text_add(record, "\n");
	if (!record->cut)
		return;
	record->len = from;
	record->buf[from] = '\0';
	record->cut = false;
}

void log_form_journal(struct text *record, int level, const char *line,
	const struct log_field *fields, size_t count)
{
	const char priority[] = {(char)('0' + level), '\0'};

	assert(level >= 0 && level <= LEVEL_MAX);
	add_field(record, "PRIORITY", priority);
	add_field(record, "SYSLOG_IDENTIFIER", NAME);
	add_field(record, "MESSAGE", line);
	for (size_t i = 0; i < count; i++)
		add_field(record, fields[i].name, fields[i].value);
}
