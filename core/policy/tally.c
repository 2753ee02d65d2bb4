// SPDX-License-Identifier: GPL-2.0-or-later
/* From the health of checks to the health of their real. */
#include "policy/tally.h"

#include <assert.h>

void tally_add(struct tally *tally, struct tally_check check)
{
	assert(tally->failing < UINT16_MAX || check.up);
	tally->undecided = (uint16_t)(tally->undecided + !check.decided);
	tally->failing = (uint16_t)(tally->failing + !check.up);
}

static void tally_take(struct tally *tally, struct tally_check check)
{
	assert(tally->undecided > 0 || check.decided);
	assert(tally->failing > 0 || check.up);
	tally->undecided = (uint16_t)(tally->undecided - !check.decided);
	tally->failing = (uint16_t)(tally->failing - !check.up);
}

bool tally_change(
	struct tally *tally, struct tally_check before, struct tally_check now)
{
	bool decided = tally_is_decided(tally);
	bool up = tally_is_up(tally);

	tally_take(tally, before);
	tally_add(tally, now);
	return decided != tally_is_decided(tally) || up != tally_is_up(tally);
}

bool tally_is_decided(const struct tally *tally)
{
	return tally->undecided == 0;
}

bool tally_is_up(const struct tally *tally)
{
	return tally->failing == 0;
}
