// SPDX-License-Identifier: GPL-2.0-or-later
/* Regular expressions with PCRE2. */
#include "banner_regex.h"

#include "banner_ere.h"

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
static int check_syntax(const char *pattern, const struct refusal *to)
{
	char reason[128];
	regex_t regex;
	int failed = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);

	if (!failed) {
		regfree(&regex);
		return 0;
	}
	regerror(failed, &regex, reason, sizeof(reason));
	return refuse(to, "-x: '%s': %s", pattern, reason);
}

static pcre2_code *compile(const char *pattern, const struct refusal *to)
{
	const uint32_t options = PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
				 PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
	char translated[TRANSLATED_MAX], reason[128] = "too long";
	long len = ere_translate(pattern, translated, sizeof(translated));
	pcre2_code *code = NULL;
	PCRE2_SIZE at;
	int error = 0;

	if (len >= 0)
		code = pcre2_compile((PCRE2_SPTR)translated, (PCRE2_SIZE)len,
			options, &error, &at, NULL);
	if (code)
		return code;
	if (error)
		pcre2_get_error_message(
			error, (PCRE2_UCHAR *)reason, sizeof(reason));
	refuse(to, "-x: '%s': %s", pattern, reason);
	return NULL;
}

struct banner_regex *banner_regex_compile(
	const char *pattern, const struct refusal *to)
{
	if (check_syntax(pattern, to) < 0)
		return NULL;
	if (memory_prepare() < 0) {
		refuse(to, "-x: no memory");
		return NULL;
	}
	return (struct banner_regex *)compile(pattern, to);
}

void banner_regex_free(struct banner_regex *regex)
{
	pcre2_code_free((pcre2_code *)regex);
}

const char banner_regex_mismatch[] = "line does not match";

const char *banner_regex_match(
	const struct banner_regex *regex, const char *text, size_t len)
{
	int found = pcre2_match((const pcre2_code *)regex, (PCRE2_SPTR)text,
		len, 0, 0, data, context);

	switch (found) {
	case PCRE2_ERROR_NOMATCH:
		return banner_regex_mismatch;
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
		return "too many steps to match a line";
	case PCRE2_ERROR_HEAPLIMIT:
	case PCRE2_ERROR_NOMEMORY:
		return "no memory to match a line";
	default:
		return found < 0 ? "line cannot be matched" : NULL;
	}
}
