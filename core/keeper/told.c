// SPDX-License-Identifier: GPL-2.0-or-later
/* What the log was told about reals and virtuals. */
#include "keeper/told.h"

#include <string.h>

void told_init(struct told *told, const struct config *config)
{
	struct arena *arena = config->arena;

	told->reals =
		arena_array(arena, config->real_count, sizeof(*told->reals));
	told->services = arena_array(
		arena, config->virtual_count, sizeof(*told->services));
	told->untold = queue_create(arena, config->real_count);
	memset(told->services, POLICY_REALS, config->virtual_count);
}

/* A real goes on from the real of its first check. */
static void take_real(struct told *to, uint32_t real, const struct told *from,
	uint32_t from_real)
{
	if (to->reals[real].health == POLICY_UNDECIDED)
		to->reals[real] = from->reals[from_real];
}

static const char *name_of(const struct config *config, uint32_t virtual)
{
	return config->virtuals[virtual].name;
}

void told_take_over(struct told *to, const struct config *to_config,
	const struct told *from, const struct config *from_config,
	const uint32_t *matches)
{
	for (uint32_t i = 0; i < to_config->check_count; i++) {
		uint32_t real = to_config->checks[i].real, from_real;
		uint32_t virtual = to_config->reals[real].virtual, from_virtual;

		if (matches[i] == CONFIG_NONE)
			continue;
		from_real = from_config->checks[matches[i]].real;
		from_virtual = from_config->reals[from_real].virtual;
		take_real(to, real, from, from_real);
		/* A real may have moved to another virtual. */
		if (strcmp(name_of(to_config, virtual),
			    name_of(from_config, from_virtual)) == 0)
			to->services[virtual] = from->services[from_virtual];
	}
}

void told_await(struct told *told, uint32_t real)
{
	queue_push(&told->untold, real);
}

bool told_due(struct told *told, uint32_t *real)
{
	if (told->aged && queue_pop(&told->untold, real)) {
		if (told->aged == *real + 1)
			told->aged = 0;
		return true;
	}
	told->aged = told->untold.last;
	return false;
}
