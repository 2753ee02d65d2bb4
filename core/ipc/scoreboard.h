/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scoreboard: shared memory of a fixed size that outlives an engine. The
 * engine writes it. The keeper reads it and checks what it reads, because an
 * engine may have been taken over. It holds no keys: the keeper knows the
 * identity of each check from the configuration.
 */
#ifndef LVSMON_IPC_SCOREBOARD_H
#define LVSMON_IPC_SCOREBOARD_H

#include "base/histogram.h"
#include "config/config.h"
#include "health/health.h"

#include <stdatomic.h>

/* What is known of one check. */
struct score {
	struct health health;
	uint64_t due_us; /* when the next probe is to begin; 0 = not set yet,
			    SCORE_LEFT_OUT = never */
};

/* The keeper has left the check out because its checker is broken. */
#define SCORE_LEFT_OUT UINT64_MAX

/* The engine's own counters. */
struct scoreboard_counters {
	_Atomic uint64_t probes;  /* begun */
	_Atomic uint64_t put_off; /* not begun when due, for a shortage here */
	struct histogram late;    /* how late probes began, in microseconds */
};

struct scoreboard {
	_Atomic uint64_t beat; /* grows while the engine's loop turns */
	/* A checker whose code is running, as a number plus 1; 0 = none. Until
	 * READY: the vector that is loaded. After that: the check that makes a
	 * step. */
	_Atomic uint32_t inside;
	struct scoreboard_counters counters;
	struct score scores[]; /* one for each check of the configuration */
};

/* Returns the bytes that a configuration's scoreboard takes. */
size_t scoreboard_size(const struct config *config);

/* Copies the counters, and the health and due time of each check that goes on
 * from one of the older scoreboard: check i from check matches[i], unless that
 * is CONFIG_NONE. A check that is new, or whose older health makes no sense,
 * stays as it is in `to`. The older engine must have ended. */
void scoreboard_take_over(struct scoreboard *to, const struct scoreboard *from,
	const uint32_t *matches, uint32_t count);

#endif
