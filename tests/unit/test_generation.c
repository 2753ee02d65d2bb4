// SPDX-License-Identifier: GPL-2.0-or-later
/* A generation in a keeper: which operations follow what an engine says, and
 * which lines. */
#include "keeper/edges.h"
#include "memory_system.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Two reals and a fallback; the first real has three checks. */
#define TEXT                                                                   \
	"on-fail quiesce\nvirtual web 192.0.2.1:80 {\n"                        \
	"real 10.0.0.1 weight 10 {\ncheck http -u /a\ncheck http -u /b\n"      \
	"check smtp\n}\n"                                                      \
	"real 10.0.0.2 weight 10 check smtp\n"                                 \
	"fallback 10.0.0.9 check none\n}\n"

static struct keeper keeper;
static struct generation *generation;
static char lines[4096];

static void keep_line(void *arg, int level, const char *line)
{
	char text[512];

	(void)arg;
	if (level == LOG_DEBUG)
		return;
	snprintf(text, sizeof(text), "%d %s\n", level, line);
	strncat(lines, text, sizeof(lines) - strlen(lines) - 1);
}

static struct generation *generation_of(const char *text)
{
	static struct config_reports reports;
	struct config *config = config_of(text, strlen(text), &reports);
	struct generation *made;
	const char *why;

	memory_system_clear();
	assert_string_equal(reports.text, "");
	made = generation_create(&keeper, config, keeper.ipvs, &why);
	assert_null(why);
	generation_assume(made);
	made->announced = true;
	return made;
}

