// SPDX-License-Identifier: GPL-2.0-or-later
/* The weights that configuration, health and operators ask for. */
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REALS 4

/* A virtual of three reals and a fallback. */
static struct config_real reals[REALS];
static struct config_virtual virtual;
static const struct config config = {
	.virtuals = &virtual,
	.virtual_count = 1,
	.reals = reals,
	.real_count = REALS,
};
static struct policy_real known[REALS];
static struct policy_state state_of_virtual;
static uint64_t now_ms;

static int set_up(void **state)
{
	(void)state;
	now_ms = 0;
	memset(reals, 0, sizeof(reals));
	memset(known, 0, sizeof(known));
	for (uint32_t i = 0; i < REALS; i++)
		reals[i] = (struct config_real){
			.weight = 10 * (i + 1),
			.quiet_ms = CONFIG_QUIET_FOR_EVER,
			.fallback = i == 3,
		};
	virtual = (struct config_virtual){.real_count = REALS, .fallback = 3};
	policy_begin(&config, 0, false, &state_of_virtual);
	return 0;
}

static struct policy_result change(uint32_t real, struct policy_real now)
{
	struct policy_real before = known[real];

	now.stage = before.stage;
	now.quiet_s = before.quiet_s;
	known[real] = now;
	return policy_virtual(&config, real, &before, &known[real],
		virtual.fallback == CONFIG_NONE ? NULL : &known[3],
		&state_of_virtual, now_ms);
}

static struct policy_result up(uint32_t real)
{
	return change(real,
		(struct policy_real){.health = POLICY_UP, .percent = 100});
}

static struct policy_result down(uint32_t real)
{
	return change(real,
		(struct policy_real){.health = POLICY_DOWN, .percent = 100});
}

static int32_t weight(uint32_t real)
{
	return policy_weight(&config, real, &known[real], &state_of_virtual);
}

static void a_real_that_is_up_has_its_weight(void **state)
{
	(void)state;
	reals[0].quiet_ms = CONFIG_QUIET_NEVER;
	up(0);
	assert_int_equal(weight(0), 10);
	reals[0].quiet_ms = CONFIG_QUIET_FOR_EVER;
	assert_int_equal(weight(0), 10);
	reals[1].weight = CONFIG_WEIGHT_MAX;
	up(1);
	assert_int_equal(weight(1), CONFIG_WEIGHT_MAX);
}

static void a_real_that_is_down_goes_as_on_fail_says(void **state)
{
	(void)state;
	reals[0].quiet_ms = CONFIG_QUIET_NEVER;
	down(0);
	assert_int_equal(weight(0), POLICY_ABSENT);
	reals[0].quiet_ms = CONFIG_QUIET_FOR_EVER;
	assert_int_equal(weight(0), 0);
}

static void a_real_may_be_quiet_before_it_goes(void **state)
{
	struct policy_result result;

	(void)state;
	reals[0].quiet_ms = 5000;
	now_ms = 10500;
	result = down(0);
	assert_int_equal(weight(0), 0);
	assert_int_equal(result.look_ms, 16000);
	/* Another change does not begin the time anew. */
	now_ms = 12000;
	assert_int_equal(down(0).look_ms, 16000);
	assert_int_equal(policy_look(&config, 0, &known[0], 15999), 16000);
	assert_int_equal(weight(0), 0);
	assert_true(policy_look(&config, 0, &known[0], 16000) == POLICY_NEVER);
	assert_int_equal(weight(0), POLICY_ABSENT);
	assert_true(down(0).look_ms == POLICY_NEVER);
	assert_int_equal(weight(0), POLICY_ABSENT);
	/* It comes back, and the next time begins from the start. */
	up(0);
	assert_int_equal(weight(0), 10);
	assert_true(policy_look(&config, 0, &known[0], 99999) == POLICY_NEVER);
	assert_int_equal(weight(0), 10);
	now_ms = 20000;
	assert_int_equal(down(0).look_ms, 25000);
	assert_int_equal(weight(0), 0);
}

static void a_real_that_is_undecided_is_kept(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < REALS; i++)
		assert_int_equal(weight(i), POLICY_KEEP);
	up(1);
	assert_int_equal(weight(0), POLICY_KEEP);
	assert_int_equal(weight(1), 20);
}

static void a_percentage_is_rounded_up(void **state)
{
	static const struct {
		uint32_t weight;
		uint8_t percent;
		int32_t wanted;
	} rows[] = {
		{100, 100, 100},
		{100, 1, 1},
		{1, 1, 1},
		{3, 50, 2},
		{0, 50, 0},
		{CONFIG_WEIGHT_MAX, 99, 64880},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set_up(NULL);
		reals[0].weight = rows[i].weight;
		policy_begin(&config, 0, false, &state_of_virtual);
		change(0, (struct policy_real){.health = POLICY_UP,
				  .percent = rows[i].percent});
		assert_int_equal(weight(0), rows[i].wanted);
	}
}

static void a_fallback_serves_alone(void **state)
{
	(void)state;
	up(3);
	assert_int_equal(weight(3), POLICY_KEEP); /* nothing known of others */
	down(0);
	down(1);
	assert_int_equal(weight(3), POLICY_KEEP);
	assert_true(down(2).fallback);
	assert_int_equal(state_of_virtual.service, POLICY_FALLBACK);
	assert_int_equal(weight(3), 40);
	assert_true(up(1).fallback);
	assert_int_equal(weight(3), POLICY_ABSENT);
	assert_false(up(0).fallback);
	assert_false(down(1).fallback);
	assert_true(down(0).fallback);
	down(3);
	assert_int_equal(weight(3), POLICY_ABSENT);
	assert_int_equal(state_of_virtual.service, POLICY_NOBODY);
}

