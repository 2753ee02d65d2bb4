/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts of values by size, in fixed space. Each doubling has eight steps, so
 * that a quantile is at most an eighth too large. It is plain data and may lie
 * in memory that another process writes: no content makes reading it unsafe.
 */
#ifndef LVSMON_BASE_HISTOGRAM_H
#define LVSMON_BASE_HISTOGRAM_H

#include <stdint.h>

/* Values range up to 2^32 - 1. A larger value counts as 2^32 - 1. */
#define HISTOGRAM_STEPS 256

struct histogram {
	uint32_t counts[HISTOGRAM_STEPS];
	uint32_t max;
};

/* Adds one value. A count that has reached its maximum stays there. */
void histogram_add(struct histogram *histogram, uint64_t value);

/* Returns the value at or below which `thousandths`/1000 of the samples lie.
 * For 1000 this is the largest sample. Returns 0 if there are no samples. */
uint32_t histogram_quantile(
	const struct histogram *histogram, unsigned int thousandths);

#endif
