// SPDX-License-Identifier: GPL-2.0-or-later
/* Quantiles, compared with those of sorted values. */
#include "base/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VALUES 5000

static struct histogram histogram;

static int compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void is_right_to_an_eighth(void **state)
{
	static const unsigned int shares[] = {1, 100, 500, 900, 990, 999, 1000};
	static uint32_t values[VALUES];
	uint64_t random = 1;

	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	for (size_t i = 0; i < VALUES; i++) {
		random = random * 6364136223846793005U + 1442695040888963407U;
		values[i] = (uint32_t)(random >> 32) >> (random >> 20) % 32;
		histogram_add(&histogram, values[i]);
	}
	qsort(values, VALUES, sizeof(values[0]), compare);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		uint64_t exact = values[(VALUES * shares[i] + 999) / 1000 - 1];
		uint64_t said = histogram_quantile(&histogram, shares[i]);

		assert_true(said >= exact);
		assert_true(said <= exact + exact / 8);
	}
	assert_int_equal(
		histogram_quantile(&histogram, 1000), values[VALUES - 1]);
}

static void holds_its_ends(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	assert_int_equal(histogram_quantile(&histogram, 500), 0);
	histogram_add(&histogram, 0);
	assert_int_equal(histogram_quantile(&histogram, 1000), 0);
	histogram_add(&histogram, UINT64_MAX);
	assert_int_equal(histogram_quantile(&histogram, 500), 0);
	assert_int_equal(histogram_quantile(&histogram, 1000), UINT32_MAX);
}

/* Another process may have written anything to the shared memory. */
static void stands_any_content(void **state)
{
	(void)state;
	memset(&histogram, 0xff, sizeof(histogram));
	for (unsigned int share = 0; share <= 1000; share++)
		histogram_quantile(&histogram, share);
	histogram_add(&histogram, 5);
	assert_int_equal(histogram.counts[5], UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_right_to_an_eighth),
		cmocka_unit_test(holds_its_ends),
		cmocka_unit_test(stands_any_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
