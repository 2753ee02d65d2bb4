// SPDX-License-Identifier: GPL-2.0-or-later
/* The table in memory refuses the same operations as the kernel. Also tests
 * batches, looks and failures. */
#include "base/clock.h"
#include "ipvs/backend.h"
#include "ipvs/entry.h"
#include "ipvs/ipvs.h"
#include "policy/policy.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SERVICES 100
#define REALS 3 /* of each virtual, which is one service */

static struct config_virtual virtuals[SERVICES];
static struct config_service services[SERVICES];
static struct config_real reals[SERVICES * REALS];
static struct config config = {
	.virtuals = virtuals,
	.services = services,
	.reals = reals,
	.virtual_count = SERVICES,
	.service_count = SERVICES,
	.real_count = SERVICES * REALS,
	.slot_count = SERVICES * REALS,
};

static struct ipvs *ipvs;
static struct arena *arena;
static struct table *table;
static unsigned int refusals;
static char last_refusal[128];

static struct address address(const char *text, uint16_t port)
{
	struct address parsed;

	assert_int_equal(address_parse(&parsed, text), 0);
	parsed.port = port;
	return parsed;
}

static void describe(void)
{
	for (uint32_t s = 0; s < SERVICES; s++) {
		virtuals[s] = (struct config_virtual){
			.name = "v",
			.scheduler = "wlc",
			.netmask4 = 32,
			.netmask6 = 128,
			.service = s,
			.service_count = 1,
			.real = s * REALS,
			.real_count = REALS,
			.fallback = CONFIG_NONE,
		};
		services[s] = (struct config_service){
			.address = address("192.0.2.1", (uint16_t)(80 + s)),
			.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.virtual = s,
			.slot = s * REALS,
		};
	}
	for (uint32_t r = 0; r < SERVICES * REALS; r++)
		reals[r] = (struct config_real){
			.address = address("10.0.0.1", (uint16_t)(8000 + r)),
			.virtual = r / REALS,
			.weight = 100,
		};
}

static int set_up(void **state)
{
	(void)state;
	describe();
	arena = arena_create();
	table = table_create(arena, &config);
	ipvs = ipvs_open_memory();
	refusals = 0;
	return ipvs ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	ipvs_close(ipvs);
	arena_destroy(arena);
	return 0;
}

static void refused(
	void *arg, const struct ipvs_op *op, int error, const char *why)
{
	assert_ptr_equal(arg, &refusals);
	assert_true(error > 0);
	assert_non_null(op);
	assert_true(strlen(why) < sizeof(last_refusal));
	strcpy(last_refusal, why);
	refusals++;
}

static int apply(void)
{
	return ipvs_apply(ipvs, table, refused, &refusals);
}

static void want_all(void)
{
	for (uint32_t r = 0; r < config.real_count; r++)
		table_want(table, r, 100);
}

/* Does one operation on the service of a real, or on the real itself. */
static int do_op(enum ipvs_verb verb, uint32_t real)
{
	struct ipvs_op op = {.verb = verb, .tag = CONFIG_NONE};
	int error;

	entry_service(&config, real / REALS, &op.service);
	entry_real(&config, real, 5, &op.real);
	assert_int_equal(ipvs->apply(ipvs, &op, &error, 1), 0);
	return error;
}

/* A table with wrong answers. Its right answers come from the table in
 * memory. */
struct faulty {
	struct ipvs ipvs;
	int disturbances; /* the next dumps are disturbed */
	int broken; /* applies that succeed before one breaks; -1 = none breaks
		     */
	int refuse; /* the error of every operation of refuse_verb */
	enum ipvs_verb refuse_verb;
	unsigned int batches, ops;
};

static struct ipvs *memory;
static struct faulty faulty;

static int faulty_dump_services(
	struct ipvs *self, ipvs_service_call *call, void *arg)
{
	(void)self;
	if (faulty.broken == 0)
		return -1;
	memory->dump_services(memory, call, arg);
	if (faulty.disturbances == 0)
		return 0;
	faulty.disturbances--;
	return 1;
}

