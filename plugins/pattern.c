// SPDX-License-Identifier: GPL-2.0-or-later
/* Regular expressions with PCRE2. */
#include "pattern.h"

#include "ere.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <regex.h>
#include <stdalign.h>
#include <stdlib.h>

/* A match ends after so many steps, about 2 ms. A line of 8 kB without need to
 * go back takes a hundredth of it. */
#define STEPS_MAX 200000
/* The memory of a match, for its way back. */
#define HEAP_KILOBYTES 512
#define TRANSLATED_MAX 4096
/* Places of a text at which a match that reaches its end is tried. */
#define TRIES_MAX 4

/*
 * The memory of all matches, one after the other. PCRE2 keeps its way back in
 * one block; to make the block larger it takes a second one and gives the first
 * one back. The other blocks are small and stay.
 */
static struct {
	alignas(max_align_t) unsigned char blocks[2][HEAP_KILOBYTES * 1024];
	bool taken[2];
	alignas(max_align_t) unsigned char rest[2048];
	size_t used; /* bytes of rest */
} memory;

static pcre2_match_context *context;
static pcre2_match_data *data;

static void *memory_take(size_t size, void *arg)
{
	const size_t unit = alignof(max_align_t);
	size_t rounded = (size + unit - 1) / unit * unit;
	unsigned char *at = memory.rest + memory.used;

	(void)arg;
	if (rounded >= size && rounded <= sizeof(memory.rest) - memory.used) {
		memory.used += rounded;
		return at;
	}
	for (int i = 0; i < 2; i++) {
		if (memory.taken[i] || size > sizeof(memory.blocks[i]))
			continue;
		memory.taken[i] = true;
		return memory.blocks[i];
	}
	return NULL;
}

static void memory_give(void *block, void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		if (block == memory.blocks[i])
			memory.taken[i] = false;
}

/* Returns 0 or -1. What is made is in `memory` and stays. */
static int memory_prepare(void)
{
	pcre2_general_context *general;

	if (data)
		return 0;
	general = pcre2_general_context_create(memory_take, memory_give, NULL);
	if (!general)
		return -1;
	context = pcre2_match_context_create(general);
	if (!context)
		return -1;
	pcre2_set_match_limit(context, STEPS_MAX);
	pcre2_set_depth_limit(context, STEPS_MAX);
	pcre2_set_heap_limit(context, HEAP_KILOBYTES);
	data = pcre2_match_data_create(1, general);
	return data ? 0 : -1;
}

/* regcomp(3) knows best what an expression of POSIX is, and what is wrong with
 * it. */
static int check_syntax(char option, const char *text, const struct refusal *to)
{
	char reason[128];
	regex_t regex;
	int failed = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);

	if (!failed) {
		regfree(&regex);
		return 0;
	}
	regerror(failed, &regex, reason, sizeof(reason));
	return refuse(to, "-%c: '%s': %s", option, text, reason);
}

/* Perl's syntax has more forms of back-references, which PCRE2 counts. */
static bool has_back_reference(const char *text)
{
	for (; *text; text++) {
		if (*text != '\\')
			continue;
		if (*++text >= '0' && *text <= '9')
			return true;
		if (*text == '\0')
			return false;
	}
	return false;
}

static pcre2_code *compile(char option, const char *text, const char *pcre,
	uint32_t options, const struct refusal *to)
{
	const uint32_t never = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
	char reason[128];
	pcre2_code *code;
	PCRE2_SIZE at;
	int error;

	code = pcre2_compile((PCRE2_SPTR)pcre, PCRE2_ZERO_TERMINATED,
		never | options, &error, &at, NULL);
	if (code)
		return code;
	pcre2_get_error_message(error, (PCRE2_UCHAR *)reason, sizeof(reason));
	refuse(to, "-%c: '%s': %s", option, text, reason);
	return NULL;
}

static pcre2_code *compile_posix(
	char option, const char *text, const struct refusal *to)
{
	char translated[TRANSLATED_MAX];
	long len;

	if (has_back_reference(text)) {
		refuse(to, "-%c: back-reference in '%s'", option, text);
		return NULL;
	}
	if (check_syntax(option, text, to) < 0)
		return NULL;
	len = ere_translate(text, translated, sizeof(translated) - 1);
	if (len < 0) {
		refuse(to, "-%c: '%s': too long", option, text);
		return NULL;
	}
	translated[len] = '\0';
	return compile(option, text, translated,
		PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY, to);
}

