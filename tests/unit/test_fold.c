// SPDX-License-Identifier: GPL-2.0-or-later
/* A storm of lines: the first lines, one line a second, and calm again. */
#include "keeper/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint32_t admit(struct fold *fold, uint32_t lines, uint64_t now)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < lines; i++)
		told += fold_admit(fold, i % 2, now);
	return told;
}

static void a_calm_second_is_told_line_by_line(void **state)
{
	struct fold fold = {0};
	uint32_t held[FOLD_KINDS];

	(void)state;
	for (uint64_t second = 1; second < 100; second++) {
		uint64_t now = second * FOLD_SECOND_MS;

		assert_int_equal(admit(&fold, FOLD_FIRST, now), FOLD_FIRST);
		assert_false(fold_due(&fold, now + 10, held));
	}
}

static void a_storm_is_one_line_a_second(void **state)
{
	struct fold fold = {0};
	uint32_t held[FOLD_KINDS];
	uint64_t now = 7000;

	(void)state;
	assert_int_equal(admit(&fold, 1000, now), FOLD_FIRST);
	for (int second = 0; second < 5; second++) {
		now += FOLD_SECOND_MS;
		assert_true(fold_due(&fold, now, held));
		assert_int_equal(
			held[0] + held[1], second ? 1000 : 1000 - FOLD_FIRST);
		assert_int_equal(held[0], held[1]);
		assert_false(fold_due(&fold, now, held));
		assert_int_equal(admit(&fold, 1000, now + 1), 0);
	}
	/* A second that was calm ends the storm. */
	now += FOLD_SECOND_MS;
	assert_true(fold_due(&fold, now, held));
	assert_int_equal(admit(&fold, 4, now + 1), 0);
	now += FOLD_SECOND_MS;
	assert_true(fold_due(&fold, now, held));
	assert_int_equal(held[0] + held[1], 4);
	assert_int_equal(admit(&fold, 4, now + 1), 4);
	now += FOLD_SECOND_MS;
	assert_false(fold_due(&fold, now, held));
}

static void a_storm_of_long_ago_is_over(void **state)
{
	struct fold fold = {0};
	uint32_t held[FOLD_KINDS];

	(void)state;
	admit(&fold, FOLD_FIRST + 1, 1000);
	assert_true(fold_due(&fold, 2000, held));
	assert_int_equal(admit(&fold, FOLD_FIRST, 60000), FOLD_FIRST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_calm_second_is_told_line_by_line),
		cmocka_unit_test(a_storm_is_one_line_a_second),
		cmocka_unit_test(a_storm_of_long_ago_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
