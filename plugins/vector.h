/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Common pieces of the checkers' configure: numbers, words, and refusals. */
#ifndef LVSMON_PLUGINS_VECTOR_H
#define LVSMON_PLUGINS_VECTOR_H

#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The buffer for the reason of a refusal. */
struct refusal {
	char *err;
	size_t size;
};

/* Writes the reason, one line, with '?' for each control byte. Returns -1. */
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

/* Refuses an option for which getopt(3) returned ':' or '?'; the option string
 * must begin with "+:". Returns -1. */
static inline int refuse_option(const struct refusal *to, int found)
{
	if (found == ':')
		return refuse(to, "-%c needs an argument", optopt);
	return refuse(to, "unknown option '-%c'", optopt);
}

/* Refuses arguments after the last option. Returns 0 if there are none, or -1.
 */
static inline int refuse_rest(const struct refusal *to, int argc, char **argv)
{
	if (optind >= argc)
		return 0;
	return refuse(to, "unexpected argument '%s'", argv[optind]);
}

/* Reads a decimal number from min to max that is all of text. Returns 0 or -1.
 */
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

/* Whether every byte is printable ASCII and none is a space. Such a text ends
 * neither a line nor a word of a protocol. */
static inline bool option_is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	return true;
}

#endif
