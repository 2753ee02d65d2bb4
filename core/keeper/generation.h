/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generation: one configuration with its table, its policy, its scoreboard
 * and its engine. One is in force; a reload makes the next. */
#ifndef LVSMON_KEEPER_GENERATION_H
#define LVSMON_KEEPER_GENERATION_H

#include "ipc/scoreboard.h"
#include "ipvs/ipvs.h"
#include "keeper/broken.h"
#include "policy/policy.h"
#include "process/child.h"

struct keeper;

struct generation {
	struct keeper *keeper;   /* its owner */
	struct generation *next; /* in a list of generations */
	struct config *config;
	struct table *table;
	struct policy_real *reals;     /* what is known of each real */
	struct policy_state *virtuals; /* what policy remembers of each */
	struct scoreboard *scoreboard;
	size_t scoreboard_size;
	struct child child;
	struct broken broken; /* the checks that are left out */
	uint32_t real_count;  /* without fallbacks */
	uint32_t reals_up;    /* of those */
	uint64_t settles_ms;  /* when its first round counts as over */
	bool lived;           /* an engine of it got ready once */
	bool reloaded;        /* it took another generation's place */
	bool round;           /* its engine said ROUND; the succession acts */
	bool applied;         /* the kernel's table follows it */
	bool told;            /* "ready" or "reloaded" was logged */
	bool changed; /* the wanted table may differ from the kernel's */
};

/* Takes over config, in any case, and looks at the kernel's table. Returns
 * NULL and logs if there is no memory or the table cannot be read. */
struct generation *generation_create(
	struct keeper *keeper, struct config *config, struct ipvs *ipvs);

/* Fills the scoreboard for the first engine: from the table that was looked at,
 * and from an older generation whose engine has ended (NULL = none). */
void generation_fill(
	struct generation *generation, const struct generation *older);

/* The generation must have no engine. NULL is allowed. */
void generation_destroy(struct generation *generation);

/* In an engine: takes a list of generations, except one, out of the process's
 * memory: their scoreboards are not the engine's business. */
void generation_forget(
	struct generation *list, const struct generation *except);

/* Takes in what an engine says of a real, and sets the weights that follow.
 * Returns what policy says; its edge is the virtual's. */
struct policy_result generation_learn(
	struct generation *generation, uint32_t real, bool up, uint8_t percent);

/* Writes "3 virtuals, 11 of 12 reals up" and returns buf. */
#define GENERATION_SUMMARY_MAX 64
char *generation_summary(const struct generation *generation, char *buf);

#endif
