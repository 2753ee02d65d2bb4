// SPDX-License-Identifier: GPL-2.0-or-later
/* The grid of due times. */
#include "engine/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void phases_are_spread_evenly(void **state)
{
	(void)state;
	assert_int_equal(grid_phase(1000, 0, 4), 0);
	assert_int_equal(grid_phase(1000, 1, 4), 250);
	assert_int_equal(grid_phase(1000, 3, 4), 750);
	/* A day in microseconds, with the greatest number of checks. */
	assert_true(grid_phase(86400000000, 999999, 1000000) < 86400000000);
	assert_true(grid_phase(86400000000, 999999, 1000000) > 86399000000);
}

static void the_next_point_is_later(void **state)
{
	(void)state;
	assert_int_equal(grid_after(100, 30, 0), 30);
	assert_int_equal(grid_after(100, 30, 29), 30);
	assert_int_equal(grid_after(100, 30, 30), 130);
	assert_int_equal(grid_after(100, 30, 129), 130);
	assert_int_equal(grid_after(100, 30, 1000), 1030);
}

static void it_does_not_drift(void **state)
{
	uint64_t due = 30;

	(void)state;
	for (int i = 1; i < 1000; i++) {
		/* Begins up to 40 late and ends within the interval. */
		uint64_t began = due + (uint64_t)(random() % 41);

		due = grid_next(
			100, 30, began, began + (uint64_t)(random() % 50));
		assert_int_equal(due, 30 + i * 100);
	}
}

static void what_was_missed_is_skipped(void **state)
{
	(void)state;
	assert_int_equal(grid_next(100, 30, 30, 131), 230);
	assert_int_equal(grid_next(100, 30, 30, 999), 1030);
	/* Begun off the grid, as in a first round. */
	assert_int_equal(grid_next(100, 30, 95, 96), 230);
	assert_int_equal(grid_next(100, 30, 70, 75), 130);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phases_are_spread_evenly),
		cmocka_unit_test(the_next_point_is_later),
		cmocka_unit_test(it_does_not_drift),
		cmocka_unit_test(what_was_missed_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