static uint32_t code_info(const pcre2_code *code, uint32_t what)
{
	uint32_t number = 0;

	pcre2_pattern_info(code, what, &number);
	return number;
}

static pcre2_code *compile_perl(
	char option, const char *text, const struct refusal *to)
{
	pcre2_code *code = compile(option, text, text, 0, to);

	if (!code)
		return NULL;
	if (code_info(code, PCRE2_INFO_BACKREFMAX) > 0)
		refuse(to, "-%c: back-reference in '%s'", option, text);
	else if (code_info(code, PCRE2_INFO_MAXLOOKBEHIND) > PATTERN_MAX)
		refuse(to, "-%c: '%s': looks behind too far", option, text);
	else
		return code;
	pcre2_code_free(code);
	return NULL;
}

struct pattern *pattern_compile(char option, const char *text,
	enum pattern_syntax syntax, const struct refusal *to)
{
	if (strlen(text) > PATTERN_MAX) {
		refuse(to, "-%c: more than %d bytes", option, PATTERN_MAX);
		return NULL;
	}
	if (memory_prepare() < 0) {
		refuse(to, "-%c: no memory", option);
		return NULL;
	}
	if (syntax == PATTERN_PERL)
		return (struct pattern *)compile_perl(option, text, to);
	return (struct pattern *)compile_posix(option, text, to);
}

void pattern_free(struct pattern *pattern)
{
	pcre2_code_free((pcre2_code *)pattern);
}

size_t pattern_lookbehind(const struct pattern *pattern)
{
	return code_info((const pcre2_code *)pattern, PCRE2_INFO_MAXLOOKBEHIND);
}

static enum pattern_result pattern_try(const struct pattern *pattern,
	const char *text, size_t len, size_t from, uint32_t options)
{
	int found = pcre2_match((const pcre2_code *)pattern, (PCRE2_SPTR)text,
		len, from, options, data, context);

	switch (found) {
	case PCRE2_ERROR_NOMATCH:
	case PCRE2_ERROR_PARTIAL:
		return PATTERN_ABSENT;
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
		return PATTERN_STEPS;
	case PCRE2_ERROR_HEAPLIMIT:
	case PCRE2_ERROR_NOMEMORY:
		return PATTERN_MEMORY;
	default:
		return found < 0 ? PATTERN_BROKEN : PATTERN_FOUND;
	}
}

const char pattern_mismatch[] = "line does not match";

const char *pattern_match(
	const struct pattern *pattern, const char *text, size_t len)
{
	switch (pattern_try(pattern, text, len, 0, 0)) {
	case PATTERN_FOUND:
		return NULL;
	case PATTERN_ABSENT:
		return pattern_mismatch;
	case PATTERN_STEPS:
		return "too many steps to match a line";
	case PATTERN_MEMORY:
		return "no memory to match a line";
	case PATTERN_BROKEN:
		break;
	}
	return "line cannot be matched";
}

/*
 * pcre2partial(3): a soft match prefers a whole match to a partial one at an
 * earlier place, but it takes the end of the text for the end of all. A hard
 * match at the same place is partial if it looks at the end.
 */
static enum pattern_result pattern_search_open(const struct pattern *pattern,
	const char *text, size_t len, size_t from)
{
	for (int i = 0; i < TRIES_MAX && from <= len; i++) {
		enum pattern_result soft = pattern_try(
			pattern, text, len, from, PCRE2_PARTIAL_SOFT);
		enum pattern_result hard;
		size_t at;

		if (soft != PATTERN_FOUND)
			return soft;
		at = pcre2_get_startchar(data);
		hard = pattern_try(pattern, text, len, at,
			PCRE2_PARTIAL_HARD | PCRE2_ANCHORED);
		if (hard != PATTERN_ABSENT)
			return hard;
		from = at + 1;
	}
	return PATTERN_ABSENT;
}

enum pattern_result pattern_search(const struct pattern *pattern,
	const char *text, size_t len, size_t from, bool ended)
{
	if (ended)
		return pattern_try(pattern, text, len, from, 0);
	return pattern_search_open(pattern, text, len, from);
}
