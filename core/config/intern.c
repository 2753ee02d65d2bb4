// SPDX-License-Identifier: GPL-2.0-or-later
/* Equal vectors and equal settings are kept once. */
#include "config/intern.h"

#include "config/settings.h"

#include <string.h>

struct wanted_vector {
	const struct config_vector *vectors;
	int argc;
	char *const *argv;
};

static bool is_vector(const void *arg, uint32_t index)
{
	const struct wanted_vector *wanted = arg;
	const struct config_vector *vector = &wanted->vectors[index];

	if (vector->argc != wanted->argc)
		return false;
	for (int i = 0; i < vector->argc; i++)
		if (strcmp(vector->argv[i], wanted->argv[i]) != 0)
			return false;
	return true;
}

uint32_t intern_vector(struct hash *hash, const struct config_vector *vectors,
	uint32_t count, int argc, char *const *argv)
{
	const struct wanted_vector wanted = {vectors, argc, argv};
	uint64_t key = HASH_SEED;
	uint32_t found;

	for (int i = 0; i < argc; i++)
		key = hash_bytes(key, argv[i], strlen(argv[i]) + 1);
	found = hash_find(hash, key, is_vector, &wanted);
	if (found != HASH_NONE)
		return found;
	hash_add(hash, key, count);
	return count;
}

struct wanted_settings {
	const struct config_settings *settings, *wanted;
};

static bool are_settings(const void *arg, uint32_t index)
{
	const struct wanted_settings *of = arg;

	return settings_equal(
		SETTING_OF_CHECK, &of->settings[index], of->wanted);
}

uint32_t intern_settings(struct hash *hash, struct config_settings *settings,
	uint32_t *count, const struct config_settings *wanted)
{
	const struct wanted_settings of = {settings, wanted};
	uint64_t key = settings_hash(SETTING_OF_CHECK, wanted);
	uint32_t found = hash_find(hash, key, are_settings, &of);

	if (found != HASH_NONE)
		return found;
	if (*count == CONFIG_SETTINGS_MAX)
		return CONFIG_NONE;
	settings[*count] = *wanted;
	hash_add(hash, key, *count);
	return (*count)++;
}
