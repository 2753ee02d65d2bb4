/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every checker's configure does alike: refusing with one line. */
#ifndef LVSMON_PLUGINS_OPTIONS_H
#define LVSMON_PLUGINS_OPTIONS_H

#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Where the reason goes. */
struct refusal {
	char *err;
	size_t size;
};

/* Writes one line; a control byte of a quoted word becomes '?'. Returns -1. */
__attribute__((format(printf, 2, 3))) static inline int refuse(
	const struct refusal *to, const char *format, ...)
{
	va_list ap;

	if (to->size == 0)
		return -1;
	va_start(ap, format);
	vsnprintf(to->err, to->size, format, ap);
	va_end(ap);
	for (char *c = to->err; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return -1;
}

/* What getopt(3) returned as ':' or '?', the option string having begun with
 * "+:". Returns -1. */
static inline int refuse_option(const struct refusal *to, int found)
{
	if (found == ':')
		return refuse(to, "-%c needs an argument", optopt);
	return refuse(to, "unknown option '-%c'", optopt);
}

/* After the last option: nothing may follow. 0 or -1. */
static inline int refuse_rest(const struct refusal *to, int argc, char **argv)
{
	if (optind >= argc)
		return 0;
	return refuse(to, "unexpected argument '%s'", argv[optind]);
}

/* A whole decimal number from min to max. Returns 0 or -1. */
static inline int option_number(
	const char *text, uint32_t min, uint32_t max, uint32_t *number)
{
	uint64_t value = 0;

	if (*text == '\0')
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > max)
			return -1;
	}
	if (value < min)
		return -1;
	*number = (uint32_t)value;
	return 0;
}

/* Whether every byte is printable ASCII and none is a space: what can stand
 * in a line of a protocol without ending it, or a word of it. */
static inline bool option_is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	return true;
}

#endif
