/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of statements: times, numbers, words, addresses. */
#ifndef LVSMON_CONFIG_VALUES_H
#define LVSMON_CONFIG_VALUES_H

#include "config/parse.h"

/* Reads the first argument as a time from min to max milliseconds. Returns 0,
 * or -1 after a complaint. */
int read_duration(const struct arguments *arguments, uint32_t min, uint32_t max,
	uint32_t *ms);

/* Looks up a word of the first argument. Returns 0 and the meaning of the word,
 * or -1 after a complaint that begins with what. */
int read_word(const struct arguments *arguments, const char *word,
	const char *what, const struct config_word *words, uint32_t *meaning);

/* The statement of every setting: WORD VALUE. */
void read_setting(const struct arguments *arguments);

#endif
