// SPDX-License-Identifier: GPL-2.0-or-later
/* Reconcile, with a naive table in the role of the kernel. */
#include "table_bench.h"

#include "ipvs/backend.h"
#include "policy/policy.h"

#include <string.h>

static uint64_t random_state;

static uint32_t any(uint32_t below)
{
	random_state =
		random_state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(random_state >> 33) % below;
}

static void makes_all_at_first(void **state)
{
	(void)state;
	look(0);
	want_all();
	apply();
	assert_int_equal(op_count, VIRTUALS + 1 + (VIRTUALS + 1) * REALS);
	for (unsigned int i = 0; i <= VIRTUALS; i++)
		assert_int_equal(ops[i].verb, IPVS_NEW_SERVICE);
	assert_kernel_is_wanted();
	apply();
	assert_int_equal(op_count, 0);
	look(0);
	apply();
	assert_int_equal(op_count, 0);
}

static void wants_nothing_till_it_is_told(void **state)
{
	(void)state;
	look(0);
	apply();
	assert_int_equal(op_count, 0);
	assert_false(table_decided(table, 0));
	assert_int_equal(table_wanted(table, 0), POLICY_ABSENT);
	table_want(table, 0, 10);
	apply();
	assert_int_equal(op_count, 4); /* two services with one real each */
}

static void changes_as_little_as_it_can(void **state)
{
	(void)state;
	look(0);
	want_all();
	apply();
	table_want(table, 5, 0);
	apply();
	assert_int_equal(op_count, 1);
	assert_int_equal(ops[0].verb, IPVS_SET_REAL);
	assert_int_equal(ops[0].real.weight, 0);
	table_want(table, 5, POLICY_ABSENT);
	apply();
	assert_int_equal(op_count, 1);
	assert_int_equal(ops[0].verb, IPVS_DEL_REAL);
	/* A weight that is changed and changed back needs no operation. */
	table_want(table, 5, 15);
	table_want(table, 5, POLICY_ABSENT);
	apply();
	assert_int_equal(op_count, 0);
}

static void adds_before_it_removes(void **state)
{
	(void)state;
	look(0);
	want_all();
	table_want(table, 4, POLICY_ABSENT);
	apply();
	table_want(table, 5, 0);
	table_want(table, 6, POLICY_ABSENT);
	table_want(table, 4, 14);
	apply();
	assert_int_equal(op_count, 3);
	assert_int_equal(ops[0].verb, IPVS_NEW_REAL);
	assert_int_equal(ops[1].verb, IPVS_SET_REAL);
	assert_int_equal(ops[2].verb, IPVS_DEL_REAL);
}

static void adopts_what_is_there(void **state)
{
	(void)state;
	look(0);
	want_all();
	apply();
	table = table_create(arena, &config);
	look(0);
	assert_true(table_in_service(table, 0));
	want_all();
	apply();
	assert_int_equal(op_count, 0);
}

static void knows_what_was_in_service(void **state)
{
	(void)state;
	assert_int_equal(meddle(IPVS_NEW_SERVICE, 1, 0, 0), 0);
	assert_int_equal(meddle(IPVS_NEW_REAL, 1, 0, 7), 0);
	assert_int_equal(meddle(IPVS_NEW_REAL, 1, 1, 0), 0);
	look(0);
	assert_true(table_in_service(table, 0));
	assert_false(table_in_service(table, 1));
	assert_false(table_in_service(table, 2));
}

static void takes_only_what_fits_the_family(void **state)
{
	(void)state;
	reals[0].address = address("2001:db8::1", 80);
	reals[0].forward = CONFIG_MASQ;
	reals[1].address = address("2001:db8::2", 80);
	reals[1].forward = CONFIG_TUNNEL;
	table = table_create(arena, &config);
	look(0);
	table_want(table, 0, 10);
	table_want(table, 1, 11);
	apply();
	assert_int_equal(op_count, 4);
	assert_int_equal(kernel_weight(0, 0), POLICY_ABSENT);
	assert_int_equal(kernel_weight(0, 1), 11);
}

static void tries_again_after_a_look(void **state)
{
	struct ipvs_op op;

	(void)state;
	look(0);
	table_want(table, 4, 14);
	assert_true(table_next(table, &op));
	assert_int_equal(op.verb, IPVS_NEW_SERVICE);
	table_failed(table, &op);
	/* No real is added to a service that does not exist. */
	assert_false(table_next(table, &op));
	look(0);
	apply();
	assert_int_equal(op_count, 2);
	table_want(table, 4, 0);
	assert_true(table_next(table, &op));
	table_failed(table, &op);
	assert_false(table_next(table, &op));
	ipvs_look(kernel, table);
	apply();
	assert_int_equal(op_count, 1);
	assert_kernel_is_wanted();
}

static void leaves_what_the_next_config_drops(void **state)
{
	struct config smaller = config;
	struct table *new;
	struct ipvs_op op;
	uint32_t cursor = 0;

	(void)state;
	look(0);
	want_all();
	apply();
	smaller.service_count = VIRTUALS; /* without the last one */
	new = table_create(arena, &smaller);
	assert_true(table_leave(table, new, &cursor, &op));
	assert_int_equal(op.verb, IPVS_DEL_SERVICE);
	assert_int_equal(op.service.address.port, 80 + VIRTUALS);
	assert_false(table_leave(table, new, &cursor, &op));
	cursor = 0;
	for (int i = 0; i <= VIRTUALS; i++)
		assert_true(table_leave(table, NULL, &cursor, &op));
	assert_false(table_leave(table, NULL, &cursor, &op));
}

static int32_t any_weight(uint32_t real)
{
	switch (any(3)) {
	case 0:
		return POLICY_ABSENT;
	case 1:
		return 0;
	default:
		return (int32_t)reals[real].weight;
	}
}

/* Counts the kernel's entries that differ from the wanted ones. No more
 * operations are needed than that. */
static unsigned int differences(void)
{
	unsigned int count = 0;

	for (uint32_t s = 0; s < config.service_count; s++)
		for (uint32_t i = 0; i < REALS; i++) {
			uint32_t r = services[s].virtual * REALS + i;

			count += table_decided(table, r) &&
				 kernel_weight(s, r) != table_wanted(table, r);
		}
	return count;
}

static void ends_as_wanted_whatever_happens(void **state)
{
	(void)state;
	look(0);
	want_all();
	apply();
	for (random_state = 1; random_state;) {
		for (uint32_t n = any(6); n; n--) {
			uint32_t real = any(config.real_count);

			table_want(table, real, any_weight(real));
		}
		if (any(4) == 0)
			meddle((enum ipvs_verb)(IPVS_NEW_REAL + any(3)),
				any(config.service_count), any(REALS), any(50));
		ipvs_look(kernel, table);
		{
			unsigned int most = differences();

			apply();
			/* In another virtual the real is a stranger. */
			assert_in_range(op_count, most, most + 1);
		}
		assert_kernel_is_wanted();
		if (any(2000) == 0)
			break;
	}
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(makes_all_at_first),
		EACH(wants_nothing_till_it_is_told),
		EACH(changes_as_little_as_it_can),
		EACH(adds_before_it_removes),
		EACH(adopts_what_is_there),
		EACH(knows_what_was_in_service),
		EACH(takes_only_what_fits_the_family),
		EACH(tries_again_after_a_look),
		EACH(leaves_what_the_next_config_drops),
		EACH(ends_as_wanted_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
