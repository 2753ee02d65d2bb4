/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generation: one configuration with its table, its policy, its scoreboard
 * and its engine. One is in force; a reload makes the next. */
#ifndef LVSMON_KEEPER_GENERATION_H
#define LVSMON_KEEPER_GENERATION_H

#include "ipc/scoreboard.h"
#include "ipvs/ipvs.h"
#include "keeper/broken.h"
#include "keeper/told.h"
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
	struct queue quiet;            /* reals that wait for policy_look */
	uint64_t look_ms;              /* when to call generation_look */
	struct scoreboard *scoreboard;
	size_t scoreboard_size;
	struct child child;
	struct broken broken; /* the checks that are left out */
	struct told told;     /* what the log was told */
	uint32_t real_count;  /* without fallbacks */
	uint32_t reals_up;    /* of those */
	uint64_t settles_ms;  /* when its first round counts as over */
	bool lived;           /* an engine of it got ready once */
	bool reloaded;        /* it took another generation's place */
	bool round;           /* its engine said ROUND; the succession acts */
	bool applied;         /* the kernel's table follows it */
	bool announced;       /* "ready" or "reloaded" was logged */
	bool changed; /* the wanted table may differ from the kernel's */
};

/* Takes over config, in any case, and looks at the kernel's table. On failure
 * returns NULL and sets *why to a constant text. */
struct generation *generation_create(struct keeper *keeper,
	struct config *config, struct ipvs *ipvs, const char **why);

/* Takes over what an older generation, whose engine has ended, knows of the
 * checks that go on. Returns 0. If there is no memory, returns -1 and the older
 * generation can still go on. */
int generation_take_over(
	struct generation *generation, const struct generation *older);

/* Assumes what is not known from the table that was looked at last: which reals
 * are in service, and which virtuals nobody serves. */
void generation_assume(struct generation *generation);

/* The generation must have no engine. NULL is allowed. */
void generation_destroy(struct generation *generation);

/* In an engine: takes a list of generations, except one, out of the process's
 * memory: their scoreboards are not the engine's business. */
void generation_forget(
	struct generation *list, const struct generation *except);

/* Takes in what an engine says of a real, and sets the weights that follow. */
void generation_learn(
	struct generation *generation, uint32_t real, bool up, uint8_t percent);

/* Asks policy again about the reals that wait for a time. */
void generation_look(struct generation *generation);

/* Writes "3 virtuals, 11 of 12 reals up" and returns buf. */
#define GENERATION_SUMMARY_MAX 64
char *generation_summary(const struct generation *generation, char *buf);

#endif
