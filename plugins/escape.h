/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes written as in C: \r \n \t \0 \\ \" \xHH. */
#ifndef LVSMON_PLUGINS_ESCAPE_H
#define LVSMON_PLUGINS_ESCAPE_H

#include <stddef.h>
#include <string.h>

static inline int escape_hex(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;
	int value;

	if (!at)
		return -1;
	value = (int)(at - digits);
	return value < 16 ? value : value - 6;
}

/* Reads an escape; text is behind the backslash. Returns the byte and sets *len
 * to the number of characters read, or returns -1 if text is not an escape. */
static inline int escape_byte(const char *text, size_t *len)
{
	static const char names[] = "rnt0\\\"";
	static const char bytes[] = "\r\n\t\0\\\"";
	const char *at = text[0] ? strchr(names, text[0]) : NULL;
	int high;
	int low;

	*len = 1;
	if (at)
		return bytes[at - names];
	if (text[0] != 'x')
		return -1;
	high = escape_hex(text[1]);
	low = high < 0 ? -1 : escape_hex(text[2]);
	*len = 3;
	return low < 0 ? -1 : high * 16 + low;
}

/* Writes the bytes that text describes to buf. Returns the number of bytes, -1
 * if an escape is invalid, or -2 if buf is too small. */
static inline long escape_read(const char *text, char *buf, size_t size)
{
	size_t len = 0;

	while (*text) {
		int byte = (unsigned char)*text++;

		if (len == size)
			return -2;
		if (byte == '\\') {
			size_t used;

			byte = escape_byte(text, &used);
			if (byte < 0)
				return -1;
			text += used;
		}
		buf[len++] = (char)byte;
	}
	return (long)len;
}

#endif
