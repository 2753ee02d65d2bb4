/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scoreboard: shared memory of a fixed size with what outlives an engine.
 * The engine writes it, the keeper reads it and believes nothing: an engine may
 * have been taken over. Keys are not on it; the keeper knows them from config.
 */
#ifndef LVSMON_IPC_SCOREBOARD_H
#define LVSMON_IPC_SCOREBOARD_H

#include "base/histogram.h"
#include "config/config.h"
#include "health/health.h"

#include <stdatomic.h>

struct scoreboard {
	_Atomic uint64_t beat; /* grows while the engine's loop turns */
	/* Counters of the engine, for the status. */
	_Atomic uint64_t probes;  /* begun */
	_Atomic uint64_t put_off; /* for want of something local */
	struct histogram late;    /* of starts against their grid, in us */
	struct health health[];   /* one for each check of the config */
};

/* Bytes for a config. */
size_t scoreboard_size(const struct config *config);

/* Takes over health by key from an older scoreboard; what is not there, or
 * makes no sense, stays as it is in `to`. */
void scoreboard_take_over(struct scoreboard *to, const struct config *to_config,
	const struct scoreboard *from, const struct config *from_config,
	struct arena *scratch);

#endif
