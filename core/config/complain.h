/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors about the text of a configuration. */
#ifndef LVSMON_CONFIG_COMPLAIN_H
#define LVSMON_CONFIG_COMPLAIN_H

#include "config/config.h"

#define COMPLAINTS_MAX 50 /* reading stops after so many */
#define KNOWN_MAX 64      /* words that one place allows */

/* One file, kept whole. */
struct source {
	const char *name;
	const char *text; /* ended by 0 */
	const char *end;
	const char *at; /* the next byte that the lexer reads */
	uint32_t line;  /* of at */
};

/* A place in a source. */
struct place {
	const struct source *source;
	const char *at;
	uint32_t line;
};

/* The receiver of errors, and the errors so far. */
struct complaints {
	config_report *report;
	void *arg;
	unsigned int count;
	bool once; /* report one kind of error once at each place */
	struct {
		const char *at, *format;
	} said[COMPLAINTS_MAX];
};

/* Reports an error at a place, with the line and a caret under the column.
 * After COMPLAINTS_MAX errors it reports that there are too many, and then
 * nothing more. format must be a constant. */
void complain(struct complaints *to, const struct place *place,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Returns whether there were COMPLAINTS_MAX errors. */
bool complained_enough(const struct complaints *to);

/* The words that a place allows, ended by NULL. Starts zeroed. */
struct known {
	const char *word[KNOWN_MAX + 1];
	unsigned int count;
};

/* Adds a word. There must be room: the words are constants of the program. */
void known_add(struct known *known, const char *word);

/* Reports that word is not known. The message begins with what, such as
 * "unknown word", and names the nearest known word if there is one. */
void complain_unknown(struct complaints *to, const struct place *place,
	const char *what, const char *word, const struct known *known);

/* Returns the place as file, line and column. The name of the file is copied
 * to arena. */
struct config_place place_keep(const struct place *place, struct arena *arena);

#endif
