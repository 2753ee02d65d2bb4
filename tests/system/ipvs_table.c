// SPDX-License-Identifier: GPL-2.0-or-later
/* Reconcile on a real kernel's table, judged by ipvsadm. Run it as root in a
 * network namespace of its own, because it empties the table. */
#include "ipvs/entry.h"
#include "ipvs_bench.h"
#include "policy/policy.h"

#include <linux/ip_vs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VIRTUALS 100
#define REALS 100 /* of each virtual */

static struct config_virtual virtuals[VIRTUALS];
static struct config_service services[VIRTUALS];
static struct config_real reals[VIRTUALS * REALS];
static struct config config = {
	.virtuals = virtuals,
	.services = services,
	.reals = reals,
	.virtual_count = VIRTUALS,
	.service_count = VIRTUALS,
	.real_count = VIRTUALS * REALS,
	.slot_count = VIRTUALS * REALS,
};
static struct arena *arena;
static struct table *table;

/* Every tenth virtual is an IPv6 virtual. */
static void describe(void)
{
	for (uint32_t v = 0; v < VIRTUALS; v++) {
		bool v6 = v % 10 == 9;

		virtuals[v] = (struct config_virtual){
			.name = "v",
			.scheduler = "wlc",
			.netmask4 = 32,
			.netmask6 = 128,
			.service = v,
			.service_count = 1,
			.real = v * REALS,
			.real_count = REALS,
			.fallback = CONFIG_NONE,
		};
		services[v] = (struct config_service){
			.family = v6 ? AF_INET6 : AF_INET,
			.protocol = IPPROTO_TCP,
			.virtual = v,
			.slot = v * REALS,
		};
		bench_address(&services[v].address,
			v6 ? "2001:db8:1::80" : "192.0.2.80", (int)(80 + v));
		for (uint32_t r = 0; r < REALS; r++) {
			struct config_real *conf = &reals[v * REALS + r];

			*conf = (struct config_real){
				.virtual = v, .weight = 10};
			bench_address(&conf->address,
				v6 ? "2001:db8:2::11" : "10.0.0.11",
				(int)(8000 + r));
		}
	}
}

static int set_up_table(void **state)
{
	describe();
	arena = arena_create();
	table = table_create(arena, &config);
	return bench_set_up(state);
}

static int tear_down_table(void **state)
{
	arena_destroy(arena);
	return bench_tear_down(state);
}

static void want_all(int32_t weight)
{
	for (uint32_t r = 0; r < config.real_count; r++)
		table_want(table, r, weight);
}

static void try_without_right(void)
{
	struct ipvs_op op = {.tag = CONFIG_NONE};

	entry_service(&config, 0, &op.service);
	if (bench_do(&op, IPVS_NEW_SERVICE) == 0)
		_exit(3);
	if (strcmp(bench_refusal, "CAP_NET_ADMIN is missing") != 0)
		_exit(4);
	if (ipvs_look(bench_ipvs, table) != -1)
		_exit(5);
}

static void no_right_is_said(void **state)
{
	(void)state;
	bench_with_capability(false, try_without_right);
	/* The same socket still works afterwards. */
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int count_lines(const char *pattern)
{
	char command[128];

	snprintf(command, sizeof(command),
		"ipvsadm -Sn | grep -c -- '%s' || :", pattern);
	return atoi(bench_output(command));
}

static void ten_thousand_entries(void **state)
{
	uint64_t began = now_ms();

	(void)state;
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
	want_all(10);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL),
		VIRTUALS * (1 + REALS));
	print_message(
		"10100 operations: %u ms\n", (unsigned int)(now_ms() - began));
	assert_int_equal(count_lines("^-A "), VIRTUALS);
	assert_int_equal(count_lines(" -m -w 10$"), VIRTUALS * REALS);
	began = now_ms();
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
	print_message("a look: %u ms\n", (unsigned int)(now_ms() - began));
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 0);
	want_all(0);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL),
		VIRTUALS * REALS);
	assert_int_equal(count_lines(" -m -w 0$"), VIRTUALS * REALS);
	want_all(POLICY_ABSENT);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL),
		VIRTUALS * REALS);
	assert_int_equal(count_lines("^-a "), 0);
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
}

