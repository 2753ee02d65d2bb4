// SPDX-License-Identifier: GPL-2.0-or-later
/* The wheel against a list that is walked. */
#include "base/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TIMERS 300

struct pair {
	struct wheel_timer timer;
	uint64_t due; /* 0 = not set */
};

static struct wheel wheel;
static struct pair pairs[TIMERS];
static uint64_t random_state;

static uint64_t any(uint64_t below)
{
	random_state =
		random_state * 6364136223846793005U + 1442695040888963407U;
	return (random_state >> 33) % below;
}

/* Near and far ticks alike. */
static uint64_t any_distance(void)
{
	static const uint64_t ranges[] = {3, 300, 70000, 20000000, 5000000000};

	return any(ranges[any(5)]);
}

static uint64_t clamp(uint64_t now, uint64_t tick)
{
	if (tick <= now)
		return now + 1;
	return tick - now > UINT32_MAX ? now + UINT32_MAX : tick;
}

static uint64_t first_due(void)
{
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < TIMERS; i++)
		if (pairs[i].due && pairs[i].due < first)
			first = pairs[i].due;
	return first;
}

static void change_some(void)
{
	for (uint64_t n = any(20); n; n--) {
		struct pair *pair = &pairs[any(TIMERS)];

		if (any(4) == 0) {
			wheel_clear(&wheel, &pair->timer);
			pair->due = 0;
			continue;
		}
		pair->due = clamp(wheel.now, wheel.now + any_distance());
		wheel_set(&wheel, &pair->timer, pair->due);
		assert_true(wheel_is_set(&pair->timer));
	}
}

static void expire_until(uint64_t now)
{
	struct wheel_timer *timer;
	uint64_t last = 0;

	while ((timer = wheel_expire(&wheel, now))) {
		struct pair *pair = (struct pair *)timer;

		assert_false(wheel_is_set(timer));
		assert_int_equal(pair->due, timer->tick);
		assert_true(pair->due <= now);
		assert_true(pair->due >= last);
		assert_int_equal(first_due(), pair->due);
		last = pair->due;
		pair->due = 0;
	}
	assert_int_equal(wheel.now, now);
	assert_true(first_due() > now);
}

static void agrees_with_a_list(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		random_state = seed;
		for (size_t i = 0; i < TIMERS; i++)
			pairs[i] = (struct pair){.due = 0};
		wheel_init(&wheel, any(UINT32_MAX));
		for (int round = 0; round < 300; round++) {
			change_some();
			assert_true(wheel_next(&wheel) <= first_due());
			assert_true(wheel_next(&wheel) > wheel.now);
			expire_until(wheel.now + any_distance());
		}
	}
}

static void sleeps_till_the_first(void **state)
{
	struct wheel_timer near = {0}, far = {0};

	(void)state;
	wheel_init(&wheel, 1000);
	assert_int_equal(wheel_next(&wheel), UINT64_MAX);
	wheel_set(&wheel, &near, 1010);
	wheel_set(&wheel, &far, 500000);
	assert_int_equal(wheel_next(&wheel), 1010);
	assert_ptr_equal(wheel_expire(&wheel, 1010), &near);
	assert_null(wheel_expire(&wheel, 1010));
	assert_true(wheel_next(&wheel) <= 500000);
	assert_null(wheel_expire(&wheel, 499999));
	assert_ptr_equal(wheel_expire(&wheel, 500000), &far);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_list),
		cmocka_unit_test(sleeps_till_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
