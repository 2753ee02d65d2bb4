/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the settings are: words, types, limits. */
#ifndef LVSMON_CONFIG_SETTINGS_H
#define LVSMON_CONFIG_SETTINGS_H

#include "config/draft.h"

enum setting_type {
	SETTING_IS_TIME,
	SETTING_IS_NUMBER,
	SETTING_IS_WORD,
	SETTING_IS_PORT,
	SETTING_IS_ADDRESS,
};

struct setting_kind {
	const char *word;
	enum setting_type type;
	uint32_t min, max;        /* of times and numbers */
	const char *const *words; /* and what each of them means */
	uint32_t values[3];
};

extern const struct setting_kind setting_kinds[SETTING_COUNT];

#endif
