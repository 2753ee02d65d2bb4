// SPDX-License-Identifier: GPL-2.0-or-later
/* Equal vectors and equal settings are kept once. */
#include "config/intern.h"

#include <string.h>

struct intern intern_create(struct arena *arena, uint32_t most)
{
	struct intern intern = {.mask = 15};

	while (intern.mask / 2 < most)
		intern.mask = intern.mask * 2 + 1;
	intern.cell =
		arena_array(arena, (size_t)intern.mask + 1, sizeof(uint32_t));
	return intern;
}

uint64_t intern_hash(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	/* The analyser forgets what the bytes of a number are. */
	for (size_t i = 0; i < size; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.*) */
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

static bool same_vector(
	const struct config_vector *vector, int argc, char *const *argv)
{
	if (vector->argc != argc)
		return false;
	for (int i = 0; i < argc; i++)
		if (strcmp(vector->argv[i], argv[i]) != 0)
			return false;
	return true;
}

uint32_t intern_vector(struct intern *intern,
	const struct config_vector *vectors, uint32_t count, int argc,
	char *const *argv)
{
	uint64_t hash = INTERN_SEED;
	uint32_t at;

	for (int i = 0; i < argc; i++)
		hash = intern_hash(hash, argv[i], strlen(argv[i]) + 1);
	at = (uint32_t)hash & intern->mask;
	for (; intern->cell[at]; at = (at + 1) & intern->mask)
		if (same_vector(&vectors[intern->cell[at] - 1], argc, argv))
			return intern->cell[at] - 1;
	intern->cell[at] = count + 1;
	return count;
}

static bool same_settings(
	const struct config_settings *a, const struct config_settings *b)
{
	return a->interval_ms == b->interval_ms &&
	       a->timeout_ms == b->timeout_ms &&
	       a->connect_timeout_ms == b->connect_timeout_ms &&
	       a->fall_after_ms == b->fall_after_ms && a->rise == b->rise &&
	       a->fall == b->fall && a->check_port == b->check_port &&
	       address_compare(&a->check_address, &b->check_address) == 0 &&
	       address_compare(&a->bind, &b->bind) == 0;
}

static uint64_t hash_settings(const struct config_settings *settings)
{
	const uint32_t numbers[] = {settings->interval_ms, settings->timeout_ms,
		settings->connect_timeout_ms, settings->fall_after_ms,
		settings->rise, settings->fall, settings->check_port};
	uint64_t hash = intern_hash(INTERN_SEED, numbers, sizeof(numbers));

	hash = intern_hash(hash, settings->check_address.bytes, 16);
	return intern_hash(hash, settings->bind.bytes, 16);
}

uint32_t intern_settings(struct intern *intern,
	struct config_settings *settings, uint32_t *count,
	const struct config_settings *wanted)
{
	uint32_t at = (uint32_t)hash_settings(wanted) & intern->mask;

	for (; intern->cell[at]; at = (at + 1) & intern->mask)
		if (same_settings(&settings[intern->cell[at] - 1], wanted))
			return intern->cell[at] - 1;
	if (*count == CONFIG_SETTINGS_MAX)
		return CONFIG_NONE;
	settings[*count] = *wanted;
	intern->cell[at] = ++*count;
	return *count - 1;
}
