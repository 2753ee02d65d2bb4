// SPDX-License-Identifier: GPL-2.0-or-later
/* The meaning of a configuration: levels, indices, and questions about it. */
#include "memory_system.h"

#include "config/read.h"
#include "config/show.h"

#include <linux/ip_vs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define IN_A(lines) "virtual a 192.0.2.1:80 {\n" lines "\n}\n"

static struct config_reports reports;

static struct config *must_read(const char *text)
{
	struct config *config = config_of(text, strlen(text), &reports);

	assert_string_equal(reports.text, "");
	assert_non_null(config);
	memory_system_clear();
	return config;
}

static struct config_settings settings_of(const char *text)
{
	struct config *config = must_read(text);
	struct config_settings settings =
		config->settings[config->checks[0].settings];

	arena_destroy(config->arena);
	return settings;
}

static void test_defaults(void **state)
{
	const struct config_settings settings =
		settings_of(IN_A("real 10.0.0.1\ncheck x"));

	(void)state;
	assert_int_equal(settings.interval_ms, 10000);
	assert_int_equal(settings.timeout_ms, 3000);
	assert_int_equal(settings.connect_timeout_ms, 0);
	assert_int_equal(settings.rise, 2);
	assert_int_equal(settings.fall, 3);
	assert_int_equal(settings.fall_after_ms, 0);
	assert_int_equal(settings.check_port, 0);
	assert_int_equal(settings.check_address.family, 0);
	assert_int_equal(settings.bind.family, 0);
}

/* The level nearest to the check and its real server takes precedence, for a
 * check on any level. The order of lines has no effect. */
static void test_nearest(void **state)
{
	static const struct {
		const char *text;
		uint32_t interval_s;
	} levels[] = {
		{"check x\n" IN_A("real 10.0.0.1") "interval 1s\n", 1},
		{"check x {\ninterval 2s\n}\ninterval 1s\n" IN_A(
			 "real 10.0.0.1"),
			2},
		{"interval 1s\n" IN_A("real 10.0.0.1\ncheck x\ninterval 2s"),
			2},
		{"interval 1s\ncheck x\n" IN_A(
			 "real 10.0.0.1 interval 3s\ninterval 2s"),
			3},
		{"interval 1s\n" IN_A(
			 "real 10.0.0.1 {\ncheck x\ninterval 3s\n}\n"
			 "interval 2s"),
			3},
		{"interval 1s\n" IN_A(
			 "real 10.0.0.1 {\ncheck x {\ninterval 4s\n}\n"
			 "interval 3s\n}\ninterval 2s"),
			4},
		/* The block of a check is nearer than the real server. */
		{"check x {\ninterval 4s\n}\n" IN_A(
			 "real 10.0.0.1 interval 3s"),
			4},
		{IN_A("real 10.0.0.1\ncheck x") "include late\n", 9},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		memory_system_add("late", "interval 9s\n", 0);
		assert_int_equal(settings_of(levels[i].text).interval_ms,
			levels[i].interval_s * 1000);
	}
}

/* If fall-after is set, fall counts only if it is as near. */
static void test_fall(void **state)
{
	static const struct {
		const char *text;
		uint32_t fall, after_s;
	} falls[] = {
		{"fall 5\n" IN_A("real 10.0.0.1\ncheck x"), 5, 0},
		{"fall-after 9s\n" IN_A("real 10.0.0.1\ncheck x"), 0, 9},
		{"fall-after 9s fall 5\n" IN_A("real 10.0.0.1\ncheck x"), 5, 9},
		{"fall 5\n" IN_A("real 10.0.0.1\ncheck x\nfall-after 9s"), 0,
			9},
		{"fall-after 9s\n" IN_A("real 10.0.0.1\ncheck x\nfall 5"), 5,
			9},
		{"fall 5\n" IN_A("real 10.0.0.1\ncheck x {\nfall-after 9s\n}"),
			0, 9},
		{"fall-after 9s\n" IN_A("real 10.0.0.1\ncheck x {\nfall 5\n}"),
			5, 9},
		{IN_A("real 10.0.0.1 fall 5\ncheck x {\n"
		      "fall 6 fall-after 9s\n}"),
			6, 9},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(falls) / sizeof(falls[0]); i++) {
		const struct config_settings settings =
			settings_of(falls[i].text);

		assert_int_equal(settings.fall, falls[i].fall);
		assert_int_equal(
			settings.fall_after_ms, falls[i].after_s * 1000);
	}
}

