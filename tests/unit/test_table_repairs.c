// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes by somebody else are repaired with the fewest operations. */
#include "table_bench.h"

#include "ipvs/entry.h"

#include <linux/ip_vs.h>
#include <string.h>

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

/* Somebody changes one property of the service or of its second real. The next
 * look repairs it with one operation. */
static void repairs(enum ipvs_verb verb, const struct ipvs_service *service,
	const struct ipvs_real *real)
{
	struct ipvs_op op = {.verb = verb, .service = *service, .real = *real};
	struct ipvs_service named;
	struct ipvs_real whole;

	assert_int_equal(meddle_with(&op), 0);
	look(1);
	apply();
	assert_int_equal(op_count, 1);
	assert_int_equal(ops[0].verb, verb);
	entry_service(&config, 0, &named);
	assert_memory_equal(&ops[0].service, &named, sizeof(named));
	entry_real(&config, 1, 11, &whole);
	if (verb == IPVS_SET_REAL)
		assert_memory_equal(&ops[0].real, &whole, sizeof(whole));
	look(0);
}

static void repairs_each_attribute(void **state)
{
	struct ipvs_service is, service;
	struct ipvs_real was, real;

	(void)state;
	virtuals[0].flags = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_SCHED1;
	virtuals[0].persistence_s = 300;
	virtuals[0].netmask4 = 24;
	reals[1].upper = 20;
	reals[1].lower = 10;
	look(0);
	want_all();
	apply();
	entry_service(&config, 0, &is);
	entry_real(&config, 1, 11, &was);
#define SERVICE(change)                                                        \
	service = is;                                                          \
	service.change;                                                        \
	repairs(IPVS_SET_SERVICE, &service, &was)
#define REAL(change)                                                           \
	real = was;                                                            \
	real.change;                                                           \
	repairs(IPVS_SET_REAL, &is, &real)
	SERVICE(scheduler[1] = 'x');
	SERVICE(flags = IP_VS_SVC_F_PERSISTENT);
	SERVICE(flags = IP_VS_SVC_F_SCHED1);
	SERVICE(flags |= IP_VS_SVC_F_ONEPACKET);
	SERVICE(timeout_s = 301);
	SERVICE(prefix = 32);
	REAL(forward = CONFIG_DIRECT);
	REAL(weight = 12);
	REAL(upper = 21);
	REAL(lower = 11);
	/* A value that only the kernel uses is no change. */
	{
		struct ipvs_op op = {.verb = IPVS_SET_SERVICE, .service = is};

		op.service.flags |= IP_VS_SVC_F_HASHED;
		assert_int_equal(meddle_with(&op), 0);
		look(0);
	}
}

/* Without persistence its time and netmask do not matter. */
static void persistence_that_is_none_is_alike(void **state)
{
	struct ipvs_op op = {.verb = IPVS_SET_SERVICE};

	(void)state;
	look(0);
	want_all();
	apply();
	entry_service(&config, 0, &op.service);
	op.service.timeout_s = 5;
	op.service.prefix = 1;
	assert_int_equal(meddle_with(&op), 0);
	look(0);
	apply();
	assert_int_equal(op_count, 0);
}

static void removes_strangers_of_its_own_alone(void **state)
{
	struct ipvs_op op = {
		.verb = IPVS_NEW_SERVICE,
		.service = {.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.address = address("198.51.100.1", 80)},
	};

	(void)state;
	assert_int_equal(meddle_with(&op), 0);
	look(0);
	want_all();
	apply();
	op.verb = IPVS_NEW_REAL;
	op.real.address = address("10.9.9.9", 80);
	assert_int_equal(meddle_with(&op), 0);
	entry_service(&config, 0, &op.service);
	assert_int_equal(meddle_with(&op), 0);
	look(1);
	apply();
	assert_int_equal(op_count, 1);
	assert_int_equal(ops[0].verb, IPVS_DEL_REAL);
	assert_int_equal(
		address_compare(&ops[0].real.address, &op.real.address), 0);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(repairs_what_others_changed),
		EACH(repairs_each_attribute),
		EACH(persistence_that_is_none_is_alike),
		EACH(removes_strangers_of_its_own_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
