/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verdicts lead to: health on the scoreboard, a real's being up, the
 * weights that policy wants; and what of that the keeper is yet to be told. An
 * edge costs the same in a configuration of any size.
 */
#ifndef LVSMON_ENGINE_TELLER_H
#define LVSMON_ENGINE_TELLER_H

#include "engine/check.h"
#include "engine/probe.h"
#include "ipc/channel.h"
#include "ipc/scoreboard.h"

struct teller_real;

struct teller {
	const struct config *config;
	struct scoreboard *scoreboard;
	struct check *checks;
	struct teller_real *reals;
	uint32_t *serving;  /* of each virtual: reals up with a weight */
	uint32_t unsettled; /* checks without a verdict */
	bool stated;        /* none: all wants have been queued */
	bool round_told;
	/* To be told, the first one first. */
	struct teller_real *wants, **wants_end;
	struct check *edges, **edges_end;
};

/* Takes the scoreboard's health as it is; what cannot stand there begins anew.
 */
void teller_init(struct teller *teller, struct arena *arena,
	const struct config *config, struct scoreboard *scoreboard,
	struct check *checks);

void teller_verdict(
	struct teller *teller, uint32_t check, const struct verdict *verdict);

/* Tells the keeper as much as there is room for: wants, then edges, then, once,
 * that the round is over. */
void teller_tell(struct teller *teller, struct channel *channel);

#endif
