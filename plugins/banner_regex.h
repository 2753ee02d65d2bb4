/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regular expressions that match bytes of a hostile peer: with PCRE2, fixed
 * memory and a limit of steps. glibc's regexec(3) takes memory for each new
 * line, without an end.
 */
#ifndef LVSMON_PLUGINS_BANNER_REGEX_H
#define LVSMON_PLUGINS_BANNER_REGEX_H

#include "vector.h"

/* Bytes of a pattern, without the 0 at its end. */
#define BANNER_PATTERN_MAX 256

struct banner_regex;

/* Compiles an extended regular expression of POSIX. Returns NULL with the
 * reason in `to` on failure; otherwise the caller passes the result to
 * banner_regex_free. */
struct banner_regex *banner_regex_compile(
	const char *pattern, const struct refusal *to);

void banner_regex_free(struct banner_regex *regex);

/* The result of banner_regex_match for a text that does not match. Another
 * result means that PCRE2 gave up. */
extern const char banner_regex_mismatch[];

/* Matches a text of len bytes; allocates nothing. Returns NULL, or why the text
 * does not match: a constant text. */
const char *banner_regex_match(
	const struct banner_regex *regex, const char *text, size_t len);

#endif
