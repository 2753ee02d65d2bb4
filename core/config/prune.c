// SPDX-License-Identifier: GPL-2.0-or-later
/* Leaves out of a draft what needs an address that is not known yet. */
#include "config/prune.h"

#include <assert.h>

/* Returns whether a check needs an address that is missing. */
static bool check_misses(
	const struct draft_check *check, const struct draft_level *outer)
{
	struct draft_level level = check->level;

	level.outer = outer;
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct draft_value *value;

		if (settings_table[i].type != SETTING_IS_ADDRESS)
			continue;
		value = level_find(&level, i);
		if (value && value->missing)
			return true;
	}
	return false;
}

static bool real_misses(const struct draft_real *real)
{
	const struct draft_level *level = draft_level_of_checks(real);
	const struct draft_check *check = level ? level->checks : NULL;

	for (; check; check = check->next)
		if (check_misses(check, real->level))
			return true;
	return false;
}

static void prune_reals(struct draft *draft, struct draft_virtual *virtual)
{
	struct draft_real **link = &virtual->reals;

	while (*link) {
		if (!real_misses(*link)) {
			link = &(*link)->next;
			continue;
		}
		*link = (*link)->next;
		virtual->misses = true;
		draft->real_count--;
	}
	virtual->reals_end = link;
	if (virtual->fallback && real_misses(virtual->fallback)) {
		virtual->fallback = NULL;
		virtual->misses = true;
		draft->real_count--;
	}
}

/* Takes what a virtual service has out of the draft's counts. */
static void uncount(struct draft *draft, const struct draft_virtual *virtual)
{
	const struct draft_real *real = draft_first_real(virtual);
	const struct draft_target *target = virtual->targets;

	for (; real; real = draft_next_real(virtual, real))
		draft->real_count--;
	for (; target; target = target->next)
		draft->target_count--;
	assert(draft->virtual_count > 0);
	draft->virtual_count--;
}

void prune_draft(struct draft *draft)
{
	struct draft_virtual **link = &draft->virtuals;

	if (!draft->missing_count)
		return;
	while (*link) {
		struct draft_virtual *virtual = *link;

		prune_reals(draft, virtual);
		if (!virtual->misses ||
			(virtual->targets && draft_first_real(virtual))) {
			link = &virtual->next;
			continue;
		}
		uncount(draft, virtual);
		*link = virtual->next;
	}
	draft->virtuals_end = link;
}
