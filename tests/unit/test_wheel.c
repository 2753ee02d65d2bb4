// SPDX-License-Identifier: GPL-2.0-or-later
/* The timing wheel: cases by hand, and a comparison with a simple list. */
#include "base/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct wheel wheel;

static void starts_empty(void **state)
{
	(void)state;
	wheel_init(&wheel, 77);
	assert_true(wheel_next(&wheel) == UINT64_MAX);
	assert_null(wheel_expire(&wheel, 1000000));
	assert_int_equal(wheel.now, 1000000);
	assert_null(wheel_expire(&wheel, 5));
	assert_int_equal(wheel.now, 1000000);
}

static void is_due_at_its_tick_and_not_before(void **state)
{
	static const uint64_t ahead[] = {1, 2, 255, 256, 257, 511, 65535, 65536,
		65537, 16777215, 16777216, 16777217, 4294967295};
	struct wheel_timer timer = {0};

	(void)state;
	for (uint64_t from = 0; from < 70000; from += 255)
		for (size_t i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++) {
			wheel_init(&wheel, from);
			wheel_set(&wheel, &timer, from + ahead[i]);
			assert_true(wheel_is_set(&timer));
			assert_true(wheel_next(&wheel) <= from + ahead[i]);
			assert_null(wheel_expire(&wheel, from + ahead[i] - 1));
			assert_true(wheel_next(&wheel) == from + ahead[i]);
			assert_ptr_equal(
				wheel_expire(&wheel, from + ahead[i]), &timer);
			assert_false(wheel_is_set(&timer));
			assert_null(wheel_expire(&wheel, from + ahead[i]));
		}
}

static void puts_the_past_at_the_next_tick(void **state)
{
	struct wheel_timer timer = {0};

	(void)state;
	wheel_init(&wheel, 1000);
	wheel_set(&wheel, &timer, 3);
	assert_null(wheel_expire(&wheel, 1000));
	assert_ptr_equal(wheel_expire(&wheel, 1001), &timer);
	assert_int_equal(timer.tick, 1001);
}

static void puts_the_far_future_at_its_end(void **state)
{
	struct wheel_timer timer = {0};

	(void)state;
	wheel_init(&wheel, 1000);
	wheel_set(&wheel, &timer, UINT64_MAX);
	assert_true(timer.tick == 1000 + UINT64_C(4294967295));
	assert_null(wheel_expire(&wheel, timer.tick - 1));
	assert_ptr_equal(wheel_expire(&wheel, UINT64_MAX - 1), &timer);
}

static void moves_and_clears(void **state)
{
	struct wheel_timer timer = {0}, other = {0};

	(void)state;
	wheel_init(&wheel, 0);
	wheel_clear(&wheel, &timer);
	wheel_set(&wheel, &timer, 300);
	wheel_set(&wheel, &other, 300);
	wheel_set(&wheel, &timer, 5);
	wheel_clear(&wheel, &other);
	assert_false(wheel_is_set(&other));
	assert_int_equal(wheel_next(&wheel), 5);
	assert_ptr_equal(wheel_expire(&wheel, 400), &timer);
	assert_null(wheel_expire(&wheel, 400));
	assert_true(wheel_next(&wheel) == UINT64_MAX);
}

static void expires_what_is_set_meanwhile(void **state)
{
	struct wheel_timer a = {0}, b = {0};

	(void)state;
	wheel_init(&wheel, 0);
	wheel_set(&wheel, &a, 10);
	assert_ptr_equal(wheel_expire(&wheel, 20), &a);
	wheel_set(&wheel, &b, 10); /* in the past: fires at the next tick, 11 */
	wheel_set(&wheel, &a, 15);
	assert_ptr_equal(wheel_expire(&wheel, 20), &b);
	assert_int_equal(b.tick, 11);
	assert_ptr_equal(wheel_expire(&wheel, 20), &a);
	assert_null(wheel_expire(&wheel, 20));
}

/* The simple list. */
#define TIMERS 500

static struct wheel_timer timers[TIMERS];
static uint64_t due[TIMERS]; /* 0 = not set */

static uint64_t first_due(void)
{
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < TIMERS; i++)
		if (due[i] && due[i] < first)
			first = due[i];
	return first;
}

static uint64_t random_distance(void)
{
	uint64_t bits = (uint64_t)(random() % 34);

	return ((uint64_t)random() << 8) & ((UINT64_C(1) << bits) - 1);
}

static void change_something(void)
{
	size_t i = (size_t)random() % TIMERS;
	uint64_t tick = wheel.now + random_distance();

	if (random() % 4 == 0) {
		wheel_clear(&wheel, &timers[i]);
		due[i] = 0;
		return;
	}
	wheel_set(&wheel, &timers[i], tick);
	if (tick <= wheel.now)
		tick = wheel.now + 1;
	if (tick > wheel.now + UINT32_MAX)
		tick = wheel.now + UINT32_MAX;
	due[i] = tick;
}

static void expire_to(uint64_t now)
{
	struct wheel_timer *timer;
	uint64_t last = 0;

	while ((timer = wheel_expire(&wheel, now))) {
		size_t i = (size_t)(timer - timers);

		assert_true(due[i] == timer->tick);
		assert_true(due[i] <= now);
		assert_true(due[i] == first_due());
		assert_true(due[i] >= last);
		last = due[i];
		due[i] = 0;
		if (random() % 3 == 0)
			change_something();
	}
	assert_true(wheel.now == now);
	assert_true(first_due() > now);
}

static void agrees_with_a_list(void **state)
{
	(void)state;
	srandom(4711);
	memset(timers, 0, sizeof(timers));
	wheel_init(&wheel, 250);
	for (int round = 0; round < 20000; round++) {
		uint64_t next;

		for (long n = random() % 4; n > 0; n--)
			change_something();
		next = wheel_next(&wheel);
		assert_true(next <= first_due());
		assert_true(
			(next == UINT64_MAX) == (first_due() == UINT64_MAX));
		if (next != UINT64_MAX && random() % 2)
			expire_to(next);
		else
			expire_to(wheel.now + random_distance() % 100000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty),
		cmocka_unit_test(is_due_at_its_tick_and_not_before),
		cmocka_unit_test(puts_the_past_at_the_next_tick),
		cmocka_unit_test(puts_the_far_future_at_its_end),
		cmocka_unit_test(moves_and_clears),
		cmocka_unit_test(expires_what_is_set_meanwhile),
		cmocka_unit_test(agrees_with_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
