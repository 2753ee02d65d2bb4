/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in fixed buffers: a builder that cuts instead of overflowing, durations,
 * numbers, and the nearest of some words. */
#ifndef LVSMON_BASE_TEXT_H
#define LVSMON_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;
	size_t size; /* of buf, including the 0 */
	size_t len;  /* without the 0 */
	bool cut;    /* something did not fit */
};

/* Starts an empty text in buf, which the caller owns. size must be at least 1.
 */
void text_init(struct text *text, char *buf, size_t size);

/* Appends as much as fits. If something did not fit, sets cut. */
void text_add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_vadd(struct text *text, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Copies at most size - 1 bytes and adds a 0. Replaces bytes that are not
 * printable ASCII by '?', so that a peer's bytes can be logged. */
void text_printable(char *to, size_t size, const char *from, size_t len);

/* Reads "500ms", "10s", "5m", "1h", "2d", or a plain number of seconds ("10").
 * A fraction is allowed ("0.5s") if the result is a whole number of
 * milliseconds. Returns 0 and sets ms. If text is no duration, or longer than
 * 2^32 - 1 ms, returns -1. */
int text_duration(const char *text, uint32_t *ms);

/* Writes the shortest text that reads back to the same duration: "90s", "5m",
 * "1500ms". Returns buf, which must hold TEXT_DURATION_MAX bytes. */
#define TEXT_DURATION_MAX 16
char *text_duration_format(uint32_t ms, char *buf);

/* Reads a decimal integer from min to max. Returns 0, or -1 if text is none. */
int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *number);

/* Returns the word that is the fewest edits away. words ends with NULL. If no
 * word is near enough to be a typing error, returns NULL. */
const char *text_nearest(const char *word, const char *const *words);

#endif
