/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Equal vectors and equal settings are kept once. */
#ifndef LVSMON_CONFIG_INTERN_H
#define LVSMON_CONFIG_INTERN_H

#include "config/config.h"

/* An open hash table of indices into an array, at most half full. */
struct intern {
	uint32_t *cell; /* index plus one; 0 = free */
	uint32_t mask;
};

struct intern intern_create(struct arena *arena, uint32_t most);

/* The index of an equal vector, or count: then it is new, and the caller puts
 * it there. */
uint32_t intern_vector(struct intern *intern,
	const struct config_vector *vectors, uint32_t count, int argc,
	char *const *argv);

/* The index of equal settings, which are added where they are new and there
 * is room (CONFIG_SETTINGS_MAX); else a larger number. */
uint32_t intern_settings(struct intern *intern,
	struct config_settings *settings, uint32_t *count,
	const struct config_settings *wanted);

/* FNV-1a, 64 bits: hash is INTERN_SEED or what came before. */
#define INTERN_SEED UINT64_C(14695981039346656037)
uint64_t intern_hash(uint64_t hash, const void *data, size_t size);

#endif
