/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Equal vectors and equal settings are kept once. */
#ifndef LVSMON_CONFIG_INTERN_H
#define LVSMON_CONFIG_INTERN_H

#include "base/hash.h"
#include "config/config.h"

/* Returns the index of an equal vector among those that were interned before.
 * If there is none, returns count: the caller puts the vector there. */
uint32_t intern_vector(struct hash *hash, const struct config_vector *vectors,
	uint32_t count, int argc, char *const *argv);

/* Returns the index of equal settings. New settings are added. If there are
 * CONFIG_SETTINGS_MAX already, returns CONFIG_NONE. */
uint32_t intern_settings(struct hash *hash, struct config_settings *settings,
	uint32_t *count, const struct config_settings *wanted);

#endif
