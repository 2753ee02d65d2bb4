/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The teller: turns verdicts into health on the scoreboard, keeps the tally of
 * each real, and queues what the keeper has to be told. An edge costs the same
 * in a configuration of any size.
 */
#ifndef LVSMON_ENGINE_TELLER_H
#define LVSMON_ENGINE_TELLER_H

#include "base/queue.h"
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
	uint32_t unsettled; /* checks without a verdict */
	bool round_told;
	/* To be told: reals whose health may be another, and the reasons. */
	struct queue changed, edges;
};

/* Takes memory for every real of the configuration. */
void teller_init(struct teller *teller, struct arena *arena,
	const struct config *config, struct scoreboard *scoreboard,
	struct check *checks);

/* Begins with the scoreboard as it is; health that makes no sense begins anew.
 * Every real that is decided is queued. */
void teller_begin(struct teller *teller);

/* Takes in the verdict of a check. */
void teller_verdict(
	struct teller *teller, uint32_t check, const struct verdict *verdict);

/* Tells the keeper as much as the channel has room for: health of reals, then
 * the reasons, then, once, that the round is over. */
void teller_tell(struct teller *teller, struct channel *channel);

#endif
