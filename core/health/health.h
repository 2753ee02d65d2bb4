/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Health: verdicts in, edges out, with hysteresis. It lies on the scoreboard,
 * so it is plain data that outlives an engine, and whoever reads it there
 * checks it first.
 */
#ifndef LVSMON_HEALTH_HEALTH_H
#define LVSMON_HEALTH_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

enum health_state {
	HEALTH_UNKNOWN, /* no verdict yet, and the table has no such real */
	HEALTH_ASSUMED, /* no verdict yet, but the table had it in service */
	HEALTH_UP,
	HEALTH_DOWN,
};

struct health {
	uint64_t changed_ms; /* the last edge; 0 = none */
	uint64_t seen_ms;    /* the last verdict, or when ASSUMED began */
	uint32_t rises;      /* successes since the last failure */
	uint32_t falls;      /* failures since the last success */
	/* Since the check is in the configuration. All four counters stop at
	 * UINT32_MAX, 4294967295. */
	uint32_t successes;
	uint32_t failures;
	uint32_t lasts_ms; /* since the last success, without the time in which
			      nobody looked; stops at UINT32_MAX */
	uint8_t state;     /* enum health_state */
	uint8_t percent;   /* of the configured weight that the last success
			      gave, 1 to 100; 0 = no success yet */
};

struct health_rules {
	uint32_t rise;          /* 1 or more */
	uint32_t fall;          /* 0 = only fall_after_ms counts */
	uint32_t fall_after_ms; /* 0 = only fall counts */
	uint32_t gap_ms; /* the longest time that counts between this verdict
			    and the one before: more means that this machine
			    stood still, or that no engine ran */
};

enum health_edge { HEALTH_NO_EDGE, HEALTH_EDGE_UP, HEALTH_EDGE_DOWN };

/* Sets the health before the first verdict. in_service: the table has the
 * real with a weight. */
void health_init(struct health *health, bool in_service, uint64_t now_ms);

/*
 * Takes in a verdict and returns the edge that follows. The first verdict
 * settles the state: a success is up at once. A failure is down at once, unless
 * the table had the real in service: then the check stays up until the rules
 * are met, so that a restart takes nothing out for one failure.
 */
enum health_edge health_verdict(struct health *health,
	const struct health_rules *rules, bool up, uint64_t now_ms);

/* Returns whether the check is up, or assumed to be. */
bool health_is_up(const struct health *health);

/* Returns whether the check has had a verdict. */
bool health_is_settled(const struct health *health);

/* Returns whether the fields can be true together. To be asked of health that
 * was read from shared memory. */
bool health_is_valid(const struct health *health);

#endif
