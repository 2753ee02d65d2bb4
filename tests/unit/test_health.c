// SPDX-License-Identifier: GPL-2.0-or-later
/* Hysteresis: rise, fall, fall-after, the first verdict, saturation. */
#include "health/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct health_rules two_three = {
	.rise = 2, .fall = 3, .gap_ms = 1000};

/* Passes one verdict a second, 'u' or 'd'. Compares each edge: 'U', 'D', or '.'
 * for none. */
static void play(struct health *health, const struct health_rules *rules,
	const char *verdicts, const char *edges)
{
	static const char names[] = {
		[HEALTH_NO_EDGE] = '.',
		[HEALTH_EDGE_UP] = 'U',
		[HEALTH_EDGE_DOWN] = 'D',
	};
	uint64_t changed_ms = health->changed_ms;
	char seen[64] = "";

	assert_true(strlen(verdicts) < sizeof(seen));
	for (size_t i = 0; verdicts[i]; i++) {
		enum health_edge edge = health_verdict(
			health, rules, verdicts[i] == 'u', 1000 * (i + 1));

		seen[i] = names[edge];
		assert_true(health_is_valid(health));
		if (edge != HEALTH_NO_EDGE)
			changed_ms = 1000 * (i + 1);
		assert_int_equal(health->changed_ms, changed_ms);
	}
	assert_string_equal(seen, edges);
}

static struct health fresh(bool in_service)
{
	struct health health;

	health_init(&health, in_service, 0);
	return health;
}

static void first_success_is_up_at_once(void **state)
{
	struct health health = fresh(false);

	(void)state;
	assert_false(health_is_up(&health));
	assert_false(health_is_settled(&health));
	play(&health, &two_three, "u", "U");
	assert_true(health_is_up(&health));
	assert_true(health_is_settled(&health));
}

static void first_failure_is_down_at_once(void **state)
{
	struct health health = fresh(false);

	(void)state;
	play(&health, &two_three, "d", "D");
	assert_false(health_is_up(&health));
	assert_true(health_is_settled(&health));
}

static void rises_and_falls_by_count(void **state)
{
	struct health health = fresh(false);

	(void)state;
	play(&health, &two_three, "uddudddduduudddu", "U.....D....U..D.");
	assert_int_equal(health.falls, 0);
	assert_int_equal(health.rises, 1);
	assert_int_equal(health.successes, 6);
	assert_int_equal(health.failures, 10);
}

static void one_is_enough_where_rules_say_one(void **state)
{
	const struct health_rules rules = {.rise = 1, .fall = 1};
	struct health health = fresh(false);

	(void)state;
	play(&health, &rules, "uduudd", "UDU.D.");
}

static void what_was_in_service_needs_the_whole_fall(void **state)
{
	struct health health = fresh(true);

	(void)state;
	assert_true(health_is_up(&health));
	assert_false(health_is_settled(&health));
	play(&health, &two_three, "d", ".");
	assert_true(health_is_settled(&health));
	assert_true(health_is_up(&health));
	health = fresh(true);
	play(&health, &two_three, "ddd", "..D");
	health = fresh(true);
	play(&health, &two_three, "uddd", "...D");
}

static void falls_after_a_time_without_success(void **state)
{
	const struct health_rules rules = {
		.rise = 1, .fall_after_ms = 5000, .gap_ms = 1000};
	struct health health = fresh(false);

	(void)state;
	/* In second 6 the success of second 1 is 5 s old. */
	play(&health, &rules, "udddddd", "U....D.");
	health = fresh(true);
	play(&health, &rules, "dddddd", "....D.");
	health = fresh(false);
	play(&health, &rules, "uddudddddd", "U.......D.");
}

/* The machine was paused, or no engine ran: only a gap of that time counts. */
static void a_pause_is_no_time_without_success(void **state)
{
	const struct health_rules rules = {
		.rise = 1, .fall_after_ms = 5000, .gap_ms = 1500};
	uint64_t now = 1000;
	struct health health = fresh(false);

	(void)state;
	health_verdict(&health, &rules, true, now);
	now += 3600000;
	for (int i = 0; i < 4; i++, now += 1000)
		assert_int_equal(health_verdict(&health, &rules, false, now),
			HEALTH_NO_EDGE);
	now += 3600000;
	/* 1.5 + 3 + 1.5 s */
	assert_int_equal(
		health_verdict(&health, &rules, false, now), HEALTH_EDGE_DOWN);
	/* A scoreboard that says nonsense. */
	health_verdict(&health, &rules, true, now);
	health.seen_ms = now + 1000000;
	assert_int_equal(
		health_verdict(&health, &rules, false, now), HEALTH_NO_EDGE);
}

static void falls_by_whichever_comes_first(void **state)
{
	struct health_rules rules = {
		.rise = 1,
		.fall = 2,
		.fall_after_ms = 5000,
		.gap_ms = 1000,
	};
	struct health health = fresh(false);

	(void)state;
	play(&health, &rules, "uddd", "U.D.");
	rules.fall = 100;
	health = fresh(false);
	play(&health, &rules, "uddddddd", "U....D..");
}

static void counters_stop_at_the_top(void **state)
{
	struct health health = fresh(false);

	(void)state;
	play(&health, &two_three, "u", "U");
	health.successes = UINT32_MAX;
	health.rises = UINT32_MAX;
	play(&health, &two_three, "u", ".");
	assert_int_equal(health.successes, UINT32_MAX);
	assert_int_equal(health.rises, UINT32_MAX);
	play(&health, &two_three, "ddd", "..D");
	health.failures = UINT32_MAX;
	health.falls = UINT32_MAX;
	play(&health, &two_three, "d", ".");
	assert_int_equal(health.failures, UINT32_MAX);
	assert_int_equal(health.falls, UINT32_MAX);
	/* It still comes up after `rise` successes. */
	play(&health, &two_three, "uu", ".U");
}

static void nonsense_is_seen(void **state)
{
	struct health health = fresh(false);

	(void)state;
	assert_true(health_is_valid(&health));
	health.state = HEALTH_DOWN + 1;
	assert_false(health_is_valid(&health));
	health = fresh(false);
	health.successes = health.failures = 5;
	health.rises = health.falls = 1;
	assert_false(health_is_valid(&health));
	health.falls = 0;
	health.rises = 6;
	assert_false(health_is_valid(&health));
	health.rises = 0;
	health.falls = 6;
	assert_false(health_is_valid(&health));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_success_is_up_at_once),
		cmocka_unit_test(first_failure_is_down_at_once),
		cmocka_unit_test(rises_and_falls_by_count),
		cmocka_unit_test(one_is_enough_where_rules_say_one),
		cmocka_unit_test(what_was_in_service_needs_the_whole_fall),
		cmocka_unit_test(falls_after_a_time_without_success),
		cmocka_unit_test(a_pause_is_no_time_without_success),
		cmocka_unit_test(falls_by_whichever_comes_first),
		cmocka_unit_test(counters_stop_at_the_top),
		cmocka_unit_test(nonsense_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
