/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hysteresis: verdicts in, edges out. Lives on the scoreboard, so it is plain
 * data that outlives an engine, and whoever reads it there checks it first.
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
	uint64_t changed_ms;   /* the last edge; 0 = none */
	uint64_t succeeded_ms; /* the last success, or when ASSUMED began */
	uint32_t rises;        /* successes since the last failure */
	uint32_t falls;        /* failures since the last success */
	/* Since the check stands in the configuration. All four counters stop
	 * at UINT32_MAX, 4294967295. */
	uint32_t successes;
	uint32_t failures;
	uint8_t state; /* enum health_state */
};

struct health_rules {
	uint32_t rise;          /* 1 or more */
	uint32_t fall;          /* 0 = only fall_after_ms counts */
	uint32_t fall_after_ms; /* 0 = only fall counts */
};

enum health_edge { HEALTH_NO_EDGE, HEALTH_EDGE_UP, HEALTH_EDGE_DOWN };

/* Before the first verdict. */
void health_init(struct health *health, bool in_service, uint64_t now_ms);

/*
 * Takes a verdict. The first one settles the state: a success is up at once;
 * a failure is down, but where the table had the real in service it stays up
 * until the rules are met, so that a restart takes nothing out on one failure.
 */
enum health_edge health_verdict(struct health *health,
	const struct health_rules *rules, bool up, uint64_t now_ms);

/* Up or assumed to be. */
bool health_is_up(const struct health *health);

/* Has had a verdict. */
bool health_is_settled(const struct health *health);

/* Whether every field can stand: for what was read from shared memory. */
bool health_is_valid(const struct health *health);

#endif
