/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regular expressions that match bytes of a hostile peer: with PCRE2, fixed
 * memory and a limit of steps. glibc's regexec(3) takes memory for each new
 * line, without an end.
 */
#ifndef LVSMON_PLUGINS_PATTERN_H
#define LVSMON_PLUGINS_PATTERN_H

#include "vector.h"

/* Bytes of a pattern, without the 0 at its end. */
#define PATTERN_MAX 256

enum pattern_syntax {
	PATTERN_POSIX, /* an extended regular expression, as in regex(7) */
	PATTERN_PERL,  /* as in pcre2pattern(3) */
};

enum pattern_result {
	PATTERN_FOUND,
	PATTERN_ABSENT,
	PATTERN_STEPS,  /* the match takes too many steps */
	PATTERN_MEMORY, /* the match takes too much memory */
	PATTERN_BROKEN, /* PCRE2 refuses to match */
};

struct pattern;

/* Compiles the argument of an option. Back-references are refused, because the
 * time to match one can double with each byte. Returns NULL with the reason in
 * `to` on failure; otherwise the caller passes the result to pattern_free. */
struct pattern *pattern_compile(char option, const char *text,
	enum pattern_syntax syntax, const struct refusal *to);

void pattern_free(struct pattern *pattern);

/* Returns how many bytes before a match decide whether it is one; at most
 * PATTERN_MAX. */
size_t pattern_lookbehind(const struct pattern *pattern);

/* The result of pattern_match for a text that does not match. Another result
 * means that PCRE2 gave up. */
extern const char pattern_mismatch[];

/* Matches a text of len bytes; allocates nothing. Returns NULL, or why the text
 * does not match: a constant text. */
const char *pattern_match(
	const struct pattern *pattern, const char *text, size_t len);

/* Searches a text for a match that begins at `from` or later; from is at most
 * len. If `ended` is false, the text goes on after len, and a match counts only
 * if the rest of the text cannot change it. Allocates nothing. */
enum pattern_result pattern_search(const struct pattern *pattern,
	const char *text, size_t len, size_t from, bool ended);

#endif
