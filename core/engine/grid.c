// SPDX-License-Identifier: GPL-2.0-or-later
/* The times at which checks are due. */
#include "engine/grid.h"

#include <assert.h>

uint64_t grid_phase(uint64_t interval, uint32_t index, uint32_t count)
{
	assert(index < count);
	return interval * index / count;
}

uint64_t grid_after(uint64_t interval, uint64_t phase, uint64_t time)
{
	if (time < phase)
		return phase;
	return phase + ((time - phase) / interval + 1) * interval;
}

uint64_t grid_next(
	uint64_t interval, uint64_t phase, uint64_t began, uint64_t ended)
{
	uint64_t soonest = began + interval / 2;

	return grid_after(interval, phase, ended > soonest ? ended : soonest);
}
