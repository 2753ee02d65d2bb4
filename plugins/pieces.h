/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message that is made of pieces, and that is sent through a small buffer. */
#ifndef LVSMON_PLUGINS_PIECES_H
#define LVSMON_PLUGINS_PIECES_H

#include <stddef.h>
#include <string.h>

struct piece {
	const void *data;
	size_t len; /* bytes */
};

/* Copies bytes of the message to buf, from the byte `from` on and at most size.
 * Returns the number of bytes; 0 = the message has no more. */
static inline size_t pieces_copy(const struct piece *pieces, size_t count,
	size_t from, void *buf, size_t size)
{
	char *to = buf;
	size_t done = 0;

	for (size_t i = 0; i < count && done < size; i++) {
		size_t part = pieces[i].len;

		if (from >= part) {
			from -= part;
			continue;
		}
		part -= from;
		if (part > size - done)
			part = size - done;
		memcpy(to + done, (const char *)pieces[i].data + from, part);
		done += part;
		from = 0;
	}
	return done;
}

/* Returns the bytes of the whole message. */
static inline size_t pieces_size(const struct piece *pieces, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += pieces[i].len;
	return size;
}

#endif
