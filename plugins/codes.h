/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of three-digit reply codes, read from a list of codes and ranges. */
#ifndef LVSMON_PLUGINS_CODES_H
#define LVSMON_PLUGINS_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CODES_MAX 1000

struct codes {
	uint8_t bits[CODES_MAX / 8];
};

static inline bool codes_has(const struct codes *codes, unsigned int code)
{
	return code < CODES_MAX && (codes->bits[code / 8] >> code % 8 & 1);
}

static inline void codes_add(struct codes *codes, unsigned int code)
{
	codes->bits[code / 8] |= (uint8_t)(1U << code % 8);
}

static inline bool codes_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Returns the number in the three digits at text, or -1. Reads no byte after
 * the first one that is not a digit. */
static inline int codes_number(const char *text)
{
	int number = 0;

	for (size_t i = 0; i < 3; i++) {
		if (!codes_digit(text[i]))
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/* Sets codes to the codes in text: "200", "200-299,404", each from min to max.
 * Returns 0. On failure, if text is not such a list, returns -1. */
static inline int codes_parse(
	struct codes *codes, const char *text, int min, int max)
{
	memset(codes, 0, sizeof(*codes));
	for (;;) {
		int first = codes_number(text);
		int last = first;

		if (first < 0)
			return -1;
		text += 3;
		if (*text == '-') {
			last = codes_number(text + 1);
			if (last < 0)
				return -1;
			text += 4;
		}
		if (first < min || last > max || first > last)
			return -1;
		for (int code = first; code <= last; code++)
			codes_add(codes, (unsigned int)code);
		if (*text == '\0')
			return 0;
		if (*text++ != ',')
			return -1;
	}
}

#endif
