// SPDX-License-Identifier: GPL-2.0-or-later
/* Folds a storm of lines. */
#include "keeper/fold.h"

#include <assert.h>
#include <string.h>

static bool holds(const struct fold *fold)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < FOLD_KINDS; i++)
		sum |= fold->held[i];
	return sum > 0;
}

static bool is_over(const struct fold *fold, uint64_t now_ms)
{
	return now_ms - fold->since_ms >= FOLD_SECOND_MS;
}

static void begin_second(struct fold *fold, uint64_t now_ms)
{
	fold->folding = fold->lines > FOLD_FIRST;
	fold->lines = 0;
	fold->since_ms = now_ms;
}

bool fold_admit(struct fold *fold, unsigned int kind, uint64_t now_ms)
{
	assert(kind < FOLD_KINDS);
	if (is_over(fold, now_ms) && !holds(fold))
		begin_second(fold, now_ms);
	fold->lines++;
	if (!fold->folding && fold->lines <= FOLD_FIRST)
		return true;
	fold->folding = true;
	fold->held[kind]++;
	return false;
}

bool fold_due(struct fold *fold, uint64_t now_ms, uint32_t held[FOLD_KINDS])
{
	bool due = holds(fold);

	if (!is_over(fold, now_ms))
		return false;
	memcpy(held, fold->held, sizeof(fold->held));
	memset(fold->held, 0, sizeof(fold->held));
	begin_second(fold, now_ms);
	return due;
}
