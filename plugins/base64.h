/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64, RFC 4648, 4. */
#ifndef LVSMON_PLUGINS_BASE64_H
#define LVSMON_PLUGINS_BASE64_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char base64_letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Characters that base64_write makes of len bytes. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4)

/* Writes BASE64_SIZE(len) characters, without a 0 at the end. */
static inline void base64_write(char *to, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)data[i] << 16;

		if (i + 1 < len)
			bits |= (uint32_t)data[i + 1] << 8;
		if (i + 2 < len)
			bits |= data[i + 2];
		to[0] = base64_letters[bits >> 18];
		to[1] = base64_letters[bits >> 12 & 63];
		to[2] = i + 1 < len ? base64_letters[bits >> 6 & 63] : '=';
		to[3] = i + 2 < len ? base64_letters[bits & 63] : '=';
		to += 4;
	}
}

/* Returns the bits of a character, or -1. */
static inline int base64_value(char c)
{
	const char *at = c ? strchr(base64_letters, c) : NULL;

	return at ? (int)(at - base64_letters) : -1;
}

/* Reads a text of len characters with its padding. Returns the number of bytes,
 * or -1 if the text is not base64 or has more than size bytes. */
static inline long base64_read(
	const char *text, size_t len, uint8_t *to, size_t size)
{
	uint32_t bits = 0;
	size_t count = 0;
	size_t pads = 0;

	if (len % 4 != 0)
		return -1;
	while (len > 0 && pads < 2 && text[len - 1] == '=') {
		len--;
		pads++;
	}
	for (size_t i = 0; i < len; i++) {
		int value = base64_value(text[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 == 0)
			continue;
		if (count == size)
			return -1;
		to[count++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
	}
	return (long)count;
}

#endif
