// SPDX-License-Identifier: GPL-2.0-or-later
/* Text in fixed buffers. */
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void text_init(struct text *text, char *buf, size_t size)
{
	assert(size > 0);
	*text = (struct text){.buf = buf, .size = size};
	buf[0] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	text_vadd(text, format, ap);
	va_end(ap);
}

void text_vadd(struct text *text, const char *format, va_list ap)
{
	size_t left = text->size - text->len;
	int wants;

	assert(text->len < text->size);
	wants = vsnprintf(text->buf + text->len, left, format, ap);
	if (wants < 0) {
		text->buf[text->len] = '\0';
		text->cut = true;
	} else if ((size_t)wants < left) {
		text->len += (size_t)wants;
	} else {
		text->len = text->size - 1;
		text->cut = true;
	}
}

void text_printable(char *to, size_t size, const char *from, size_t len)
{
	size_t n;

	assert(size > 0);
	n = len < size - 1 ? len : size - 1;
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] < ' ' || from[i] > '~' ? '?' : from[i];
	to[n] = '\0';
}

static const struct unit {
	const char *name;
	uint32_t ms;
} units[] = {
	{"d", 86400000},
	{"h", 3600000},
	{"m", 60000},
	{"s", 1000},
	{"ms", 1},
};

#define UNITS (sizeof(units) / sizeof(units[0]))

/* Returns the unit that text names. Without text the unit is a second. If there
 * is no such unit, returns 0. */
static uint32_t unit_ms(const char *text)
{
	if (!*text)
		return 1000;
	for (size_t i = 0; i < UNITS; i++)
		if (strcmp(text, units[i].name) == 0)
			return units[i].ms;
	return 0;
}

/* Reads 1 to max decimal digits. Returns their end, or NULL if there are none
 * or too many. */
static const char *read_digits(const char *text, size_t max, uint64_t *number)
{
	const char *from = text;

	*number = 0;
	while (*text >= '0' && *text <= '9')
		if ((size_t)(text - from) < max)
			*number = *number * 10 + (uint64_t)(*text++ - '0');
		else
			return NULL;
	return text == from ? NULL : text;
}

int text_duration(const char *text, uint32_t *ms)
{
	const char *point;
	uint64_t whole, part = 0, scale = 1;
	uint32_t unit;

	text = read_digits(text, 10, &whole);
	if (text && *text == '.') {
		point = text + 1;
		text = read_digits(point, 9, &part);
		for (; text && point < text; point++)
			scale *= 10;
	}
	unit = text ? unit_ms(text) : 0;
	if (!unit || part * unit % scale != 0)
		return -1;
	whole = whole * unit + part * unit / scale;
	if (whole > UINT32_MAX)
		return -1;
	*ms = (uint32_t)whole;
	return 0;
}

char *text_duration_format(uint32_t ms, char *buf)
{
	size_t i = 0;

	if (ms == 0)
		return strcpy(buf, "0s");
	while (ms % units[i].ms != 0)
		i++;
	assert(i < UNITS); /* the last unit, 1 ms, divides every duration */
	snprintf(buf, TEXT_DURATION_MAX, "%u%s", ms / units[i].ms,
		units[i].name);
	return buf;
}

int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(
				value, (uint64_t)(*text - '0'), &value))
			return -1;
	}
	if (value < min || value > max)
		return -1;
	*number = value;
	return 0;
}

/* A longer word has no nearest one. */
#define WORD_MAX 32

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Returns the number of edits that turn a into b. An edit inserts, deletes or
 * replaces a letter, or swaps two neighbours (Damerau's distance; no letter is
 * edited twice). rows[i][j] is the number for the first i letters of a and j of
 * b.
 */
static size_t word_distance(const char *a, size_t a_len, const char *b)
{
	size_t rows[WORD_MAX + 1][WORD_MAX + 1];
	size_t b_len = strlen(b);

	assert(a_len <= WORD_MAX);
	if (b_len > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		rows[i][0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t edits =
				rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			edits = least(edits, rows[i - 1][j] + 1);
			edits = least(edits, rows[i][j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				edits = least(edits, rows[i - 2][j - 2] + 1);
			rows[i][j] = edits;
		}
	}
	return rows[a_len][b_len];
}

const char *text_nearest(const char *word, const char *const *words)
{
	size_t len = strlen(word);
	/* One more than the most edits of a near word. */
	size_t best = (len < 6 ? 1 : len / 3) + 1;
	const char *nearest = NULL;

	if (len > WORD_MAX)
		return NULL;
	best = least(best, len);
	for (; *words; words++) {
		size_t edits = word_distance(word, len, *words);

		if (edits < best) {
			best = edits;
			nearest = *words;
		}
	}
	return nearest;
}