static int set_up(void **state)
{
	(void)state;
	memset(&keeper, 0, sizeof(keeper));
	keeper.arena = arena_create();
	keeper.loop = loop_create(keeper.arena);
	keeper.ipvs = ipvs_open_memory();
	generation = generation_of(TEXT);
	keeper.current = generation;
	lines[0] = '\0';
	log_divert(keep_line, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	log_divert(NULL, NULL);
	generation_destroy(generation);
	ipvs_close(keeper.ipvs);
	loop_destroy(keeper.loop);
	arena_destroy(keeper.arena);
	return 0;
}

/* Compares the lines since the last call. */
static void expect_lines(const char *expected)
{
	assert_string_equal(lines, expected);
	lines[0] = '\0';
}

static void learn(uint32_t real, bool up, uint8_t percent)
{
	generation_learn(generation, real, up, percent);
	edges_real(generation, real);
}

/* Applies, and compares the operations. */
static void expect_ops(const char *expected)
{
	char text[1024] = "", one[IPVS_OP_TEXT_MAX];
	struct ipvs_op op;

	while (table_next(generation->table, &op)) {
		assert_true(ipvs_apply_op(keeper.ipvs, &op, NULL, NULL) == 0);
		strcat(text, ipvs_op_format(&op, one));
		strcat(text, "\n");
	}
	assert_string_equal(text, expected);
}

static struct protocol_edge edge_of(uint32_t real, bool up, uint32_t check)
{
	struct protocol_edge edge = {
		.real = real, .up = up, .failing = !up, .count = 1};

	edge.findings[0].check = check;
	edge.findings[0].count = up ? 2 : 3;
	edge.findings[0].took_us = 5000;
	strcpy(edge.findings[0].why, up ? "" : "connection refused");
	return edge;
}

static void explain(uint32_t real, bool up, uint32_t check)
{
	const struct protocol_edge edge = edge_of(real, up, check);

	edges_explain(generation, &edge);
}

static void all_up(void)
{
	learn(0, true, 100);
	learn(1, true, 100);
	learn(2, true, 100);
	assert_true(ipvs_apply(keeper.ipvs, generation->table, NULL, NULL) > 0);
	explain(0, true, 0);
	explain(1, true, 3);
	expect_lines("");
}

static void the_fallback_comes_before_the_last_real_goes(void **state)
{
	(void)state;
	all_up();
	learn(0, false, 100);
	learn(1, false, 100);
	expect_ops("add real 10.0.0.9:80 of 192.0.2.1:80/tcp, weight 1\n"
		   "set real 10.0.0.1:80 of 192.0.2.1:80/tcp, weight 0\n"
		   "set real 10.0.0.2:80 of 192.0.2.1:80/tcp, weight 0\n");
}

static void an_edge_is_told_once_with_its_reasons(void **state)
{
	struct protocol_edge edge = edge_of(0, false, 0);

	(void)state;
	all_up();
	edge.count = 2;
	edge.failing = 3;
	edge.findings[1] = edge.findings[0];
	edge.findings[1].check = 2;
	edge.findings[1].code = 554;
	learn(0, false, 100);
	expect_lines("");
	edges_explain(generation, &edge);
	expect_lines("4 real 10.0.0.1:80 of web: down: "
		     "http -u /a: connection refused, 5 ms, 3 of 3; "
		     "smtp 554 (connection refused), 5 ms, 3 of 3; "
		     "1 more of its checks fail\n");
	edges_explain(generation, &edge);
	learn(0, false, 100);
	expect_lines("");
	/* Another check of the real comes up, and is no edge. */
	explain(0, true, 1);
	expect_lines("");
	learn(0, true, 100);
	explain(0, true, 1);
	expect_lines("5 real 10.0.0.1:80 of web: up: http -u /b, 5 ms, 2 of "
		     "2\n");
}

/* The engine dies between the health and the reasons. */
static void an_edge_without_reasons_is_told_later(void **state)
{
	(void)state;
	all_up();
	learn(1, false, 100);
	edges_pulse(&keeper, false);
	expect_lines("");
	edges_pulse(&keeper, false);
	expect_lines("4 real 10.0.0.2:80 of web: down: its engine gave no "
		     "reason\n");
	explain(1, false, 3);
	edges_pulse(&keeper, false);
	edges_pulse(&keeper, false);
	expect_lines("");
	/* One that went back has nothing to tell. */
	learn(1, true, 100);
	learn(1, false, 100);
	edges_pulse(&keeper, false);
	edges_pulse(&keeper, false);
	expect_lines("");
}

/* Replaces the generation as a reload does. */
static void reload(const char *text)
{
	struct generation *old = generation;

	generation = generation_of(text);
	assert_int_equal(generation_take_over(generation, old), 0);
	generation_assume(generation);
	keeper.current = generation;
	generation_destroy(old);
}

static void no_password_is_told(void **state)
{
	static const struct {
		const char *check, *label;
	} rows[] = {
		{"http -A me:secret -u /b", "http -A ... -u /b"},
		{"http -Ame:secret -w", "http -A ... -w"},
		{"http -wA me:secret -u /b", "http -wA ... -u /b"},
		{"http -a 'Cookie: secret'", "http -a ..."},
		{"http -p -U secret", "http -p -U ..."},
		{"http -e 'secret text' -l 9", "http -e ... -l 9"},
		{"http -s 'AUTH\\rsecret'", "http -s ..."},
		{"http -A", "http -A ..."},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256], line[256];

		snprintf(text, sizeof(text),
			"virtual v%zu 192.0.2.1:80 {\nreal 10.0.1.%zu {\n"
			"check %s\ncheck http\n}\n}\n",
			i, i, rows[i].check);
		reload(text);
		learn(0, false, 100);
		lines[0] = '\0';
		explain(0, false, 0);
		snprintf(line, sizeof(line),
			"4 real 10.0.1.%zu:80 of v%zu: down: %s: connection "
			"refused, 5 ms, 3 of 3\n",
			i, i, rows[i].label);
		expect_lines(line);
	}
}

