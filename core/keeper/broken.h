/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks whose checker is broken: engines died in a step of theirs. The
 * next engine leaves such a check out, so that it costs nothing but itself.
 */
#ifndef LVSMON_KEEPER_BROKEN_H
#define LVSMON_KEEPER_BROKEN_H

#include "config/config.h"
#include "ipc/scoreboard.h"

/* Deaths in steps of one check after which the check is left out. */
#define BROKEN_DEATHS 2
/* Checks of one checker that engines died in, after which all checks of that
 * checker are left out, if none of them ever succeeded. */
#define BROKEN_CHECKS 3
/* Checkers whose marks a reload can keep. */
#define BROKEN_CHECKERS_MAX 16

/* A checker that engines died in, and its file at the first death. */
struct broken_checker {
	const char *name; /* of the configuration: argv[0] */
	uint64_t file;
};

struct broken {
	uint8_t *deaths; /* one for each check, at most BROKEN_DEATHS */
	uint32_t noted;  /* checks with deaths */
	struct broken_checker checkers[BROKEN_CHECKERS_MAX];
	uint32_t checker_count;
};

/* Takes memory for every check of config from its arena. */
void broken_init(struct broken *broken, const struct config *config);

/* Returns whether a check is left out. */
bool broken_is_out(const struct broken *broken, uint32_t check);

/* Returns whether a real was out of service when a check of it was left out
 * without any verdict, with `on-broken hold`: then its entry stays as it is. */
bool broken_keeps_entry(const struct broken *broken,
	const struct config *config, const struct scoreboard *scoreboard,
	uint32_t real);

/*
 * Takes in the death of an engine, which must be reaped. If a check was making
 * a step, counts the death, names the check in the log, and returns true: the
 * number of such deaths is limited, so the next engine need not wait. Otherwise
 * returns false.
 */
bool broken_note(struct broken *broken, const struct config *config,
	struct scoreboard *scoreboard);

/* Names the vector in the log whose loading killed an engine that was not
 * ready yet. Returns false if there was none. */
bool broken_name_vector(
	const struct config *config, const struct scoreboard *scoreboard);

/* Prepares the scoreboard for the next engine, according to `on-broken` of each
 * check that is left out. */
void broken_apply(const struct broken *broken, const struct config *config,
	struct scoreboard *scoreboard);

/* Copies the marks of an older configuration for checks that go on. matches is
 * from identity_match. Marks of a checker are forgotten if its file has
 * changed. */
void broken_take_over(struct broken *to, const struct config *to_config,
	const struct broken *from, const uint32_t *matches);

#endif
