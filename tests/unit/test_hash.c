// SPDX-License-Identifier: GPL-2.0-or-later
/* The hash table and FNV-1a. */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MOST 1000

/* The array whose indices a table holds. */
static uint32_t numbers[MOST];

static bool is_number(const void *arg, uint32_t index)
{
	const uint32_t *number = arg;

	return numbers[index] == *number;
}

static uint32_t find(const struct hash *hash, uint64_t key, uint32_t number)
{
	return hash_find(hash, key, is_number, &number);
}

/* The vectors of draft-eastlake-fnv, section 8. */
static void test_bytes(void **state)
{
	(void)state;
	assert_true(
		hash_bytes(HASH_SEED, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(
		hash_bytes(HASH_SEED, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_bytes(HASH_SEED, "foobar", 6) ==
		    UINT64_C(0x85944171f73967e8));
	assert_true(hash_bytes(hash_bytes(HASH_SEED, "foo", 3), "bar", 3) ==
		    UINT64_C(0x85944171f73967e8));
}

static void test_empty(void **state)
{
	struct arena *arena = arena_create();
	struct hash hash = hash_create(arena, 0);

	(void)state;
	assert_int_equal(find(&hash, HASH_SEED, 0), HASH_NONE);
	arena_destroy(arena);
}

/* Every index is found again, and a full table has as many free cells. */
static void test_full(void **state)
{
	struct arena *arena = arena_create();
	struct hash hash = hash_create(arena, MOST);

	(void)state;
	for (uint32_t i = 0; i < MOST; i++) {
		numbers[i] = i * 7;
		assert_int_equal(find(&hash,
					 hash_bytes(HASH_SEED, &numbers[i],
						 sizeof(numbers[i])),
					 numbers[i]),
			HASH_NONE);
		hash_add(&hash,
			hash_bytes(HASH_SEED, &numbers[i], sizeof(numbers[i])),
			i);
	}
	assert_int_equal(hash.count, MOST);
	assert_true(hash.mask + 1 >= 2 * MOST);
	for (uint32_t i = 0; i < MOST; i++)
		assert_int_equal(find(&hash,
					 hash_bytes(HASH_SEED, &numbers[i],
						 sizeof(numbers[i])),
					 numbers[i]),
			i);
	arena_destroy(arena);
}

/* Entries under one key are told apart by what they are. */
static void test_collisions(void **state)
{
	struct arena *arena = arena_create();
	struct hash hash = hash_create(arena, 100);

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		numbers[i] = i + 1;
		hash_add(&hash, UINT64_MAX, i);
	}
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(find(&hash, UINT64_MAX, i + 1), i);
	assert_int_equal(find(&hash, UINT64_MAX, 101), HASH_NONE);
	assert_int_equal(find(&hash, 1, 101), HASH_NONE);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_collisions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