/* The number of checks of each real server, and their level. */
static void test_checks(void **state)
{
	struct config *config = must_read(
		"check top\n"
		"virtual a 192.0.2.1:80 {\n"
		"real 10.0.0.1\n"
		"fallback 10.0.0.9\n"
		"}\n"
		"virtual b 192.0.2.2:80 {\n"
		"check one\ncheck two -a\ncheck two -b\n"
		"real 10.0.0.1\n"
		"real 10.0.0.2 check none\n"
		"real 10.0.0.3 {\ncheck two -a\n}\n"
		"fallback 10.0.0.9 check one\n"
		"}\n"
		"virtual c 192.0.2.3:80 {\ncheck none\nreal 10.0.0.1\n"
		"real 10.0.0.2 check top\n}\n");
	static const struct {
		const char *first;
		uint16_t count;
		bool fallback;
	} wanted[] = {
		{"top", 1, false},
		{NULL, 0, true},
		{"one", 3, false},
		{NULL, 0, false},
		{"two", 1, false},
		{"one", 1, true},
		{NULL, 0, false},
		{"top", 1, false},
	};

	(void)state;
	assert_int_equal(config->real_count, 8);
	assert_int_equal(config->check_count, 7);
	assert_int_equal(config->vector_count, 4);
	assert_int_equal(config->settings_count, 1);
	for (uint32_t i = 0; i < 8; i++) {
		const struct config_real *real = &config->reals[i];
		const struct config_check *check = &config->checks[real->check];

		assert_int_equal(real->check_count, wanted[i].count);
		assert_int_equal(real->fallback, wanted[i].fallback);
		for (uint32_t n = 0; n < real->check_count; n++)
			assert_int_equal(check[n].real, i);
		if (wanted[i].count)
			assert_string_equal(
				config->vectors[check->vector].argv[0],
				wanted[i].first);
	}
	arena_destroy(config->arena);
}

static void test_virtuals(void **state)
{
	struct config *config = must_read(
		"virtual a 192.0.2.1:80 {\nalso 192.0.2.1:80/udp\n"
		"check none\nreal 10.0.0.[1-3]\nfallback 10.0.0.4\n"
		"persistence 2m\nflags ops\n}\n"
		"virtual b fwmark:7 {\ncheck none\nreal 10.0.0.1\n}\n");
	const struct config_virtual *a = &config->virtuals[0];
	const struct config_virtual *b = &config->virtuals[1];

	(void)state;
	assert_int_equal(config->virtual_count, 2);
	assert_int_equal(config->service_count, 3);
	assert_int_equal(config->slot_count, 9);
	assert_int_equal(a->real, 0);
	assert_int_equal(a->real_count, 4);
	assert_int_equal(a->fallback, 3);
	assert_int_equal(a->service_count, 2);
	assert_int_equal(a->persistence_s, 120);
	assert_int_equal(
		a->flags, IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET);
	assert_string_equal(a->place.file, "c");
	assert_int_equal(a->place.line, 1);
	assert_int_equal(a->place.column, 9);
	assert_int_equal(b->real, 4);
	assert_int_equal(b->fallback, CONFIG_NONE);
	assert_int_equal(b->service, 2);
	assert_int_equal(config->reals[4].virtual, 1);
	assert_int_equal(config->reals[4].address.port, 0);
	assert_int_equal(config->services[1].slot, 4);
	assert_int_equal(config->services[1].protocol, IPPROTO_UDP);
	assert_int_equal(config->services[2].slot, 8);
	assert_int_equal(config->services[2].virtual, 1);
	assert_int_equal(config->services[2].protocol, 0);
	arena_destroy(config->arena);
}

/* Options of the command line take precedence over the file. */
static void test_options(void **state)
{
	const struct config_options options = {
		.plugin_dir = "/there",
		.interval_ms = 700,
	};
	struct config *config;

	(void)state;
	reports.text[0] = '\0';
	memory_system_add("d",
		"plugin-dir /here\n" IN_A(
			"real 10.0.0.1\ncheck x {\ninterval 5s\n}"),
		0);
	config = config_read(
		"d", &options, &memory_system, config_reports_add, &reports);
	assert_non_null(config);
	assert_string_equal(config->file, "d");
	assert_string_equal(config->plugin_dir, "/there");
	assert_int_equal(config->settings[0].interval_ms, 700);
	arena_destroy(config->arena);
	memory_system_clear();
}

static void assert_target(
	const struct config *config, uint32_t check, const char *wanted)
{
	const struct address target = config_check_target(
		config, check, (uint16_t)(check == 3 ? 0 : 443));
	char text[ADDRESS_TEXT_MAX];

	assert_string_equal(address_format(&target, text), wanted);
}

/* check-port takes precedence over the vector's port, and that one over the
 * real server's. */
static void test_target(void **state)
{
	struct config *config =
		must_read(IN_A("real 10.0.0.1 {\n"
			       "check x\n"
			       "check x {\ncheck-port 81\n}\n"
			       "check x {\ncheck-address 2001:db8::1\n}\n"
			       "check x {\ncheck-address 10.0.0.9\n}\n"
			       "}"));

	(void)state;
	assert_target(config, 0, "10.0.0.1:443");
	assert_target(config, 1, "10.0.0.1:81");
	assert_target(config, 2, "[2001:db8::1]:443");
	assert_target(config, 3, "10.0.0.9:80");
	arena_destroy(config->arena);
}

