/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configured use of a checker on one real: small, lives as long as the
 * engine. Checks are numbered as in the configuration. */
#ifndef LVSMON_ENGINE_CHECK_H
#define LVSMON_ENGINE_CHECK_H

#include "loop/loop.h"

struct schedule;

struct check {
	struct loop_timer timer;
	struct schedule *schedule;  /* whose it is */
	struct check *next_waiting; /* for a probe */
	uint64_t due_us;            /* when it was to begin, or is to */
	/* The last edge, until the keeper has been told. */
	struct check *next_edge;
	const char *why; /* constant */
	int32_t code;
	uint32_t took_us;
	uint32_t count;
	bool edge; /* it is queued */
	bool up, first;
};

/* What a check costs in memory, its part of the pool's events apart. */
_Static_assert(sizeof(struct check) <= 96, "a check is small");
_Static_assert(sizeof(struct check) + sizeof(struct event) <= 256,
	"a check with an event is small");

#endif
