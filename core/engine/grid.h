/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When checks are due: each on a grid of its own, phase + n * interval, which
 * stands still whatever happens on it. Pure. */
#ifndef LVSMON_ENGINE_GRID_H
#define LVSMON_ENGINE_GRID_H

#include <stdint.h>

/* Where in its interval the index-th of count lies: spread evenly. */
uint64_t grid_phase(uint64_t interval, uint32_t index, uint32_t count);

/* The grid's first point after a time. */
uint64_t grid_after(uint64_t interval, uint64_t phase, uint64_t time);

/* The point that follows a probe that ran from began to ended: what was
 * missed is skipped, and no two probes begin within half an interval. */
uint64_t grid_next(
	uint64_t interval, uint64_t phase, uint64_t began, uint64_t ended);

#endif
