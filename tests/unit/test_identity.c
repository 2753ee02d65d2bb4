// SPDX-License-Identifier: GPL-2.0-or-later
/* Which check of a new configuration goes on from which check of an older. */
#include "memory_system.h"

#include "config/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CHECKS_MAX 16

static struct config *from, *to;
static uint32_t matches[CHECKS_MAX];

static struct config *must_read(const char *text)
{
	static struct config_reports reports;
	struct config *config = config_of(text, strlen(text), &reports);

	if (!config)
		fail_msg("%s", reports.text);
	memory_system_clear();
	assert_in_range(config->check_count, 1, CHECKS_MAX);
	return config;
}

/* Matches two texts; the configurations live until the next match. */
static void match(const char *old, const char *new)
{
	struct arena *scratch = arena_create();

	from = must_read(old);
	to = must_read(new);
	identity_match(to, from, matches, scratch);
	arena_destroy(scratch);
}

static void end(void)
{
	arena_destroy(from->arena);
	arena_destroy(to->arena);
}

#define MANY                                                                   \
	"virtual a 192.0.2.1:80 {\nreal 10.0.0.1 {\n"                          \
	"check x -a b\ncheck x -ab\ncheck x -a\ncheck x -a '' b\n"             \
	"check x -a b {\ncheck-port 81\n}\n"                                   \
	"check x -a b {\ncheck-address 10.0.0.2\n}\n"                          \
	"check x -a b {\nbind 10.0.0.2\n}\ncheck y -a b\n"                     \
	"}\nreal 10.0.0.2 check x -a b\n}\n"                                   \
	"virtual b 192.0.2.2:81 {\nreal 10.0.0.1:80 check x -a b\n}\n"

static void an_unchanged_file_matches_itself(void **state)
{
	(void)state;
	match(MANY, MANY);
	for (uint32_t i = 0; i < to->check_count; i++)
		assert_int_equal(matches[i], i);
	end();
}

/* One part of the identity at a time. */
static void each_part_counts(void **state)
{
	static const char *const others[] = {
		"real 10.0.0.9 check x -a b",
		"real 10.0.0.1:81 check x -a b",
		"real 10.0.0.1 check y -a b",
		"real 10.0.0.1 check x -ab",
		"real 10.0.0.1 check x -a",
		"real 10.0.0.1 check x -a b c",
		"real 10.0.0.1 check-port 81 check x -a b",
		"real 10.0.0.1 check-address 10.0.0.9 check x -a b",
		"real 10.0.0.1 bind 10.0.0.9 check x -a b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char new[256];

		snprintf(new, sizeof(new), "virtual a 192.0.2.1:80 {\n%s\n}\n",
			others[i]);
		match("virtual a 192.0.2.1:80 {\nreal 10.0.0.1 check x -a b\n}",
			new);
		assert_int_equal(matches[0], CONFIG_NONE);
		end();
	}
}

static void pace_weight_and_address_of_the_virtual_do_not_count(void **state)
{
	(void)state;
	match("virtual a 192.0.2.1:80 {\nreal 10.0.0.1 check x\n}\n",
		"interval 1s timeout 1s rise 9 fall 9\n"
		"virtual a 192.0.2.2:80 {\nscheduler rr\n"
		"real 10.0.0.1 weight 7 check x\n}\n");
	assert_int_equal(matches[0], 0);
	end();
}

/* One real in two virtuals under different timeouts: a reload of the same file
 * must not exchange what is known. */
#define TWICE                                                                  \
	"virtual a 192.0.2.1:80 {\ntimeout 1s\nreal 10.0.0.1 check x\n}\n"     \
	"virtual b 192.0.2.2:80 {\ntimeout 9s\nreal 10.0.0.1 check x\n}\n"

static void a_real_in_two_virtuals_is_two(void **state)
{
	(void)state;
	match(TWICE, TWICE);
	assert_int_equal(matches[0], 0);
	assert_int_equal(matches[1], 1);
	end();
	match(TWICE, "virtual b 192.0.2.2:80 {\nreal 10.0.0.1 check x\n}\n"
		     "virtual a 192.0.2.1:80 {\nreal 10.0.0.1 check x\n}\n");
	assert_int_equal(matches[0], 1);
	assert_int_equal(matches[1], 0);
	end();
}

/* Equal checks of one real go on in their order. */
static void equal_checks_keep_their_place(void **state)
{
	(void)state;
	match("virtual a 192.0.2.1:80 {\nreal 10.0.0.1 {\n"
	      "check x {\ntimeout 1s\n}\ncheck y\ncheck x {\ntimeout "
	      "2s\n}\n}\n}",
		"virtual a 192.0.2.1:80 {\nreal 10.0.0.1 {\n"
		"check y\ncheck x\ncheck x\ncheck x\n}\n}");
	assert_int_equal(matches[0], 1);
	assert_int_equal(matches[1], 0);
	assert_int_equal(matches[2], 2);
	assert_int_equal(matches[3], CONFIG_NONE);
	end();
}

/* A real that moved to another virtual keeps its health. */
static void a_real_that_moved_goes_on(void **state)
{
	(void)state;
	match("virtual a 192.0.2.1:80 {\nreal 10.0.0.[1-2] check x\n}\n",
		"virtual b 192.0.2.1:80 {\nreal 10.0.0.[1-3] check x\n}\n");
	assert_int_equal(matches[0], 0);
	assert_int_equal(matches[1], 1);
	assert_int_equal(matches[2], CONFIG_NONE);
	end();
}

/* A new virtual with a real of another takes nothing from it. */
static void nothing_is_taken_from_an_exact_match(void **state)
{
	(void)state;
	match("virtual b 192.0.2.1:80 {\nreal 10.0.0.1 check x\n}\n",
		"virtual a 192.0.2.9:80 {\nreal 10.0.0.1 check x\n}\n"
		"virtual b 192.0.2.1:80 {\nreal 10.0.0.1 check x\n}\n");
	assert_int_equal(matches[0], CONFIG_NONE);
	assert_int_equal(matches[1], 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unchanged_file_matches_itself),
		cmocka_unit_test(each_part_counts),
		cmocka_unit_test(
			pace_weight_and_address_of_the_virtual_do_not_count),
		cmocka_unit_test(a_real_in_two_virtuals_is_two),
		cmocka_unit_test(equal_checks_keep_their_place),
		cmocka_unit_test(a_real_that_moved_goes_on),
		cmocka_unit_test(nothing_is_taken_from_an_exact_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
