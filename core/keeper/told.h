/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the log was told about reals and virtuals. Edges are the difference
 * between that and what is, so that none is lost with an engine and none is
 * told twice. */
#ifndef LVSMON_KEEPER_TOLD_H
#define LVSMON_KEEPER_TOLD_H

#include "base/queue.h"
#include "policy/policy.h"

struct told_real {
	uint32_t weight; /* told last while the real was up */
	uint8_t health;  /* enum policy_health; UNDECIDED = nothing was told */
};

struct told {
	struct told_real *reals;
	uint8_t *services; /* enum policy_service of each virtual */
	/* Reals with an edge whose reasons are to come. */
	struct queue untold;
	/* The last real in the queue when told_due last returned false, as a
	 * number plus one; 0 = the queue was empty. */
	uint32_t aged;
};

/* Takes memory for every real and virtual of config from its arena. Nothing was
 * told; each virtual counts as served by its reals, which is no news. */
void told_init(struct told *told, const struct config *config);

/* Copies what was told in an older configuration. matches is from
 * identity_match. */
void told_take_over(struct told *to, const struct config *to_config,
	const struct told *from, const struct config *from_config,
	const uint32_t *matches);

/* Notes that the reasons for a real's edge are to come. */
void told_await(struct told *told, uint32_t real);

/*
 * Sets *real to the next real that was noted before the last round of calls.
 * Returns false if there is none left; that ends a round. To be called in
 * rounds a second apart: the reasons of such a real do not come.
 */
bool told_due(struct told *told, uint32_t *real);

#endif
