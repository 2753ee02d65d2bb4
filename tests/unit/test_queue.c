// SPDX-License-Identifier: GPL-2.0-or-later
/* A queue of numbers. */
#include "base/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NUMBERS 4

static struct arena *arena;
static struct queue queue;

static int set_up(void **state)
{
	(void)state;
	arena = arena_create();
	queue = queue_create(arena, NUMBERS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void assert_pops(struct queue *from, uint32_t expected)
{
	uint32_t number;

	assert_true(queue_pop(from, &number));
	assert_int_equal(number, expected);
}

static void an_empty_queue_gives_nothing(void **state)
{
	uint32_t number;

	(void)state;
	assert_false(queue_first(&queue, &number));
	assert_false(queue_pop(&queue, &number));
	for (uint32_t i = 0; i < NUMBERS; i++)
		assert_false(queue_has(&queue, i));
}

static void the_first_in_is_the_first_out(void **state)
{
	(void)state;
	queue_push(&queue, 3);
	queue_push(&queue, 0);
	queue_push(&queue, 2);
	assert_pops(&queue, 3);
	queue_push(&queue, 3);
	assert_pops(&queue, 0);
	assert_pops(&queue, 2);
	assert_pops(&queue, 3);
	an_empty_queue_gives_nothing(NULL);
}

static void a_number_keeps_its_place(void **state)
{
	uint32_t number;

	(void)state;
	queue_push(&queue, 1);
	queue_push(&queue, 2);
	queue_push(&queue, 1);
	assert_pops(&queue, 1);
	assert_pops(&queue, 2);
	assert_false(queue_pop(&queue, &number));
}

static void a_walk_takes_nothing_out(void **state)
{
	uint32_t number;

	(void)state;
	queue_push(&queue, 1);
	queue_push(&queue, 3);
	assert_true(queue_first(&queue, &number));
	assert_int_equal(number, 1);
	assert_true(queue_next(&queue, &number));
	assert_int_equal(number, 3);
	assert_false(queue_next(&queue, &number));
	assert_true(queue_has(&queue, 1));
	assert_true(queue_has(&queue, 3));
}

static void a_number_is_in_one_of_two(void **state)
{
	struct queue other = queue_beside(&queue);
	uint32_t number;

	(void)state;
	queue_push(&queue, 1);
	queue_push(&other, 1);
	queue_push(&other, 2);
	assert_pops(&other, 2);
	assert_false(queue_pop(&other, &number));
	assert_pops(&queue, 1);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(an_empty_queue_gives_nothing),
		EACH(the_first_in_is_the_first_out),
		EACH(a_number_keeps_its_place),
		EACH(a_walk_takes_nothing_out),
		EACH(a_number_is_in_one_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
