/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 of RFC 4648, 4. */
#ifndef LVSMON_PLUGINS_BASE64_H
#define LVSMON_PLUGINS_BASE64_H

#include <stddef.h>

/* The bytes that base64_write writes for len bytes, with its 0. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)

/* Writes len bytes of data as text to out, which has BASE64_SIZE(len) bytes.
 * Returns the length of the text without its 0. */
static inline size_t base64_write(char *out, const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = data;
	size_t at = 0;

	for (size_t i = 0; i < len; i += 3) {
		unsigned long bits = (unsigned long)in[i] << 16;

		if (i + 1 < len)
			bits |= (unsigned long)in[i + 1] << 8;
		if (i + 2 < len)
			bits |= in[i + 2];
		out[at++] = digits[bits >> 18 & 63];
		out[at++] = digits[bits >> 12 & 63];
		out[at++] = i + 1 < len ? digits[bits >> 6 & 63] : '=';
		out[at++] = i + 2 < len ? digits[bits & 63] : '=';
	}
	out[at] = '\0';
	return at;
}

#endif