/* Nobody is in service: the fallback need not wait for reals that say
 * nothing. */
static void a_fallback_serves_at_once_after_a_cold_start(void **state)
{
	(void)state;
	policy_begin(&config, 0, true, &state_of_virtual);
	assert_int_equal(weight(3), POLICY_KEEP); /* it may be down itself */
	assert_true(up(3).edge);
	assert_int_equal(state_of_virtual.service, POLICY_FALLBACK);
	assert_int_equal(weight(3), 40);
	assert_true(up(0).fallback);
	assert_int_equal(weight(3), POLICY_ABSENT);
	assert_int_equal(weight(0), 10);
	/* The others still say nothing. */
	assert_true(down(0).fallback);
	assert_int_equal(weight(3), 40);
	down(3);
	assert_int_equal(weight(3), POLICY_ABSENT);
	assert_int_equal(state_of_virtual.service, POLICY_UNKNOWN);
	down(1);
	down(2);
	assert_int_equal(state_of_virtual.service, POLICY_NOBODY);
}

/* One that is undecided does not stand in, and is not thrown out. */
static void an_undecided_fallback_is_kept(void **state)
{
	(void)state;
	down(0);
	down(1);
	down(2);
	assert_int_equal(weight(3), POLICY_KEEP);
	assert_int_equal(state_of_virtual.service, POLICY_UNKNOWN);
	up(0);
	assert_int_equal(weight(3), POLICY_ABSENT);
}

static void a_real_of_weight_0_does_not_serve(void **state)
{
	(void)state;
	reals[0].weight = 0;
	policy_begin(&config, 0, false, &state_of_virtual);
	up(3);
	up(0);
	down(1);
	down(2);
	assert_int_equal(state_of_virtual.service, POLICY_FALLBACK);
	assert_int_equal(weight(0), 0);
	assert_int_equal(weight(3), 40);
}

static void edges_are_of_the_virtual(void **state)
{
	(void)state;
	virtual.fallback = CONFIG_NONE;
	assert_false(down(0).edge);
	assert_true(up(1).edge);
	assert_int_equal(state_of_virtual.service, POLICY_REALS);
	assert_false(up(2).edge);
	assert_false(down(1).edge);
	assert_true(down(2).edge);
	assert_int_equal(state_of_virtual.service, POLICY_NOBODY);
	assert_false(down(2).edge);
}

static void an_operator_goes_before_health(void **state)
{
	struct policy_real forced = {.health = POLICY_DOWN,
		.percent = 100,
		.admin = POLICY_FORCE_UP};

	(void)state;
	down(0);
	down(1);
	down(2);
	assert_true(change(0, forced).edge);
	assert_int_equal(weight(0), 10);
	forced = (struct policy_real){
		.health = POLICY_UP, .percent = 50, .admin = POLICY_FORCE_DOWN};
	assert_true(change(0, forced).edge);
	assert_int_equal(weight(0), 0);
	/* Before any verdict, too. */
	set_up(NULL);
	change(0, (struct policy_real){.admin = POLICY_FORCE_UP});
	assert_int_equal(weight(0), 10);
}

static void a_change_names_one_real(void **state)
{
	struct policy_result result;

	(void)state;
	result = up(1);
	assert_int_equal(result.first, 1);
	assert_int_equal(result.count, 1);
	assert_true(result.look_ms == POLICY_NEVER);
}

/* Random events: the counts are right, no weight is above the configured one,
 * and no virtual is without a server while one is up. */
static void the_counts_hold(void **state)
{
	(void)state;
	srandom(1);
	for (int i = 0; i < 20000; i++) {
		uint32_t serving = 0, undecided = 0;

		change((uint32_t)random() % REALS,
			(struct policy_real){
				.health = (uint8_t)(random() % 3),
				.percent = (uint8_t)(1 + random() % 100),
				.admin = (uint8_t)(random() % 8 == 0
							   ? random() % 3
							   : POLICY_AUTO),
			});
		for (uint32_t r = 0; r < 3; r++) {
			int32_t now = weight(r);

			assert_true(now <= (int32_t)reals[r].weight);
			serving += now > 0;
			undecided += now == POLICY_KEEP;
		}
		assert_int_equal(state_of_virtual.serving, serving);
		assert_int_equal(state_of_virtual.undecided, undecided);
		if (serving)
			assert_int_equal(weight(3), POLICY_ABSENT);
		else if (!undecided && known[3].health == POLICY_UP &&
			 known[3].admin == POLICY_AUTO)
			assert_true(weight(3) > 0);
	}
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup(test, set_up)
	const struct CMUnitTest tests[] = {
		EACH(a_real_that_is_up_has_its_weight),
		EACH(a_real_that_is_down_goes_as_on_fail_says),
		EACH(a_real_may_be_quiet_before_it_goes),
		EACH(a_real_that_is_undecided_is_kept),
		EACH(a_percentage_is_rounded_up),
		EACH(a_fallback_serves_alone),
		EACH(a_fallback_serves_at_once_after_a_cold_start),
		EACH(an_undecided_fallback_is_kept),
		EACH(a_real_of_weight_0_does_not_serve),
		EACH(edges_are_of_the_virtual),
		EACH(an_operator_goes_before_health),
		EACH(a_change_names_one_real),
		EACH(the_counts_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
