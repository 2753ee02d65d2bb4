// SPDX-License-Identifier: GPL-2.0-or-later
/* The shared memory that outlives an engine. */
#include "ipc/scoreboard.h"

size_t scoreboard_size(const struct config *config)
{
	return sizeof(struct scoreboard) +
	       config->check_count * sizeof(struct score);
}

/* Health that makes no sense, or that no verdict has settled, is left behind.
 */
static void take_score(struct score *to, const struct score *from)
{
	if (!health_is_valid(&from->health) ||
		!health_is_settled(&from->health))
		return;
	*to = *from;
	if (to->due_us == SCORE_LEFT_OUT)
		to->due_us = 0;
}

void scoreboard_take_over(struct scoreboard *to, const struct scoreboard *from,
	const uint32_t *matches, uint32_t count)
{
	to->counters = from->counters;
	for (uint32_t i = 0; i < count; i++)
		if (matches[i] != CONFIG_NONE)
			take_score(&to->scores[i], &from->scores[matches[i]]);
}
