// SPDX-License-Identifier: GPL-2.0-or-later
/* Reconcile, against a naive table that is the kernel. */
#include "keeper/ipvs.h"
#include "keeper/ipvs_backend.h"
#include "model/policy.h"
#include "model/table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define VIRTUALS 3
#define REALS 4 /* of each virtual */

/* The first virtual has two addresses. */
static struct config_virtual virtuals[VIRTUALS];
static struct config_service services[VIRTUALS + 1];
static struct config_real reals[VIRTUALS * REALS];
static struct config config = {
	.virtuals = virtuals,
	.services = services,
	.reals = reals,
	.virtual_count = VIRTUALS,
	.service_count = VIRTUALS + 1,
	.real_count = VIRTUALS * REALS,
	.slot_count = (VIRTUALS + 1) * REALS,
};

static struct arena *arena;
static struct table *table;
static struct ipvs *kernel;
static struct ipvs_op ops[1000];
static unsigned int op_count;
static uint64_t random_state;

static uint32_t any(uint32_t below)
{
	random_state =
		random_state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(random_state >> 33) % below;
}

static struct address address(const char *text, uint16_t port)
{
	struct address parsed;

	assert_int_equal(address_parse(&parsed, text), 0);
	parsed.port = port;
	return parsed;
}

static void describe(void)
{
	for (uint32_t v = 0; v < VIRTUALS; v++)
		virtuals[v] = (struct config_virtual){
			.name = "web",
			.scheduler = "wlc",
			.netmask4 = 32,
			.netmask6 = 128,
			.service = v ? v + 1 : 0,
			.service_count = v ? 1 : 2,
			.real = v * REALS,
			.real_count = REALS,
			.fallback = CONFIG_NONE,
		};
	for (uint32_t s = 0; s <= VIRTUALS; s++)
		services[s] = (struct config_service){
			.address = address("192.0.2.1", (uint16_t)(80 + s)),
			.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.virtual = s ? s - 1 : 0,
			.slot = s * REALS,
		};
	for (uint32_t r = 0; r < VIRTUALS * REALS; r++)
		reals[r] = (struct config_real){
			.address = address("10.0.0.1", (uint16_t)(8000 + r)),
			.virtual = r / REALS,
			.weight = 10 + r,
		};
}

static int set_up(void **state)
{
	(void)state;
	describe();
	arena = arena_create();
	table = table_create(arena, &config);
	kernel = ipvs_open_memory();
	return kernel ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	ipvs_close(kernel);
	arena_destroy(arena);
	return 0;
}

static void look(uint32_t drift)
{
	assert_int_equal(ipvs_look(kernel, table), drift);
}

/* Does what table asks for, and keeps it in ops. */
static void apply(void)
{
	int error;

	op_count = 0;
	while (table_next(table, &ops[op_count])) {
		assert_int_equal(
			kernel->apply(kernel, &ops[op_count], &error, 1), 0);
		assert_int_equal(error, 0);
		op_count++;
	}
}

/* Somebody else does something. */
static int meddle(
	enum ipvs_verb verb, uint32_t service, uint32_t real, uint32_t weight)
{
	struct ipvs_op op = {.verb = verb};
	int error;

	table_service(&config, service, &op.service);
	table_real(&config, real, weight, &op.real);
	assert_int_equal(kernel->apply(kernel, &op, &error, 1), 0);
	return error;
}

struct find {
	const struct address *address;
	int32_t weight;
	unsigned int count;
};

static void find_real(void *arg, const struct ipvs_service *service,
	const struct ipvs_real *real)
{
	struct find *find = arg;

	(void)service;
	find->count++;
	if (address_compare(find->address, &real->address) == 0)
		find->weight = (int32_t)real->weight;
}

static int32_t kernel_weight(uint32_t service, uint32_t real)
{
	struct find find = {&reals[real].address, POLICY_ABSENT, 0};
	struct ipvs_service key;

	table_service(&config, service, &key);
	kernel->dump_reals(kernel, &key, find_real, &find);
	return find.weight;
}

static void want_all(void)
{
	for (uint32_t r = 0; r < config.real_count; r++)
		table_want(table, r, (int32_t)reals[r].weight);
}

static void assert_kernel_is_wanted(void)
{
	for (uint32_t s = 0; s < config.service_count; s++)
		for (uint32_t i = 0; i < REALS; i++) {
			uint32_t r = services[s].virtual * REALS + i;

			if (table_decided(table, r))
				assert_int_equal(kernel_weight(s, r),
					table_wanted(table, r));
		}
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
	assert_int_equal(op_count, 4); /* two services, a real in each */
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
	/* There and back again is nothing. */
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

static void repairs_what_others_changed(void **state)
{
	(void)state;
	look(0);
	want_all();
	apply();
	assert_int_equal(meddle(IPVS_SET_REAL, 0, 0, 99), 0);
	assert_int_equal(meddle(IPVS_DEL_REAL, 1, 1, 0), 0);
	assert_int_equal(meddle(IPVS_DEL_SERVICE, 2, 0, 0), 0);
	look(3);
	apply();
	assert_int_equal(op_count, 1 + 1 + 1 + REALS);
	assert_kernel_is_wanted();
	look(0);
}

static void repairs_attributes(void **state)
{
	struct ipvs_op op = {.verb = IPVS_SET_SERVICE};
	int error;

	(void)state;
	look(0);
	want_all();
	apply();
	table_service(&config, 0, &op.service);
	strcpy(op.service.scheduler, "rr");
	kernel->apply(kernel, &op, &error, 1);
	op.verb = IPVS_SET_REAL;
	table_real(&config, 1, 11, &op.real);
	op.real.upper = 5;
	kernel->apply(kernel, &op, &error, 1);
	look(2);
	apply();
	assert_int_equal(op_count, 2);
	assert_int_equal(ops[0].verb, IPVS_SET_SERVICE);
	assert_string_equal(ops[0].service.scheduler, "wlc");
	assert_int_equal(ops[1].verb, IPVS_SET_REAL);
	assert_int_equal(ops[1].real.upper, 0);
}

static void removes_strangers_of_its_own_alone(void **state)
{
	struct ipvs_op op = {
		.verb = IPVS_NEW_SERVICE,
		.service = {.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.address = address("198.51.100.1", 80)},
	};
	int error;

	(void)state;
	kernel->apply(kernel, &op, &error, 1);
	look(0);
	want_all();
	apply();
	op.verb = IPVS_NEW_REAL;
	op.real.address = address("10.9.9.9", 80);
	kernel->apply(kernel, &op, &error, 1);
	table_service(&config, 0, &op.service);
	kernel->apply(kernel, &op, &error, 1);
	assert_int_equal(error, 0);
	look(1);
	apply();
	assert_int_equal(op_count, 1);
	assert_int_equal(ops[0].verb, IPVS_DEL_REAL);
	assert_int_equal(
		address_compare(&ops[0].real.address, &op.real.address), 0);
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
	/* No real is asked of a service that is not there. */
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
	smaller.service_count = VIRTUALS; /* the last is gone */
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

/* Entries of the kernel's that are not what is wanted: no more operations. */
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
			/* A real of another virtual is a stranger. */
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
		EACH(repairs_what_others_changed),
		EACH(repairs_attributes),
		EACH(removes_strangers_of_its_own_alone),
		EACH(takes_only_what_fits_the_family),
		EACH(tries_again_after_a_look),
		EACH(leaves_what_the_next_config_drops),
		EACH(ends_as_wanted_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