static int faulty_dump_reals(struct ipvs *self,
	const struct ipvs_service *service, ipvs_real_call *call, void *arg)
{
	(void)self;
	return memory->dump_reals(memory, service, call, arg);
}

static int faulty_apply(struct ipvs *self, const struct ipvs_op *ops,
	int *errors, unsigned int count)
{
	(void)self;
	if (faulty.broken == 0)
		return -1;
	faulty.broken -= faulty.broken > 0;
	assert_in_range(count, 1, IPVS_BATCH_MAX);
	faulty.batches++;
	faulty.ops += count;
	for (unsigned int i = 0; i < count; i++) {
		errors[i] = faulty.refuse;
		if (!faulty.refuse || ops[i].verb != faulty.refuse_verb)
			memory->apply(memory, &ops[i], &errors[i], 1);
	}
	return 0;
}

static int set_up_faulty(void **state)
{
	if (set_up(state) < 0)
		return -1;
	memory = ipvs;
	faulty = (struct faulty){
		.ipvs = {.dump_services = faulty_dump_services,
			.dump_reals = faulty_dump_reals,
			.apply = faulty_apply,
			.close = memory->close},
		.broken = -1,
	};
	ipvs = &faulty.ipvs;
	return 0;
}

static int tear_down_faulty(void **state)
{
	ipvs = memory;
	return tear_down(state);
}

static void refuses_what_the_kernel_would(void **state)
{
	(void)state;
	assert_int_equal(do_op(IPVS_SET_SERVICE, 0), ESRCH);
	assert_int_equal(do_op(IPVS_DEL_SERVICE, 0), ESRCH);
	assert_int_equal(do_op(IPVS_NEW_REAL, 0), ESRCH);
	assert_int_equal(do_op(IPVS_NEW_SERVICE, 0), 0);
	assert_int_equal(do_op(IPVS_NEW_SERVICE, 0), EEXIST);
	assert_int_equal(do_op(IPVS_SET_REAL, 0), ENOENT);
	assert_int_equal(do_op(IPVS_DEL_REAL, 0), ENOENT);
	assert_int_equal(do_op(IPVS_NEW_REAL, 0), 0);
	assert_int_equal(do_op(IPVS_NEW_REAL, 0), EEXIST);
	assert_int_equal(do_op(IPVS_SET_REAL, 0), 0);
	reals[0].lower = 2;
	reals[0].upper = 1;
	assert_int_equal(do_op(IPVS_SET_REAL, 0), ERANGE);
	reals[0].lower = 1;
	reals[1].address = address("2001:db8::1", 80);
	assert_int_equal(do_op(IPVS_NEW_REAL, 1), EINVAL);
	reals[1].forward = CONFIG_TUNNEL;
	assert_int_equal(do_op(IPVS_NEW_REAL, 1), 0);
	assert_int_equal(do_op(IPVS_DEL_REAL, 1), 0);
	assert_int_equal(do_op(IPVS_DEL_SERVICE, 0), 0);
	assert_int_equal(do_op(IPVS_NEW_SERVICE, 0), 0);
	assert_int_equal(do_op(IPVS_SET_REAL, 0), ENOENT);
}

static void tells_about_itself(void **state)
{
	struct ipvs_info info;

	(void)state;
	assert_int_equal(ipvs_info(ipvs, &info), 0);
	assert_int_equal(info.version, 0x010201);
	ipvs_close(NULL);
}

static void one_operation_of_no_table(void **state)
{
	struct ipvs_op op = {.verb = IPVS_DEL_SERVICE, .tag = CONFIG_NONE};

	(void)state;
	do_op(IPVS_NEW_SERVICE, 0);
	entry_service(&config, 0, &op.service);
	assert_int_equal(ipvs_apply_op(ipvs, &op, refused, &refusals), 0);
	assert_int_equal(ipvs_apply_op(ipvs, &op, refused, &refusals), -1);
	assert_int_equal(refusals, 1);
	assert_string_equal(last_refusal, "the kernel has no such service");
}