static void test_takes(void **state)
{
	const struct config_service service = {.family = AF_INET6};
	struct config_real real = {.address.family = AF_INET6};

	(void)state;
	assert_true(config_service_takes(&service, &real));
	real.address.family = AF_INET;
	assert_false(config_service_takes(&service, &real));
	real.forward = CONFIG_DIRECT;
	assert_false(config_service_takes(&service, &real));
	real.forward = CONFIG_TUNNEL;
	assert_true(config_service_takes(&service, &real));
}

static void test_forward_names(void **state)
{
	(void)state;
	assert_string_equal(config_forward_name(CONFIG_MASQ), "masq");
	assert_string_equal(config_forward_name(CONFIG_DIRECT), "direct");
	assert_string_equal(config_forward_name(CONFIG_TUNNEL), "tunnel");
	assert_string_equal(config_forward_name(99), "?");
}

/* An error that is found later shows the line if the file still has it. */
static void test_complain(void **state)
{
	const struct config_place there = {"f", 2, 2}, gone = {"f", 9, 1};
	const struct config_place lost = {"g", 1, 1};

	(void)state;
	reports = (struct config_reports){.count = 0};
	memory_system_add("f", "one\n\ttwo\nthree", 0);
	config_complain(
		&memory_system, &there, config_reports_add, &reports, "bad");
	config_complain(
		&memory_system, &gone, config_reports_add, &reports, "worse");
	config_complain(
		&memory_system, &lost, config_reports_add, &reports, "worst");
	config_complain(NULL, &lost, config_reports_add, &reports, "end");
	assert_string_equal(reports.text, "f:2:2: bad\n"
					  "\ttwo\n"
					  "\t^\n"
					  "f:9:1: worse\n"
					  "g:1:1: worst\n"
					  "g:1:1: end\n");
	memory_system_clear();
}

/* Each real server has a check with its own vector and its own settings. */
static void test_ten_thousand(void **state)
{
	static char text[2 << 20];
	size_t len = (size_t)sprintf(text, "virtual a 192.0.2.1:80 {\n");
	struct config *config;

	(void)state;
	for (unsigned int i = 0; i < 10000; i++)
		len += (size_t)sprintf(text + len,
			"real 10.0.%u.%u weight %u {\ncheck x -n %u\n"
			"timeout %ums\n}\n",
			i / 250, i % 250, i, i, i + 1);
	strcpy(text + len, "}\n");
	config = must_read(text);
	assert_int_equal(config->real_count, 10000);
	assert_int_equal(config->check_count, 10000);
	assert_int_equal(config->vector_count, 10000);
	assert_int_equal(config->settings_count, 10000);
	for (uint32_t i = 0; i < 10000; i++) {
		const struct config_check *check =
			&config->checks[config->reals[i].check];

		assert_int_equal(config->reals[i].weight, i);
		assert_int_equal(
			config->settings[check->settings].timeout_ms, i + 1);
	}
	arena_destroy(config->arena);
}

/* The default of `probes` suffices if no peer answers. */
static void test_pool(void **state)
{
	static const struct {
		const char *text;
		uint32_t pool;
		bool warns;
	} cases[] = {
		{IN_A("real 10.0.[0-99].1\ncheck x"), 512, false},
		{IN_A("real 10.1.[0-9].1\nreal 10.[0-199].0.2\n"
		      "real 10.[0-199].1.2\nreal 10.[0-199].2.2\n"
		      "check x\ninterval 1s timeout 1s"),
			610 + 77, false},
		{"probes 60\n" IN_A("real 10.0.[0-99].1\ncheck x\n"
				    "interval 1s timeout 600ms"),
			60, false},
		{"probes 59\n" IN_A("real 10.0.[0-99].1\ncheck x\n"
				    "interval 1s timeout 600ms"),
			59, true},
		{"probes 99\n" IN_A("real 10.0.[0-99].1\ncheck x\n"
				    "interval 1s timeout 9s"),
			99, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config *config = must_read(cases[i].text);
		char warning[CONFIG_WARNING_MAX];
		const char *said = config_pool_warning(config, warning);

		assert_int_equal(config->pool, cases[i].pool);
		assert_int_equal(said != NULL, cases[i].warns);
		if (said)
			assert_non_null(strstr(said, "may be too few"));
		arena_destroy(config->arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_fall),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_virtuals),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_forward_names),
		cmocka_unit_test(test_complain),
		cmocka_unit_test(test_ten_thousand),
		cmocka_unit_test(test_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
