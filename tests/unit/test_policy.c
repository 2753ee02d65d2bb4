// SPDX-License-Identifier: GPL-2.0-or-later
/* What config and health ask of the table. */
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_real_that_is_up_has_its_weight(void **state)
{
	struct config_real real = {.weight = 7, .on_fail = CONFIG_REMOVE};

	(void)state;
	assert_int_equal(policy_real(&real, true), 7);
	real.on_fail = CONFIG_QUIESCE;
	assert_int_equal(policy_real(&real, true), 7);
	real.weight = 0;
	assert_int_equal(policy_real(&real, true), 0);
	real.weight = CONFIG_WEIGHT_MAX;
	assert_int_equal(policy_real(&real, true), CONFIG_WEIGHT_MAX);
}

static void a_real_that_is_down_goes_as_on_fail_says(void **state)
{
	struct config_real real = {.weight = 7, .on_fail = CONFIG_REMOVE};

	(void)state;
	assert_int_equal(policy_real(&real, false), POLICY_ABSENT);
	real.on_fail = CONFIG_QUIESCE;
	assert_int_equal(policy_real(&real, false), 0);
}

static void a_fallback_serves_alone(void **state)
{
	const struct config_real real = {
		.weight = 3,
		.fallback = true,
		.on_fail = CONFIG_QUIESCE,
	};

	(void)state;
	assert_int_equal(policy_fallback(&real, true, 0), 3);
	assert_int_equal(policy_fallback(&real, true, 1), POLICY_ABSENT);
	assert_int_equal(policy_fallback(&real, false, 0), POLICY_ABSENT);
	assert_int_equal(policy_fallback(&real, false, 9), POLICY_ABSENT);
}

static void a_real_of_weight_0_does_not_serve(void **state)
{
	struct config_real real = {.weight = 0};

	(void)state;
	assert_false(policy_serves(&real));
	real.weight = 1;
	assert_true(policy_serves(&real));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_that_is_up_has_its_weight),
		cmocka_unit_test(a_real_that_is_down_goes_as_on_fail_says),
		cmocka_unit_test(a_fallback_serves_alone),
		cmocka_unit_test(a_real_of_weight_0_does_not_serve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
