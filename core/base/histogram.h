/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts of values by size, in a fixed space: eight steps to each doubling, so
 * that a quantile is right to an eighth. Plain data: it may lie in memory that
 * another process writes, and no content makes reading it go wrong.
 */
#ifndef LVSMON_BASE_HISTOGRAM_H
#define LVSMON_BASE_HISTOGRAM_H

#include <stdint.h>

/* Up to 2^32 - 1; what is larger counts as that. */
#define HISTOGRAM_STEPS 256

struct histogram {
	uint32_t counts[HISTOGRAM_STEPS];
	uint32_t max;
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* A value that this share (0 to 1000, in thousandths) of all that were added
 * is not above; the largest one's own for 1000, 0 where there are none. */
uint32_t histogram_quantile(
	const struct histogram *histogram, unsigned int thousandths);

#endif
