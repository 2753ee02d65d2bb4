/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits a configuration into lines and words. */
#ifndef LVSMON_CONFIG_SOURCE_H
#define LVSMON_CONFIG_SOURCE_H

#include "config/complain.h"

#define SOURCE_WORDS_MAX 512 /* of one line */

struct word {
	const char *text; /* without quotes */
	struct place place;
	bool brace; /* an unquoted { or } on its own */
};

/* A logical line: continuations are joined. */
struct line {
	struct word words[SOURCE_WORDS_MAX];
	unsigned int count;
};

/* Starts to read a text of len bytes, which is followed by a 0. name and text
 * must outlive the source. */
void source_init(
	struct source *source, const char *name, const char *text, size_t len);

/* Reads the next line that has a word. Returns false at the end of the file or
 * after too many complaints. A line with an error is reported and left out.
 * The words are in arena. */
bool source_line(struct source *source, struct line *line, struct arena *arena,
	struct complaints *complaints);

#endif