/* Another process adopts the table without an operation. */
static void a_table_is_adopted(void **state)
{
	char why[128];

	(void)state;
	table_want(table, 0, 10);
	table_want(table, 9 * REALS, 0);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 4);
	ipvs_close(bench_ipvs);
	bench_ipvs = ipvs_open_kernel(true, why, sizeof(why));
	assert_non_null(bench_ipvs);
	table = table_create(arena, &config);
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
	assert_true(table_in_service(table, 0));
	assert_false(table_in_service(table, 9 * REALS));
	table_want(table, 0, 10);
	table_want(table, 9 * REALS, 0);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 0);
}

/* A look finds no change in attributes that are as configured. */
static void what_is_set_is_seen_so(void **state)
{
	static const uint32_t flags[] = {
		0,
		IP_VS_SVC_F_PERSISTENT,
		IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_SCHED1,
		IP_VS_SVC_F_SCHED2 | IP_VS_SVC_F_SCHED3,
	};

	(void)state;
	for (uint32_t v = 0; v < VIRTUALS; v++) {
		struct config_real *conf = &reals[v * REALS];

		virtuals[v].flags = flags[v % 4];
		if (virtuals[v].flags & IP_VS_SVC_F_PERSISTENT)
			virtuals[v].persistence_s = 1 + v * 100;
		virtuals[v].netmask4 = (uint8_t)(1 + v % 32);
		virtuals[v].netmask6 = (uint8_t)(1 + v);
		if (v % 7 == 3 && v % 10 != 9)
			services[v] = (struct config_service){
				.family = v % 2 ? AF_INET : AF_INET6,
				.fwmark = v,
				.virtual = v,
				.slot = v * REALS,
			};
		conf->forward = CONFIG_TUNNEL;
		conf->upper = v * 2;
		conf->lower = v;
	}
	table = table_create(arena, &config);
	for (uint32_t v = 0; v < VIRTUALS; v++)
		table_want(table, v * REALS, (int32_t)v);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL),
		2 * VIRTUALS);
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 0);
}

static void strangers(void **state)
{
	const char *foreign = "ipvsadm -A -t 198.51.100.1:80 -s rr &&"
			      "ipvsadm -a -t 198.51.100.1:80 -r 10.0.0.12 -m";

	(void)state;
	bench_run(foreign);
	table_want(table, 0, 10);
	table_want(table, 1, 10);
	ipvs_look(bench_ipvs, table);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 3);
	bench_run("ipvsadm -a -t 192.0.2.80:80 -r 10.0.0.13:99 -m");
	bench_run(
		"ipvsadm -e -t 192.0.2.80:80 -r 10.0.0.11:8000 -m -w 77 -x 9");
	bench_run("ipvsadm -d -t 192.0.2.80:80 -r 10.0.0.11:8001");
	bench_run("ipvsadm -E -t 192.0.2.80:80 -s rr -p 10");
	assert_int_equal(ipvs_look(bench_ipvs, table), 4);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 4);
	assert_int_equal(ipvs_look(bench_ipvs, table), 0);
	bench_assert_table("-A -t 192.0.2.80:80 -s wlc\n"
			   "-A -t 198.51.100.1:80 -s rr\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.11:8000 -m -w 10\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.11:8001 -m -w 10\n"
			   "-a -t 198.51.100.1:80 -r 10.0.0.12:80 -m -w 1\n");
	bench_run("ipvsadm -C");
	assert_int_equal(ipvs_look(bench_ipvs, table), 1);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 3);
}

/* After the next look an entry is made again that disappeared unnoticed. */
static void a_failure_heals(void **state)
{
	(void)state;
	table_want(table, 0, 10);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 2);
	bench_run("ipvsadm -C");
	table_want(table, 0, 0);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 0);
	assert_string_equal(bench_refusal, "the kernel has no such service");
	ipvs_look(bench_ipvs, table);
	assert_int_equal(ipvs_apply(bench_ipvs, table, bench_refused, NULL), 2);
	bench_assert_table("-A -t 192.0.2.80:80 -s wlc\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.11:8000 -m -w 0\n");
}

int main(void)
{
#define EACH(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up_table, tear_down_table)
	const struct CMUnitTest tests[] = {
		EACH(no_right_is_said),
		EACH(ten_thousand_entries),
		EACH(a_table_is_adopted),
		EACH(what_is_set_is_seen_so),
		EACH(strangers),
		EACH(a_failure_heals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
