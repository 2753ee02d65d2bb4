/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first line of the input. */
#ifndef LVSMON_PLUGINS_LINE_H
#define LVSMON_PLUGINS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct line {
	const char *text; /* in the input */
	size_t len;       /* bytes, without the line's end */
	size_t size;      /* bytes, with the line's end */
	bool crlf;        /* the end is CR LF, not LF alone */
};

/* Finds the first line of in[]. Returns false if in[] has no line end yet. */
static inline bool line_first(struct line *line, const char *in, size_t in_len)
{
	const char *end = memchr(in, '\n', in_len);

	if (!end)
		return false;
	line->text = in;
	line->len = (size_t)(end - in);
	line->size = line->len + 1;
	line->crlf = line->len > 0 && in[line->len - 1] == '\r';
	if (line->crlf)
		line->len--;
	return true;
}

#endif
