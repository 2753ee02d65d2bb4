// SPDX-License-Identifier: GPL-2.0-or-later
/* The arena, and the end of a process that asks too much of it. */
#include "base/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void gives_zeroed_aligned_memory(void **state)
{
	struct arena *arena = arena_create();
	size_t sizes[] = {1, 3, 8, 17, 100, 4096, 65536, 200000, 0, 5};
	char *last = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *at = arena_alloc(arena, sizes[i]);

		assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
		assert_ptr_not_equal(at, last);
		for (size_t n = 0; n < sizes[i]; n++)
			assert_int_equal(at[n], 0);
		memset(at, 0xff, sizes[i]);
		last = at;
	}
	assert_true(arena_used(arena) >= 269000);
	arena_destroy(arena);
	arena_destroy(NULL);
}

static void keeps_what_it_gave(void **state)
{
	struct arena *arena = arena_create();
	uint32_t *parts[300];

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		parts[i] = arena_array(arena, 300, sizeof(uint32_t));
		for (uint32_t n = 0; n < 300; n++)
			parts[i][n] = i;
	}
	for (uint32_t i = 0; i < 300; i++)
		for (uint32_t n = 0; n < 300; n++)
			assert_int_equal(parts[i][n], i);
	arena_destroy(arena);
}

static void copies_text(void **state)
{
	struct arena *arena = arena_create();

	(void)state;
	assert_string_equal(arena_strdup(arena, "hello"), "hello");
	assert_string_equal(arena_strdup(arena, ""), "");
	assert_string_equal(arena_strndup(arena, "hello", 3), "hel");
	assert_string_equal(arena_strndup(arena, "hello", 99), "hello");
	arena_destroy(arena);
}

/* A leak check finds this pointer, so it does not report the arena. */
static struct arena *held;

/* Runs deed in a child without stderr. Returns the status of waitpid(2). */
static int end_of(void (*deed)(void))
{
	const struct rlimit none = {0};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		deed();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void allocate_sealed(void)
{
	held = arena_create();
	arena_seal(held);
	arena_alloc(held, 1);
}

static void allocate_overflow(void)
{
	held = arena_create();
	arena_array(held, SIZE_MAX / 2, 4);
}

static void allocate_too_much(void)
{
	held = arena_create();
	arena_alloc(held, SIZE_MAX - 20);
}

static void allocate_beyond_the_machine(void)
{
	held = arena_create();
	arena_alloc(held, SIZE_MAX / 2);
}

static void ends_the_process(void **state)
{
	int status = end_of(allocate_sealed);

	(void)state;
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	status = end_of(allocate_overflow);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 71);
	status = end_of(allocate_too_much);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 71);
	status = end_of(allocate_beyond_the_machine);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 71);
}

static struct arena *before, *made[3];

static void work_within_memory(void *arg)
{
	made[0] = arena_create();
	strcpy(arena_alloc(made[0], 6), arg);
}

static void work_beyond_memory(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		made[i] = arena_create();
	arena_destroy(made[1]);
	arena_alloc(made[0], 100000);
	strcpy(arena_alloc(before, 5), "more");
	arena_alloc(made[2], SIZE_MAX / 2);
	fail();
}

/* A leak check sees that the arenas of the work are gone. */
static void gives_work_up(void **state)
{
	(void)state;
	before = arena_create();
	strcpy(arena_alloc(before, 4), "old");
	for (int i = 0; i < 3; i++) {
		assert_false(arena_try(work_beyond_memory, NULL));
		assert_true(arena_try(work_within_memory, "inner"));
		strcpy(arena_alloc(made[0], 100), "and on");
		arena_destroy(made[0]);
	}
	/* An arena of before goes on, and is destroyed as any other. */
	strcpy(arena_alloc(before, 4), "new");
	assert_true(arena_used(before) >= 12);
	arena_destroy(before);
	assert_true(arena_try(work_within_memory, "inner"));
	arena_destroy(made[0]);
}

/* Outside of the attempt, the end of memory ends the process again. */
static void allocate_after_an_attempt(void)
{
	arena_try(work_within_memory, "inner");
	arena_alloc(made[0], SIZE_MAX / 2);
}

static void ends_the_process_after_an_attempt(void **state)
{
	int status = end_of(allocate_after_an_attempt);

	(void)state;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 71);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(keeps_what_it_gave),
		cmocka_unit_test(copies_text),
		cmocka_unit_test(ends_the_process),
		cmocka_unit_test(gives_work_up),
		cmocka_unit_test(ends_the_process_after_an_attempt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
