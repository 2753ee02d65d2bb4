// SPDX-License-Identifier: GPL-2.0-or-later
/* A region takes and gives blocks in any order, within its bounds, and ends as
 * one free block. */
#include "tls/region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIZE ((size_t)65536)
#define BLOCKS 200
#define STEPS 200000

static _Alignas(16) char memory[SIZE];

static void all_fits_and_no_more(void **state)
{
	struct region region;
	void *all;

	(void)state;
	region_init(&region, memory, SIZE);
	assert_null(region_take(&region, SIZE));
	assert_null(region_take(&region, (size_t)-1));
	all = region_take(&region, SIZE - 32);
	assert_non_null(all);
	assert_null(region_take(&region, 0));
	region_give(&region, all);
	assert_int_equal(region.used, 0);
	assert_int_equal(region.peak, SIZE - 16);
}

static void small_blocks_are_aligned(void **state)
{
	struct region region;

	(void)state;
	region_init(&region, memory, SIZE);
	for (size_t size = 0; size < 100; size++) {
		char *at = region_take(&region, size);

		assert_non_null(at);
		assert_int_equal((uintptr_t)at % 16, 0);
		assert_true(region_capacity(at) >= size);
	}
}

struct piece {
	unsigned char *at;
	size_t size;
	unsigned char mark;
};

static bool is_whole(const struct piece *piece)
{
	for (size_t i = 0; i < piece->size; i++)
		if (piece->at[i] != piece->mark)
			return false;
	return true;
}

/* No block overlaps another one, whatever the order. */
static void any_order_is_right(void **state)
{
	static struct piece pieces[BLOCKS];
	struct region region;
	unsigned int failed = 0;

	(void)state;
	srand(7);
	region_init(&region, memory, SIZE);
	for (int step = 0; step < STEPS; step++) {
		struct piece *piece = &pieces[rand() % BLOCKS];

		if (piece->at) {
			assert_true(is_whole(piece));
			region_give(&region, piece->at);
			piece->at = NULL;
			continue;
		}
		piece->size = (size_t)(1 << rand() % 12) + (size_t)rand() % 50;
		piece->mark = (unsigned char)step;
		piece->at = region_take(&region, piece->size);
		failed += !piece->at;
		if (piece->at)
			memset(piece->at, piece->mark, piece->size);
	}
	assert_in_range(failed, 1, STEPS / 2);
	for (int i = 0; i < BLOCKS; i++)
		if (pieces[i].at)
			region_give(&region, pieces[i].at);
	assert_int_equal(region.used, 0);
	assert_non_null(region_take(&region, SIZE - 32));
}

static void the_end_is_trimmed(void **state)
{
	struct region region;
	void *first;
	size_t size;

	(void)state;
	region_init(&region, memory, SIZE);
	first = region_take(&region, 1000);
	size = region_trim(&region, 4096);
	assert_in_range(size, 1000 + 4096, 1000 + 4096 + 128);
	assert_non_null(region_take(&region, 4096));
	assert_null(region_take(&region, 64));
	region_give(&region, first);
	assert_non_null(region_take(&region, 1000));
	/* Nothing is free at the end now. */
	assert_int_equal(region_trim(&region, 0), size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fits_and_no_more),
		cmocka_unit_test(small_blocks_are_aligned),
		cmocka_unit_test(any_order_is_right),
		cmocka_unit_test(the_end_is_trimmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
