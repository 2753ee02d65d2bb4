/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The schedule: begins the probe of each check on the check's own grid, as many
 * at once as the pool has probes. The other checks wait in order, in a queue
 * for checks that are down and a queue for the others. Probes of dead servers
 * last long, and must not keep the other checks from their probes. Checks with
 * TLS wait in a queue of their own if `tls-probes` of them run.
 */
#ifndef LVSMON_ENGINE_SCHEDULE_H
#define LVSMON_ENGINE_SCHEDULE_H

#include "base/queue.h"
#include "engine/check.h"
#include "engine/pool.h"
#include "engine/security.h"
#include "ipc/scoreboard.h"

/* The wait before a check is tried again that was put off for a shortage on
 * this machine. */
#define SCHEDULE_RETRY_US 100000
/* Checks without a verdict begin within this time, or within their interval if
 * that is shorter. */
#define SCHEDULE_FIRST_US 1000000

/* While both queues wait, one of so many probes is for a check that is down. */
#define SCHEDULE_DOWN_SHARE 4

/* Hears of each verdict. */
typedef void schedule_verdict(
	void *arg, uint32_t check, const struct verdict *verdict);

struct schedule {
	const struct config *config;
	const struct instance *instances; /* one for each vector */
	struct security *security;
	struct scoreboard *scoreboard;
	struct loop *loop;
	struct pool *pool;
	struct check *checks;
	schedule_verdict *verdict;
	void *verdict_arg;
	/* Checks that are due and have no probe yet. The members above and the
	 * empty queues are the caller's to set. */
	struct queue waiting, waiting_down;
	struct queue waiting_tls; /* for a probe with TLS to end */
	uint32_t picks;           /* while both wait */
	uint64_t complained_us;   /* when a shortage was last logged */
	uint64_t late_us;         /* when lateness was last logged */
	uint64_t worked_us; /* when a probe last had a verdict; 0 = never */
};

/* Sets the first due time of every check. A check with a verdict keeps the due
 * time of the scoreboard if that is still to come; checks without a verdict are
 * spread over SCHEDULE_FIRST_US. A check that is left out is never due. */
void schedule_start(struct schedule *schedule);

/* A probe_done; arg is the schedule. */
void schedule_done(void *arg, uint32_t check, const struct verdict *verdict);

#endif
