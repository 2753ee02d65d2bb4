/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a configuration: its files, its words, its errors. */
#ifndef LVSMON_CONFIG_SOURCE_H
#define LVSMON_CONFIG_SOURCE_H

#include "config/config.h"

#define SOURCE_WORDS_MAX 512 /* of one line */
#define SOURCE_ERRORS_MAX 50 /* after these it is given up */
#define SOURCE_MESSAGE_MAX 512

/* One file, kept whole. */
struct source {
	const char *name;
	const char *text; /* ended by 0 */
	const char *end;
	const char *at; /* the lexer has come so far */
	uint32_t line;  /* of at */
};

/* Where something stands. */
struct spot {
	const struct source *source;
	const char *at;
	uint32_t line;
};

struct word {
	const char *text; /* without quotes */
	struct spot spot;
	bool brace; /* an unquoted { or } of its own */
};

/* A logical line. */
struct line {
	struct word words[SOURCE_WORDS_MAX];
	unsigned int count;
};

/* Who hears of errors, and how many there were. */
struct complaints {
	config_report *report;
	void *arg;
	unsigned int count;
	bool once; /* of one kind at one spot, only the first is said */
	struct {
		const char *at, *format;
	} said[SOURCE_ERRORS_MAX];
};

/* Says what is wrong at a spot, with the line and a caret under it. */
void complain(struct complaints *to, const struct spot *spot,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Too many were said to go on. */
bool complained_enough(const struct complaints *to);

struct config_place spot_place(const struct spot *spot, struct arena *arena);

void source_init(
	struct source *source, const char *name, const char *text, size_t len);

/* The next line that has a word; false at the end of the file. What is wrong
 * with it is said, and the rest of the line is left out. Words live in arena.
 */
bool source_line(struct source *source, struct line *line, struct arena *arena,
	struct complaints *complaints);

#endif
