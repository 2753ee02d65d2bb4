/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verdicts lead to: health on the board, a real's being up, the weights
 * that policy wants; and what of that the keeper is yet to be told. An edge
 * costs the same in a configuration of any size.
 */
#ifndef LVSMON_ENGINE_JUDGE_H
#define LVSMON_ENGINE_JUDGE_H

#include "engine/check.h"
#include "engine/outbox.h"
#include "engine/probe.h"

struct judge_real;

struct judge {
	const struct config *config;
	struct board *board;
	struct check *checks;
	struct judge_real *reals;
	uint32_t *serving;  /* of each virtual: reals up with a weight */
	uint32_t unsettled; /* checks without a verdict */
	bool stated;        /* none: all wants have been queued */
	bool round_told;
	/* To be told, the first one first. */
	struct judge_real *wants, **wants_end;
	struct check *edges, **edges_end;
};

/* Takes the board's health as it is; what cannot stand there begins anew. */
void judge_init(struct judge *judge, struct arena *arena,
	const struct config *config, struct board *board, struct check *checks);

void judge_verdict(
	struct judge *judge, uint32_t check, const struct verdict *verdict);

/* Tells the keeper as much as there is room for: wants, then edges, then, once,
 * that the round is over. */
void judge_tell(struct judge *judge, struct outbox *outbox);

#endif