static void goes_out_in_batches(void **state)
{
	(void)state;
	want_all();
	assert_int_equal(apply(), SERVICES * (1 + REALS));
	assert_int_equal(faulty.ops, SERVICES * (1 + REALS));
	/* 64 services, 36 services, 300 reals. */
	assert_int_equal(faulty.batches, 2 + 5);
	assert_int_equal(ipvs_look(ipvs, table), 0);
	assert_int_equal(apply(), 0);
	assert_int_equal(refusals, 0);
}

static void a_refused_service_costs_one_message(void **state)
{
	(void)state;
	faulty.refuse = ENOENT;
	faulty.refuse_verb = IPVS_NEW_SERVICE;
	for (uint32_t r = 0; r < REALS; r++)
		table_want(table, r, 100);
	assert_int_equal(apply(), 0);
	assert_int_equal(refusals, 1);
	assert_string_equal(last_refusal,
		"the kernel has no scheduler wlc: modprobe ip_vs_wlc");
	/* It is not tried again before a look, and then it is made
	 * completely. */
	assert_int_equal(apply(), 0);
	assert_int_equal(refusals, 1);
	faulty.refuse = 0;
	assert_int_equal(ipvs_look(ipvs, table), 0);
	assert_int_equal(apply(), 1 + REALS);
}

static void what_failed_is_no_drift(void **state)
{
	(void)state;
	want_all();
	apply();
	assert_int_equal(ipvs_look(ipvs, table), 0);
	faulty.refuse = ENOMEM;
	faulty.refuse_verb = IPVS_SET_REAL;
	table_want(table, 0, 50);
	table_want(table, 1, 50);
	assert_int_equal(apply(), 0);
	assert_int_equal(refusals, 2);
	assert_int_equal(ipvs_look(ipvs, table), 0);
	/* A change by somebody else is distinguished from the failure. */
	faulty.refuse = 0;
	assert_int_equal(apply(), 2);
	ipvs = memory;
	do_op(IPVS_SET_REAL, 0);
	ipvs = &faulty.ipvs;
	assert_int_equal(ipvs_look(ipvs, table), 1);
	assert_int_equal(apply(), 1);
}

static void what_failed_of_a_service_is_no_drift(void **state)
{
	(void)state;
	faulty.refuse = ENOMEM;
	faulty.refuse_verb = IPVS_NEW_SERVICE;
	table_want(table, 0, 100);
	assert_int_equal(apply(), 0);
	/* Somebody else makes the entry before the next attempt. */
	ipvs = memory;
	do_op(IPVS_NEW_SERVICE, 0);
	ipvs = &faulty.ipvs;
	assert_int_equal(ipvs_look(ipvs, table), 0);
	assert_int_equal(apply(), 1);
	/* The change is counted once. */
	ipvs = memory;
	do_op(IPVS_DEL_SERVICE, 0);
	ipvs = &faulty.ipvs;
	assert_int_equal(ipvs_look(ipvs, table), 1);
	ipvs = memory;
	do_op(IPVS_NEW_SERVICE, 0);
	ipvs = &faulty.ipvs;
	assert_int_equal(ipvs_look(ipvs, table), 1);
}

static void a_socket_that_breaks_loses_nothing(void **state)
{
	(void)state;
	want_all();
	for (int good = 0; good < 4; good++) {
		faulty.broken = good;
		assert_int_equal(apply(), -1);
		faulty.broken = -1;
		ipvs_look(ipvs, table);
	}
	assert_int_equal(refusals, 0);
	assert_true(apply() >= 0);
	assert_int_equal(ipvs_look(ipvs, table), 0);
	assert_int_equal(apply(), 0);
	for (uint32_t r = 0; r < config.real_count; r++)
		assert_true(table_in_service(table, r));
}

static void a_look_that_fails_says_so(void **state)
{
	struct ipvs_op op = {.tag = CONFIG_NONE};

	(void)state;
	want_all();
	apply();
	ipvs_look(ipvs, table);
	faulty.broken = 0;
	assert_int_equal(ipvs_look(ipvs, table), -1);
	assert_int_equal(ipvs_apply_op(ipvs, &op, refused, &refusals), -1);
	faulty.broken = -1;
	assert_int_equal(ipvs_look(ipvs, table), 0);
	assert_int_equal(apply(), 0);
}

