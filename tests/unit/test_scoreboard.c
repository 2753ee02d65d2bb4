// SPDX-License-Identifier: GPL-2.0-or-later
/* A new scoreboard takes over the health of checks that stay the same. */
#include "ipc/scoreboard.h"

#include "config/identity.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHECKS 4

/* A configuration of checks alone; the checker is vector 0 or 1. */
struct scene {
	struct config config;
	struct config_virtual virtuals[2];
	struct config_real reals[CHECKS];
	struct config_check checks[CHECKS];
	struct config_settings settings[2];
	struct config_vector vectors[2];
	struct scoreboard *scoreboard;
};

static char http[] = "http", smtp[] = "smtp";
static char *http_argv[] = {http, NULL}, *smtp_argv[] = {smtp, NULL};

static void scene_begin(struct scene *scene, uint32_t count)
{
	memset(scene, 0, sizeof(*scene));
	scene->config = (struct config){
		.virtuals = scene->virtuals,
		.reals = scene->reals,
		.checks = scene->checks,
		.settings = scene->settings,
		.vectors = scene->vectors,
		.virtual_count = 2,
		.real_count = count,
		.check_count = count,
		.settings_count = 2,
		.vector_count = 2,
	};
	scene->vectors[0] = (struct config_vector){.argc = 1, http_argv};
	scene->vectors[1] = (struct config_vector){.argc = 1, smtp_argv};
	scene->virtuals[0].name = "a";
	scene->virtuals[1].name = "b";
	scene->settings[1].check_port = 25;
	for (uint32_t i = 0; i < count; i++) {
		scene->checks[i].real = i;
		address_parse(&scene->reals[i].address, "10.0.0.1");
		scene->reals[i].address.port = (uint16_t)(8000 + i);
	}
	scene->scoreboard = calloc(1, scoreboard_size(&scene->config));
	assert_non_null(scene->scoreboard);
}

static void set(struct scene *scene, uint32_t check, enum health_state state,
	uint32_t successes)
{
	scene->scoreboard->scores[check].health = (struct health){
		.state = (uint8_t)state,
		.successes = successes,
	};
}

static struct scene from, to;
static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	scene_begin(&from, CHECKS);
	scene_begin(&to, CHECKS);
	arena = arena_create();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_destroy(arena);
	free(from.scoreboard);
	free(to.scoreboard);
	return 0;
}

static void take_over(void)
{
	uint32_t *matches =
		arena_array(arena, to.config.check_count, sizeof(*matches));

	identity_match(&to.config, &from.config, matches, arena);
	scoreboard_take_over(
		to.scoreboard, from.scoreboard, matches, to.config.check_count);
}

static void size_is_of_all_checks(void **state)
{
	(void)state;
	assert_int_equal(scoreboard_size(&from.config),
		sizeof(struct scoreboard) + CHECKS * sizeof(struct score));
	from.config.check_count = 0;
	assert_int_equal(
		scoreboard_size(&from.config), sizeof(struct scoreboard));
}

static void equal_checks_go_on(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < CHECKS; i++) {
		set(&from, i, i % 2 ? HEALTH_UP : HEALTH_DOWN, 10 + i);
		/* The new configuration has them in another order. */
		to.checks[i].real = CHECKS - 1 - i;
	}
	take_over();
	for (uint32_t i = 0; i < CHECKS; i++)
		assert_memory_equal(&to.scoreboard->scores[i].health,
			&from.scoreboard->scores[CHECKS - 1 - i].health,
			sizeof(struct health));
}

static void others_stay_as_they_are(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < CHECKS; i++) {
		set(&from, i, HEALTH_UP, 10);
		set(&to, i, HEALTH_ASSUMED, 1);
	}
	to.reals[0].address.port = 9999; /* another real */
	to.checks[1].vector = 1;         /* another checker */
	to.checks[2].settings = 1;       /* another port */
	take_over();
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(to.scoreboard->scores[i].health.successes, 1);
	assert_int_equal(to.scoreboard->scores[3].health.successes, 10);
}

static void a_change_of_pace_is_no_other_question(void **state)
{
	(void)state;
	set(&from, 0, HEALTH_DOWN, 10);
	to.settings[0].interval_ms = 77;
	to.settings[0].rise = 5;
	to.reals[0].weight = 9;
	take_over();
	assert_int_equal(to.scoreboard->scores[0].health.successes, 10);
}

static void what_makes_no_sense_is_left(void **state)
{
	(void)state;
	set(&from, 0, HEALTH_DOWN + 1, 10);
	set(&from, 1, HEALTH_UP, 10);
	from.scoreboard->scores[1].health.rises = 11;
	set(&from, 2, HEALTH_UNKNOWN, 10);
	set(&from, 3, HEALTH_ASSUMED, 10);
	take_over();
	for (uint32_t i = 0; i < CHECKS; i++)
		assert_int_equal(to.scoreboard->scores[i].health.successes, 0);
}

static void due_times_and_counters_go_on(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < CHECKS; i++) {
		set(&from, i, HEALTH_UP, 10);
		from.scoreboard->scores[i].due_us = 1000 + i;
	}
	to.checks[0].vector = 1; /* another checker: no due time */
	from.scoreboard->counters.probes = 40;
	from.scoreboard->counters.put_off = 2;
	histogram_add(&from.scoreboard->counters.late, 77);
	from.scoreboard->beat = 9;
	take_over();
	assert_true(to.scoreboard->scores[0].due_us == 0);
	for (uint32_t i = 1; i < CHECKS; i++)
		assert_true(to.scoreboard->scores[i].due_us == 1000 + i);
	assert_true(to.scoreboard->counters.probes == 40);
	assert_true(to.scoreboard->counters.put_off == 2);
	assert_int_equal(to.scoreboard->counters.late.max, 77);
	/* The beat is the engine's own. */
	assert_true(to.scoreboard->beat == 0);
}

/* One real in two virtuals: each keeps its own health. */
static void a_real_in_two_virtuals_is_two(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		struct scene *scene = i ? &to : &from;

		scene->reals[1] = scene->reals[0];
		scene->reals[1].virtual = 1;
	}
	set(&from, 0, HEALTH_UP, 10);
	set(&from, 1, HEALTH_DOWN, 11);
	take_over();
	assert_int_equal(to.scoreboard->scores[0].health.state, HEALTH_UP);
	assert_int_equal(to.scoreboard->scores[1].health.state, HEALTH_DOWN);
}

static void nothing_comes_of_nothing(void **state)
{
	(void)state;
	set(&to, 0, HEALTH_UP, 5);
	from.config.check_count = 0;
	take_over();
	assert_int_equal(to.scoreboard->scores[0].health.successes, 5);
	from.config.check_count = CHECKS;
	to.config.check_count = 0;
	take_over();
	assert_int_equal(to.scoreboard->scores[0].health.successes, 5);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(size_is_of_all_checks),
		EACH(equal_checks_go_on),
		EACH(others_stay_as_they_are),
		EACH(a_change_of_pace_is_no_other_question),
		EACH(what_makes_no_sense_is_left),
		EACH(due_times_and_counters_go_on),
		EACH(a_real_in_two_virtuals_is_two),
		EACH(nothing_comes_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
