/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The times at which a check is due: the points phase + n * interval of a grid
 * of its own. Late or long probes do not move the grid. Pure functions; all
 * times have the same unit.
 */
#ifndef LVSMON_ENGINE_GRID_H
#define LVSMON_ENGINE_GRID_H

#include <stdint.h>

/* Returns the phase of check `index` of `count` checks (index < count), which
 * spreads the checks evenly over the interval. */
uint64_t grid_phase(uint64_t interval, uint32_t index, uint32_t count);

/* Returns the first point of the grid after time. */
uint64_t grid_after(uint64_t interval, uint64_t phase, uint64_t time);

/* Returns the point that follows a probe that ran from began to ended. Skips
 * missed points, and points within half an interval after began. */
uint64_t grid_next(
	uint64_t interval, uint64_t phase, uint64_t began, uint64_t ended);

#endif
