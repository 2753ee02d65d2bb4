// SPDX-License-Identifier: GPL-2.0-or-later
/* From the health of checks to the health of their real. */
#include "policy/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct tally_check unknown = {false, false};
static const struct tally_check assumed = {false, true};
static const struct tally_check up = {true, true};
static const struct tally_check down = {true, false};

static void a_real_without_checks_is_up(void **state)
{
	const struct tally tally = {0};

	(void)state;
	assert_true(tally_is_decided(&tally));
	assert_true(tally_is_up(&tally));
}

static void all_checks_have_to_be_up(void **state)
{
	struct tally tally = {0};

	(void)state;
	tally_add(&tally, up);
	tally_add(&tally, up);
	assert_true(tally_is_up(&tally));
	assert_true(tally_change(&tally, up, down));
	assert_false(tally_is_up(&tally));
	assert_false(tally_change(&tally, up, down));
	assert_false(tally_change(&tally, down, up));
	assert_true(tally_change(&tally, down, up));
	assert_true(tally_is_up(&tally));
}

static void all_checks_have_to_be_decided(void **state)
{
	struct tally tally = {0};

	(void)state;
	tally_add(&tally, unknown);
	tally_add(&tally, assumed);
	assert_false(tally_is_decided(&tally));
	assert_false(tally_is_up(&tally));
	/* One that was assumed up is up: nothing changes but that. */
	assert_false(tally_change(&tally, assumed, up));
	assert_false(tally_is_decided(&tally));
	assert_true(tally_change(&tally, unknown, up));
	assert_true(tally_is_decided(&tally));
	assert_true(tally_is_up(&tally));
}

static void a_first_failure_decides(void **state)
{
	struct tally tally = {0};

	(void)state;
	tally_add(&tally, unknown);
	assert_true(tally_change(&tally, unknown, down));
	assert_true(tally_is_decided(&tally));
	assert_false(tally_is_up(&tally));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_without_checks_is_up),
		cmocka_unit_test(all_checks_have_to_be_up),
		cmocka_unit_test(all_checks_have_to_be_decided),
		cmocka_unit_test(a_first_failure_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
