// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop: timers that are never early, tasks, descriptors, signals. */
#include "loop/loop.h"

#include "base/clock.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct loop *loop;
static int turns;

static int setup(void **state)
{
	(void)state;
	arena = arena_create();
	loop = loop_create(arena);
	turns = 0;
	return loop ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	loop_destroy(loop);
	arena_destroy(arena);
	return 0;
}

static void turn(void *arg)
{
	assert_null(arg);
	turns++;
}

/* Timers. */
#define TIMERS 200

static struct {
	struct loop_timer timer;
	uint64_t due_us;
	uint64_t expired_us;
} alarms[TIMERS];
static size_t left;

static void alarm_expired(struct loop_timer *timer)
{
	size_t i = (size_t)((char *)timer - (char *)alarms) / sizeof(alarms[0]);

	alarms[i].expired_us = clock_us();
	if (--left == 0)
		loop_stop(loop);
}

static void timers_are_never_early(void **state)
{
	uint64_t now = clock_us();

	(void)state;
	memset(alarms, 0, sizeof(alarms));
	left = TIMERS;
	srandom(1);
	for (size_t i = 0; i < TIMERS; i++) {
		alarms[i].timer.expired = alarm_expired;
		alarms[i].due_us = now + (uint64_t)random() % 500000;
		loop_timer_set(loop, &alarms[i].timer, alarms[i].due_us);
	}
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	for (size_t i = 0; i < TIMERS; i++)
		assert_true(alarms[i].expired_us >= alarms[i].due_us);
	/* 50 ticks; a busy machine needs fewer turns for them. */
	assert_in_range(turns, 1, 60);
}

static void moved_and_cleared_timers_keep_to_it(void **state)
{
	uint64_t now = clock_us();

	(void)state;
	memset(alarms, 0, sizeof(alarms));
	left = 1;
	for (size_t i = 0; i < 2; i++) {
		alarms[i].timer.expired = alarm_expired;
		loop_timer_set(loop, &alarms[i].timer, now + 30000);
	}
	loop_timer_clear(loop, &alarms[0].timer);
	loop_timer_set(loop, &alarms[1].timer, now + 100000);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_true(alarms[0].expired_us == 0);
	assert_true(alarms[1].expired_us >= now + 100000);
}

/* Tasks. */
static struct loop_task tasks[4];
static char order[16];

static void note(struct loop_task *task)
{
	char name[] = {(char)('a' + (task - tasks)), '\0'};

	strcat(order, name);
}

static void task_stop(struct loop_task *task)
{
	note(task);
	loop_stop(loop);
}

static void task_again(struct loop_task *task)
{
	note(task);
	if (strlen(order) < 8)
		loop_post(loop, task);
	else
		loop_stop(loop);
}

static void task_unposts_others(struct loop_task *task)
{
	note(task);
	loop_unpost(loop, &tasks[1]);
	loop_unpost(loop, &tasks[3]);
	loop_unpost(loop, task);
}

static void start_tasks(void)
{
	memset(tasks, 0, sizeof(tasks));
	order[0] = '\0';
}

static void tasks_run_in_order(void **state)
{
	(void)state;
	start_tasks();
	for (size_t i = 0; i < 4; i++) {
		tasks[i].run = i == 3 ? task_stop : note;
		loop_post(loop, &tasks[i]);
		loop_post(loop, &tasks[i]);
	}
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_string_equal(order, "abcd");
	assert_int_equal(turns, 1);
}

/* A task that posts itself does not keep the loop in one turn. */
static void tasks_posted_meanwhile_have_to_wait(void **state)
{
	(void)state;
	start_tasks();
	tasks[0].run = tasks[1].run = task_again;
	loop_post(loop, &tasks[0]);
	loop_post(loop, &tasks[1]);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_string_equal(order, "abababab");
	assert_int_equal(turns, 4);
}

static void tasks_can_be_taken_back(void **state)
{
	(void)state;
	start_tasks();
	tasks[0].run = task_unposts_others;
	tasks[1].run = tasks[3].run = note;
	tasks[2].run = task_stop;
	for (size_t i = 0; i < 4; i++)
		loop_post(loop, &tasks[i]);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_string_equal(order, "ac");
}

