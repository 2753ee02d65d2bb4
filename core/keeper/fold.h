/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folds a storm of lines: after the first lines the caller writes a line with
 * numbers each second, until a second was calm. Has no clock. */
#ifndef LVSMON_KEEPER_FOLD_H
#define LVSMON_KEEPER_FOLD_H

#include <stdbool.h>
#include <stdint.h>

/* Lines of a second that are written one by one. */
#define FOLD_FIRST 100
#define FOLD_SECOND_MS 1000
#define FOLD_KINDS 4

/* Zeroed = calm. */
struct fold {
	uint64_t since_ms; /* the begin of this second */
	uint32_t lines;    /* of this second */
	bool folding;
	uint32_t held[FOLD_KINDS]; /* lines that were not written */
};

/* Counts a line of a kind. Returns whether to write it. */
bool fold_admit(struct fold *fold, unsigned int kind, uint64_t now_ms);

/* Returns whether a second with lines that were not written is over, and copies
 * their numbers to held. Call it once a second. */
bool fold_due(struct fold *fold, uint64_t now_ms, uint32_t held[FOLD_KINDS]);

#endif
