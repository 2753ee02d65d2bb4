/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6 addresses, read from text (RFC 4291, 2.2). */
#ifndef LVSMON_PLUGINS_INET_H
#define LVSMON_PLUGINS_INET_H

#include "escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Reads four decimal numbers that are all of text. Returns false if text is
 * something else; address is undefined then. */
static inline bool inet4_read(const char *text, uint8_t address[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned int value = 0;
		size_t len = strspn(text, "0123456789");

		if (len == 0 || len > 3 || (len > 1 && *text == '0'))
			return false;
		for (; len > 0; len--)
			value = value * 10 + (unsigned int)(*text++ - '0');
		if (value > 255 || *text != (i < 3 ? '.' : '\0'))
			return false;
		address[i] = (uint8_t)value;
		text++;
	}
	return true;
}

/* Reads a group of 1 to 4 hexadecimal digits. Returns its length, or 0. */
static inline size_t inet6_group(const char *text, uint8_t group[2])
{
	unsigned int value = 0;
	size_t len = 0;

	for (; len < 5 && escape_hex(text[len]) >= 0; len++)
		value = value * 16 + (unsigned int)escape_hex(text[len]);
	if (len == 5)
		return 0;
	group[0] = (uint8_t)(value >> 8 & 0xff);
	group[1] = (uint8_t)(value & 0xff);
	return len;
}

/* Moves the bytes behind the gap to the end, and fills the gap with zeros. */
static inline void inet6_spread(uint8_t address[16], size_t gap, size_t used)
{
	size_t len = used - gap;

	memmove(address + (16 - len), address + gap, len);
	memset(address + gap, 0, 16 - used);
}

/* Reads an address that is all of text, without a zone. Returns false if text
 * is something else; address is undefined then. */
static inline bool inet6_read(const char *text, uint8_t address[16])
{
	size_t used = 0;
	size_t gap = SIZE_MAX;

	if (text[0] == ':' && text[1] != ':')
		return false;
	while (*text) {
		size_t len;

		if (text[0] == ':' && text[1] == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = used;
			text += 2;
			continue;
		}
		if (used > 0 && used != gap && *text++ != ':')
			return false;
		if (used <= 12 && inet4_read(text, address + used)) {
			used += 4;
			break;
		}
		len = used < 16 ? inet6_group(text, address + used) : 0;
		if (len == 0)
			return false;
		used += 2;
		text += len;
	}
	if (gap == SIZE_MAX || used > 14)
		return gap == SIZE_MAX && used == 16;
	inet6_spread(address, gap, used);
	return true;
}

#endif
