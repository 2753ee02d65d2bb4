/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A block of lines that ends with a line of a single dot, as in POP3 (RFC 1939,
 * 3) and NNTP (RFC 3977, 3.1.1). */
#ifndef LVSMON_PLUGINS_BLOCK_H
#define LVSMON_PLUGINS_BLOCK_H

#include "line.h"
#include "lvsmon/checker.h"

#define BLOCK_LINE_MAX 2048 /* bytes, with the line's end */
#define BLOCK_LINES_MAX 256

/* Skips the lines of the block; *lines counts them. Returns UP behind its end,
 * READ, or DOWN. */
static inline enum checker_next block_skip(
	uint16_t *lines, struct checker_io *io)
{
	for (;;) {
		const char *in = io->in + io->used;
		size_t len = io->in_len - io->used;
		struct line line;
		bool whole = line_first(&line, in, len);

		if (whole ? line.size > BLOCK_LINE_MAX
			  : len >= BLOCK_LINE_MAX) {
			io->why = "line too long";
			return CHECKER_DOWN;
		}
		if (!whole)
			return CHECKER_READ;
		io->used += line.size;
		if (line.len == 1 && line.text[0] == '.')
			return CHECKER_UP;
		if (++*lines > BLOCK_LINES_MAX) {
			io->why = "too many lines";
			return CHECKER_DOWN;
		}
	}
}

#endif
