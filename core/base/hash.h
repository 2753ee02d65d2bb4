/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table of fixed size with open addressing. The table holds indices of
 * an array that the caller owns, and the caller says when two entries match.
 */
#ifndef LVSMON_BASE_HASH_H
#define LVSMON_BASE_HASH_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define HASH_NONE UINT32_MAX /* no index */

struct hash {
	uint32_t *cell; /* index plus one; 0 = free */
	uint32_t mask;  /* number of cells less one */
	uint32_t count, most;
};

/* Returns a table for at most `most` indices; most must be less than 2^30.
 * The cells are in arena. At most half of them are ever used. */
struct hash hash_create(struct arena *arena, uint32_t most);

/* Returns whether the entry at index is the one that arg describes. */
typedef bool hash_matches(const void *arg, uint32_t index);

/* Returns the index that was added under key and that matches, or HASH_NONE.
 */
uint32_t hash_find(const struct hash *hash, uint64_t key, hash_matches *matches,
	const void *arg);

/* Adds index under key. The table must not hold `most` indices yet. */
void hash_add(struct hash *hash, uint64_t key, uint32_t index);

/* FNV-1a with 64 bits. Returns the hash of data after what key was made of;
 * the first key is HASH_SEED. */
#define HASH_SEED UINT64_C(14695981039346656037)
uint64_t hash_bytes(uint64_t key, const void *data, size_t size);

#endif