static void the_virtual_has_edges_of_its_own(void **state)
{
	(void)state;
	all_up();
	learn(0, false, 100);
	learn(1, false, 100);
	expect_lines("4 virtual web: no real is up, the fallback 10.0.0.9:80 "
		     "serves\n");
	learn(2, false, 100);
	expect_lines("4 virtual web: no server is up\n");
	learn(0, true, 100);
	expect_lines("5 virtual web: served by its reals\n");
	explain(0, true, 0);
	learn(0, true, 41);
	expect_lines("5 virtual web: real 10.0.0.1:80 has weight 5 instead of "
		     "10\n");
	learn(0, true, 41);
	expect_lines("");
}

/* A fallback serves a cold virtual, and nothing is told before the round. */
static void the_round_tells_what_is_no_news_otherwise(void **state)
{
	(void)state;
	generation->announced = false;
	learn(2, true, 100);
	expect_ops("add service 192.0.2.1:80/tcp\n"
		   "add real 10.0.0.9:80 of 192.0.2.1:80/tcp, weight 1\n");
	learn(0, false, 100);
	explain(0, false, 0);
	learn(1, false, 100);
	explain(1, false, 3);
	expect_lines("4 real 10.0.0.1:80 of web: down: http -u /a: connection "
		     "refused, 5 ms, 3 of 3\n"
		     "4 real 10.0.0.2:80 of web: down: smtp: connection "
		     "refused, 5 ms, 3 of 3\n");
	generation->announced = true;
	edges_round(generation);
	expect_lines("4 virtual web: no real is up, the fallback 10.0.0.9:80 "
		     "serves\n");
	edges_round(generation);
	expect_lines("");
}

static void a_reload_tells_what_is_new_alone(void **state)
{
	(void)state;
	all_up();
	learn(1, false, 100);
	explain(1, false, 3);
	lines[0] = '\0';
	reload("virtual web 192.0.2.1:80 {\n"
	       "real 10.0.0.2 weight 10 check smtp\n"
	       "real 10.0.0.3 check smtp\n"
	       "real 10.0.0.1 weight 7 {\ncheck smtp\ncheck http -u /a\n}\n"
	       "}\n");
	learn(0, false, 100);
	learn(2, true, 100);
	expect_lines("5 virtual web: real 10.0.0.1:80 has weight 7 instead of "
		     "10\n");
	learn(1, false, 100);
	explain(1, false, 1);
	expect_lines("4 real 10.0.0.3:80 of web: down: smtp: connection "
		     "refused, 5 ms, 3 of 3\n");
	learn(0, true, 100);
	explain(0, true, 0);
	expect_lines("5 real 10.0.0.2:80 of web: up: smtp, 5 ms, 2 of 2\n");
}

static void a_quiet_real_leaves_in_time(void **state)
{
	uint64_t begun = clock_ms();

	(void)state;
	reload("virtual web 192.0.2.1:80 {\n"
	       "check smtp\non-fail quiesce 1s remove\n"
	       "real 10.0.0.1\nreal 10.0.0.2 weight 10\n}\n");
	learn(0, true, 100);
	learn(1, true, 100);
	learn(0, false, 100);
	expect_ops("add service 192.0.2.1:80/tcp\n"
		   "add real 10.0.0.1:80 of 192.0.2.1:80/tcp, weight 0\n"
		   "add real 10.0.0.2:80 of 192.0.2.1:80/tcp, weight 10\n");
	assert_in_range(generation->look_ms, begun + 1000, begun + 9000);
	generation_look(generation);
	if (clock_ms() - begun < 900)
		expect_ops("");
	clock_sleep_ms(2100);
	generation_look(generation);
	expect_ops("delete real 10.0.0.1:80 of 192.0.2.1:80/tcp\n");
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(the_fallback_comes_before_the_last_real_goes),
		EACH(an_edge_is_told_once_with_its_reasons),
		EACH(an_edge_without_reasons_is_told_later),
		EACH(no_password_is_told),
		EACH(the_virtual_has_edges_of_its_own),
		EACH(the_round_tells_what_is_no_news_otherwise),
		EACH(a_reload_tells_what_is_new_alone),
		EACH(a_quiet_real_leaves_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
