/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When checks are probed: each on its own grid, as many at once as the pool
 * has probes; the others wait in order. */
#ifndef LVSMON_ENGINE_SCHEDULE_H
#define LVSMON_ENGINE_SCHEDULE_H

#include "engine/check.h"
#include "engine/pool.h"
#include "engine/teller.h"

/* A check that had to be put off for want of something local is tried again
 * after so long. */
#define SCHEDULE_RETRY_US 100000
/* Checks without a verdict begin within so long, or within their interval. */
#define SCHEDULE_FIRST_US 1000000

struct schedule {
	const struct config *config;
	const struct instance *vectors;
	struct scoreboard *scoreboard;
	struct loop *loop;
	struct pool *pool;
	struct teller *teller;
	struct check *checks;
	struct check *waiting, **waiting_end; /* for a probe */
	uint64_t complained_us; /* when it was last said what is short */
};

/* The members above waiting have been set. */
void schedule_start(struct schedule *schedule);

/* A probe_done; arg is the schedule. */
void schedule_done(void *arg, uint32_t check, const struct verdict *verdict);

#endif
