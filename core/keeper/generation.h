/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generation: one configuration with its table, its scoreboard and its
 * engine. One is in force; a reload makes another that takes its place. */
#ifndef LVSMON_KEEPER_GENERATION_H
#define LVSMON_KEEPER_GENERATION_H

#include "ipc/scoreboard.h"
#include "ipvs/ipvs.h"
#include "ipvs/table.h"
#include "process/child.h"

struct keeper;

struct generation {
	struct keeper *keeper;   /* whose it is */
	struct generation *next; /* in the list of those that leave */
	struct config *config;
	struct table *table;
	struct scoreboard *scoreboard;
	size_t scoreboard_size;
	struct child child;
	uint32_t reals;    /* without fallbacks */
	uint32_t reals_up; /* of those, by what is wanted of the table */
	bool lived;        /* an engine of it was ready once */
	bool applied;      /* its table has been made the kernel's */
};

/* Takes config over. Looks at the kernel's table, and takes health over from
 * an older generation (NULL = there is none). NULL, logged, where the table
 * cannot be read; config is then given back. */
struct generation *generation_create(struct keeper *keeper,
	struct config *config, struct ipvs *ipvs,
	const struct generation *older);

/* Without an engine only. NULL is allowed. */
void generation_destroy(struct generation *generation);

/* In an engine: takes the boards of a list out of its memory, but for one
 * generation's. */
void generation_forget(
	const struct generation *list, const struct generation *but);

/* What an engine said it wants. */
void generation_want(
	struct generation *generation, const struct protocol_want *want);

#endif
