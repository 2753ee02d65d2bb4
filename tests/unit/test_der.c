// SPDX-License-Identifier: GPL-2.0-or-later
/* A SEQUENCE without one of its members, at the limits of its lengths. */
#include "tls/der.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TAG 0xa3
#define SIZE 70000

static unsigned char from[SIZE], to[SIZE];

struct bytes {
	unsigned char text[16];
	size_t len;
};

static const struct {
	struct bytes from, to; /* no length = refused */
} cases[] = {
	{{{0x30, 0}, 2}, {{0x30, 0}, 2}},
	{{{0x30, 3, 2, 1, 5}, 5}, {{0x30, 3, 2, 1, 5}, 5}},
	{{{0x30, 3, TAG, 1, 5}, 5}, {{0x30, 0}, 2}},
	{{{0x30, 7, 2, 1, 5, TAG, 2, 6, 7}, 9}, {{0x30, 3, 2, 1, 5}, 5}},
	{{{0x30, 7, TAG, 2, 6, 7, 2, 1, 5}, 9}, {{0x30, 3, 2, 1, 5}, 5}},
	{{{0x30, 4, TAG, 0, TAG, 0}, 6}, {{0x30, 2, TAG, 0}, 4}},
	/* Lengths in a longer form than they need. */
	{{{0x30, 0x81, 2, TAG, 0}, 5}, {{0x30, 0}, 2}},
	{{{0x30, 0x82, 0, 4, TAG, 0x82, 0, 0}, 8}, {{0x30, 0}, 2}},
	/* No SEQUENCE, or cut. */
	{{{0}, 0}, {{0}, 0}},
	{{{0x30}, 1}, {{0}, 0}},
	{{{0x31, 0}, 2}, {{0}, 0}},
	{{{0x30, 1}, 2}, {{0}, 0}},
	{{{0x30, 0, 0}, 3}, {{0}, 0}},
	{{{0x30, 0x80, 0, 0}, 4}, {{0}, 0}},
	{{{0x30, 0x81}, 2}, {{0}, 0}},
	{{{0x30, 0x82, 0}, 3}, {{0}, 0}},
	{{{0x30, 0x83, 0, 0, 0}, 5}, {{0}, 0}},
	{{{0x30, 1, 2}, 3}, {{0}, 0}},
	{{{0x30, 2, 2, 1}, 4}, {{0}, 0}},
	{{{0x30, 3, TAG, 0x84, 1}, 5}, {{0}, 0}},
};

static void members_are_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = der_without(
			to, SIZE, cases[i].from.text, cases[i].from.len, TAG);

		assert_int_equal(len, cases[i].to.len);
		assert_memory_equal(to, cases[i].to.text, len);
	}
}

/* Writes a SEQUENCE of one member with so many bytes. Returns its length. */
static size_t make(size_t content)
{
	size_t inner = content + 4;
	const unsigned char heads[] = {0x30, 0x82, (unsigned char)(inner >> 8),
		(unsigned char)inner, 4, 0x82, (unsigned char)(content >> 8),
		(unsigned char)content};

	memcpy(from, heads, sizeof(heads));
	memset(from + sizeof(heads), 7, content);
	return sizeof(heads) + content;
}

static void lengths_keep_their_form(void **state)
{
	static const size_t contents[] = {252, 300, 65535 - 4};

	(void)state;
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		size_t len = make(contents[i]);

		assert_int_equal(der_without(to, SIZE, from, len, TAG), len);
		assert_memory_equal(to, from, len);
		assert_int_equal(der_without(to, len, from, len, TAG), len);
		assert_int_equal(der_without(to, len - 1, from, len, TAG), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_left_out),
		cmocka_unit_test(lengths_keep_their_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