static void the_last_task_can_be_taken_back(void **state)
{
	(void)state;
	start_tasks();
	tasks[0].run = note;
	tasks[1].run = note;
	tasks[2].run = task_stop;
	loop_post(loop, &tasks[0]);
	loop_post(loop, &tasks[1]);
	loop_unpost(loop, &tasks[1]);
	loop_post(loop, &tasks[2]);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_string_equal(order, "ac");
}

/* Descriptors. */
static int ends[2];
static int readies;

static void read_one(void *arg, bool in, bool out)
{
	char byte;

	(void)arg;
	assert_true(in);
	assert_false(out);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	readies++;
	if (byte == 'z')
		loop_stop(loop);
}

static void input_is_told_as_long_as_there_is_some(void **state)
{
	struct loop_watch watch = {0};

	(void)state;
	readies = 0;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(loop_watch_begin(loop, &watch, ends[0], LOOP_INPUT,
				 read_one, NULL),
		0);
	assert_int_equal(write(ends[1], "abz", 3), 3);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_int_equal(readies, 3);
	loop_watch_end(&watch);
	loop_watch_end(&watch);
	close(ends[0]);
	close(ends[1]);
}

static void read_none(void *arg, bool in, bool out)
{
	(void)arg;
	assert_true(in);
	assert_false(out);
	readies++;
}

/* A socket with room, and input that nobody takes. */
static void an_arrival_is_told_once(void **state)
{
	struct loop_watch watch = {0};

	(void)state;
	readies = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
	assert_int_equal(loop_watch_begin(loop, &watch, ends[0], LOOP_ARRIVALS,
				 read_none, NULL),
		0);
	assert_int_equal(write(ends[1], "a", 1), 1);
	memset(alarms, 0, sizeof(alarms));
	left = 1;
	alarms[0].timer.expired = alarm_expired;
	loop_timer_set(loop, &alarms[0].timer, clock_us() + 50000);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_int_equal(readies, 1);
	loop_watch_end(&watch);
	close(ends[0]);
	close(ends[1]);
}

static void has_room(void *arg, bool in, bool out)
{
	(void)arg;
	assert_false(in);
	assert_true(out);
	readies++;
}

static void room_is_told_once(void **state)
{
	struct loop_watch watch = {0};

	(void)state;
	readies = 0;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(loop_watch_begin(loop, &watch, ends[1], LOOP_ROOM,
				 has_room, NULL),
		0);
	memset(alarms, 0, sizeof(alarms));
	left = 1;
	alarms[0].timer.expired = alarm_expired;
	loop_timer_set(loop, &alarms[0].timer, clock_us() + 50000);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_int_equal(readies, 1);
	assert_false(watch.on);
	loop_watch_end(&watch);
	close(ends[0]);
	close(ends[1]);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

/* Signals. */
static void caught(void *arg, int number)
{
	*(int *)arg = number;
	loop_stop(loop);
}

static void a_signal_is_caught_in_the_loop(void **state)
{
	static struct loop_signal signals[2];
	int number = 0;

	(void)state;
	assert_int_equal(
		loop_signal_begin(loop, &signals[0], SIGUSR1, caught, &number),
		0);
	assert_int_equal(
		loop_signal_begin(loop, &signals[1], SIGHUP, caught, &number),
		0);
	raise(SIGHUP);
	assert_int_equal(number, 0);
	assert_int_equal(loop_run(loop, turn, NULL), 0);
	assert_int_equal(number, SIGHUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(timers_are_never_early),
		TEST(moved_and_cleared_timers_keep_to_it),
		TEST(tasks_run_in_order),
		TEST(tasks_posted_meanwhile_have_to_wait),
		TEST(tasks_can_be_taken_back),
		TEST(the_last_task_can_be_taken_back),
		TEST(input_is_told_as_long_as_there_is_some),
		TEST(an_arrival_is_told_once),
		TEST(room_is_told_once),
		TEST(a_signal_is_caught_in_the_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
