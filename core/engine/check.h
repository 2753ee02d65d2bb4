/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A check as the engine keeps it: small, as long as the engine lives. Checks
 * are numbered as in the configuration. */
#ifndef LVSMON_ENGINE_CHECK_H
#define LVSMON_ENGINE_CHECK_H

#include "loop/loop.h"

struct schedule;

struct check {
	struct loop_timer timer;
	struct schedule *schedule; /* its owner */
	/* The last edge, for the keeper's log. */
	const char *why; /* constant; NULL = none in this engine */
	int32_t code;
	uint32_t took_us;
	uint32_t count;
	bool first;
};

/* The memory of a check, without its share of the pool. */
_Static_assert(sizeof(struct check) <= 64, "a check is small");
_Static_assert(sizeof(struct check) + sizeof(struct event) <= 256,
	"a check with an event is small");

#endif
