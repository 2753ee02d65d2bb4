// SPDX-License-Identifier: GPL-2.0-or-later
/* Shared memory that outlives an engine. */
#include "ipc/scoreboard.h"

#include <stdlib.h>
#include <string.h>

/* A check of the older config. */
struct entry {
	uint64_t key;
	uint32_t check;
};

size_t scoreboard_size(const struct config *config)
{
	return sizeof(struct scoreboard) +
	       config->check_count * sizeof(struct health);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static struct entry *sort_by_key(
	const struct config *config, struct arena *scratch)
{
	struct entry *entries =
		arena_array(scratch, config->check_count, sizeof(*entries));

	for (uint32_t i = 0; i < config->check_count; i++)
		entries[i] = (struct entry){config_check_key(config, i), i};
	qsort(entries, config->check_count, sizeof(*entries), compare_entries);
	return entries;
}

void scoreboard_take_over(struct scoreboard *to, const struct config *to_config,
	const struct scoreboard *from, const struct config *from_config,
	struct arena *scratch)
{
	const struct entry *entries = sort_by_key(from_config, scratch);

	for (uint32_t i = 0; i < to_config->check_count; i++) {
		struct entry key = {.key = config_check_key(to_config, i)};
		const struct entry *found = bsearch(&key, entries,
			from_config->check_count, sizeof(key), compare_entries);
		struct health health;

		if (!found)
			continue;
		/* Copied, then judged: the old engine may still write. */
		memcpy(&health, &from->health[found->check], sizeof(health));
		if (health_is_valid(&health) && health_is_settled(&health))
			to->health[i] = health;
	}
}
