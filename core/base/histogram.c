// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts of values by size. */
#include "base/histogram.h"

#include <assert.h>

#define STEP_BITS                                                              \
	3 /* bits of a value, below its highest 1, that choose a step */

/* Each value below 8 has a step of its own. For a larger value, the highest bit
 * selects the doubling and the three bits below it select the step. */
static unsigned int step_of(uint32_t value)
{
	unsigned int high, shift, step;

	if (value < 1U << STEP_BITS)
		return value;
	high = 31U - (unsigned int)__builtin_clz(value);
	shift = high - STEP_BITS;
	step = (shift << STEP_BITS) + (value >> shift);
	assert(step < HISTOGRAM_STEPS);
	return step;
}

/* Returns the largest value of a step. */
static uint32_t step_end(unsigned int step)
{
	unsigned int shift;
	uint64_t first;

	if (step < 1U << STEP_BITS)
		return step;
	shift = (step >> STEP_BITS) - 1;
	first = (uint64_t)(step - (shift << STEP_BITS)) << shift;
	first += (UINT64_C(1) << shift) - 1;
	return first > UINT32_MAX ? UINT32_MAX : (uint32_t)first;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
	uint32_t narrow = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	uint32_t *count = &histogram->counts[step_of(narrow)];

	if (*count < UINT32_MAX)
		(*count)++;
	if (narrow > histogram->max)
		histogram->max = narrow;
}

uint32_t histogram_quantile(
	const struct histogram *histogram, unsigned int thousandths)
{
	uint64_t all = 0, so_far = 0, wanted;

	assert(thousandths <= 1000);
	for (unsigned int i = 0; i < HISTOGRAM_STEPS; i++)
		all += histogram->counts[i];
	wanted = (all * thousandths + 999) / 1000;
	for (unsigned int i = 0; i < HISTOGRAM_STEPS && wanted; i++) {
		so_far += histogram->counts[i];
		if (so_far < wanted)
			continue;
		return step_end(i) < histogram->max ? step_end(i)
						    : histogram->max;
	}
	return 0;
}
