/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in fixed buffers: a builder that cuts and never overflows; durations;
 * the nearest of some words. */
#ifndef LVSMON_BASE_TEXT_H
#define LVSMON_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;
	size_t size; /* of buf, the 0 included */
	size_t len;  /* without the 0 */
	bool cut;    /* something did not fit */
};

/* size must be 1 or more. */
void text_init(struct text *text, char *buf, size_t size);
void text_add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_vadd(struct text *text, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Copies at most size - 1 bytes and ends with 0; bytes that are no printable
 * ASCII become '?', so that what a peer sent can stand in a log. */
void text_printable(char *to, size_t size, const char *from, size_t len);

/* "500ms", "10s", "5m", "1h", "2d", or a bare number of seconds ("10"); a
 * fraction is allowed ("0.5s"), finer than 1 ms is not. Returns 0 with
 * milliseconds in ms, -1 where text is no duration or over 2^32 - 1 ms. */
int text_duration(const char *text, uint32_t *ms);

/* The shortest text that reads back to the same: "90s", "5m", "1500ms". */
#define TEXT_DURATION_MAX 16
char *text_duration_format(uint32_t ms, char *buf);

/* A whole decimal number from min to max. Returns 0 or -1. */
int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *number);

/* Of words (ended by NULL) the one fewest edits away, or NULL where none is
 * near enough to be a slip of the fingers. */
const char *text_nearest(const char *word, const char *const *words);

#endif