static void a_disturbed_look_is_taken_again(void **state)
{
	(void)state;
	want_all();
	apply();
	ipvs_look(ipvs, table);
	ipvs = memory;
	do_op(IPVS_SET_REAL, 0);
	ipvs = &faulty.ipvs;
	faulty.disturbances = 2;
	/* A change that a disturbed look saw is still counted by the next
	 * look. */
	assert_int_equal(ipvs_look(ipvs, table), 1);
	assert_int_equal(faulty.disturbances, 0);
	assert_int_equal(apply(), 1);
	faulty.disturbances = 1000;
	assert_int_equal(ipvs_look(ipvs, table), -1);
	assert_in_range(faulty.disturbances, 900, 999);
}

/* There are more strangers than one look can hold. Each look removes its
 * share. */
static void many_strangers_go_in_the_end(void **state)
{
	struct ipvs_op op = {.verb = IPVS_NEW_REAL};
	int error, most = 1000;

	(void)state;
	table_want(table, 0, 100);
	assert_int_equal(apply(), 2);
	ipvs_look(ipvs, table);
	entry_service(&config, 0, &op.service);
	for (uint16_t i = 0; i < 600; i++) {
		op.real.address = address("10.9.9.9", i);
		memory->apply(memory, &op, &error, 1);
		assert_int_equal(error, 0);
	}
	assert_int_equal(ipvs_look(ipvs, table), 600);
	for (int done = 0; done < 600;) {
		int now = apply();

		assert_in_range(now, 1, 600 - done);
		done += now;
		assert_int_equal(ipvs_look(ipvs, table), 600 - done);
		assert_true(--most > 0);
	}
	assert_int_equal(apply(), 0);
	assert_true(table_in_service(table, 0));
}

/* The time of an operation does not grow with the table. With lists
 * instead of hash tables this took minutes. */
static void test_many(void **state)
{
	enum { MANY = 100000 };
	struct ipvs_op op = {.verb = IPVS_NEW_SERVICE, .tag = CONFIG_NONE};
	uint64_t began = clock_ms();
	int error;

	(void)state;
	op.service.family = AF_INET;
	op.service.protocol = IPPROTO_TCP;
	op.service.address = address("10.0.0.0", 80);
	op.real.address = address("10.0.0.1", 80);
	for (uint32_t i = 0; i < 3 * MANY; i++) {
		op.verb = i < MANY       ? IPVS_NEW_SERVICE
			  : i < 2 * MANY ? IPVS_NEW_REAL
					 : IPVS_DEL_SERVICE;
		op.service.address.v4.s_addr = htonl(0x0a000000 + i % MANY);
		assert_int_equal(ipvs->apply(ipvs, &op, &error, 1), 0);
		assert_int_equal(error, 0);
	}
	op.verb = IPVS_NEW_SERVICE;
	assert_int_equal(ipvs->apply(ipvs, &op, &error, 1), 0);
	for (uint32_t i = 0; i < 2 * MANY; i++) {
		op.verb = i < MANY ? IPVS_NEW_REAL : IPVS_DEL_REAL;
		op.real.address.v4.s_addr = htonl(0x0a000000 + i % MANY);
		assert_int_equal(ipvs->apply(ipvs, &op, &error, 1), 0);
		assert_int_equal(error, 0);
	}
	assert_true(clock_ms() - began < 10000);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define FAULTY(test)                                                           \
	cmocka_unit_test_setup_teardown(test, set_up_faulty, tear_down_faulty)
	const struct CMUnitTest tests[] = {
		EACH(test_many),
		EACH(refuses_what_the_kernel_would),
		EACH(tells_about_itself),
		EACH(one_operation_of_no_table),
		FAULTY(goes_out_in_batches),
		FAULTY(a_refused_service_costs_one_message),
		FAULTY(what_failed_is_no_drift),
		FAULTY(what_failed_of_a_service_is_no_drift),
		FAULTY(a_socket_that_breaks_loses_nothing),
		FAULTY(a_look_that_fails_says_so),
		FAULTY(a_disturbed_look_is_taken_again),
		FAULTY(many_strangers_go_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
