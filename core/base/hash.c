// SPDX-License-Identifier: GPL-2.0-or-later
/* A hash table of fixed size with open addressing. */
#include "base/hash.h"

#include <assert.h>

#define CELLS_MIN 16
#define MOST_MAX (UINT32_C(1) << 30)
#define FNV_PRIME UINT64_C(1099511628211)

struct hash hash_create(struct arena *arena, uint32_t most)
{
	uint32_t cells = CELLS_MIN;

	assert(most < MOST_MAX);
	while (cells / 2 < most)
		cells *= 2;
	return (struct hash){
		.cell = arena_array(arena, cells, sizeof(uint32_t)),
		.mask = cells - 1,
		.most = most,
	};
}

/* The upper half of a key counts too. */
static uint32_t first_cell(const struct hash *hash, uint64_t key)
{
	return (uint32_t)(key ^ key >> 32) & hash->mask;
}

uint32_t hash_find(const struct hash *hash, uint64_t key, hash_matches *matches,
	const void *arg)
{
	uint32_t at = first_cell(hash, key);

	/* Half of the cells are free, so the search ends. */
	for (; hash->cell[at]; at = (at + 1) & hash->mask)
		if (matches(arg, hash->cell[at] - 1))
			return hash->cell[at] - 1;
	return HASH_NONE;
}

void hash_add(struct hash *hash, uint64_t key, uint32_t index)
{
	uint32_t at = first_cell(hash, key);

	assert(hash->count < hash->most);
	assert(index != HASH_NONE);
	while (hash->cell[at])
		at = (at + 1) & hash->mask;
	hash->cell[at] = index + 1;
	hash->count++;
}

uint64_t hash_bytes(uint64_t key, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	/* The analyser loses track of the bytes of a number. */
	for (size_t i = 0; i < size; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.*) */
		key = (key ^ bytes[i]) * FNV_PRIME;
	return key;
}
