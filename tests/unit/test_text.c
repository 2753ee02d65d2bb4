// SPDX-License-Identifier: GPL-2.0-or-later
/* Text in fixed buffers. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void builds_and_cuts(void **state)
{
	char buf[10];
	struct text text;

	(void)state;
	memset(buf, 'x', sizeof(buf));
	text_init(&text, buf, 9);
	assert_string_equal(buf, "");
	text_add(&text, "%s-%d", "ab", 12);
	assert_string_equal(buf, "ab-12");
	assert_int_equal(text.len, 5);
	text_add(&text, "%s", "345");
	assert_false(text.cut);
	text_add(&text, "6789");
	assert_true(text.cut);
	assert_string_equal(buf, "ab-12345");
	assert_int_equal(text.len, 8);
	text_add(&text, "more");
	assert_string_equal(buf, "ab-12345");
	assert_int_equal(buf[9], 'x');
	text_init(&text, buf, 1);
	text_add(&text, "a");
	assert_true(text.cut);
	assert_string_equal(buf, "");
}

static void makes_printable(void **state)
{
	char buf[8];

	(void)state;
	text_printable(buf, sizeof(buf), "a\0b\n\x80~ zz", 9);
	assert_string_equal(buf, "a?b??~ ");
	text_printable(buf, sizeof(buf), "ab", 2);
	assert_string_equal(buf, "ab");
	text_printable(buf, 1, "ab", 2);
	assert_string_equal(buf, "");
}

static void reads_durations(void **state)
{
	static const struct {
		const char *text;
		uint32_t ms;
	} good[] = {
		{"0", 0},
		{"10", 10000},
		{"500ms", 500},
		{"10s", 10000},
		{"5m", 300000},
		{"1h", 3600000},
		{"2d", 172800000},
		{"0.5s", 500},
		{"0.25", 250},
		{"1.5m", 90000},
		{"0.001s", 1},
		{"0.001000000s", 1},
		{"4294967295ms", UINT32_MAX},
	};
	static const char *const bad[] = {"", "s", ".5s", "5.", "5.s", "-1",
		"+1", " 1", "1 ", "1 s", "1sec", "1S", "0.5ms", "0.0001s",
		"4294967296ms", "99999999999", "50d", "0x10", "1.2.3",
		"0.0000000001s", "1e3"};
	uint32_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(text_duration(good[i].text, &ms), 0);
		assert_int_equal(ms, good[i].ms);
	}
	ms = 42;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (text_duration(bad[i], &ms) != -1 || ms != 42)
			fail_msg("'%s' was taken for a duration", bad[i]);
}

static void writes_durations(void **state)
{
	static const uint32_t some[] = {0, 1, 999, 1000, 1500, 90000, 300000,
		3600000, 5400000, 86400000, 172800000, UINT32_MAX};
	static const char *const texts[] = {"0s", "1ms", "999ms", "1s",
		"1500ms", "90s", "5m", "1h", "90m", "1d", "2d", "4294967295ms"};
	char buf[TEXT_DURATION_MAX];
	uint32_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		assert_ptr_equal(text_duration_format(some[i], buf), buf);
		assert_string_equal(buf, texts[i]);
		assert_int_equal(text_duration(buf, &ms), 0);
		assert_int_equal(ms, some[i]);
	}
}

static void reads_numbers(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1a",
		"0x1", "18446744073709551616", "4", "11"};
	uint64_t number;

	(void)state;
	assert_int_equal(text_number("0", 0, 0, &number), 0);
	assert_int_equal(text_number("007", 0, 9, &number), 0);
	assert_int_equal(number, 7);
	assert_int_equal(
		text_number("18446744073709551615", 0, UINT64_MAX, &number), 0);
	assert_true(number == UINT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(text_number(bad[i], 5, 10, &number), -1);
}

static void finds_the_nearest_word(void **state)
{
	static const char *const words[] = {
		"http", "smtp", "connect", "banner", "scheduler", "up", NULL};

	(void)state;
	assert_string_equal(text_nearest("htpp", words), "http");
	assert_string_equal(text_nearest("thtp", words), "http");
	assert_string_equal(text_nearest("htttp", words), "http");
	assert_string_equal(text_nearest("conect", words), "connect");
	assert_string_equal(text_nearest("shceduler", words), "scheduler");
	assert_string_equal(text_nearest("baner", words), "banner");
	assert_string_equal(text_nearest("connect", words), "connect");
	assert_null(text_nearest("imap", words));
	assert_null(text_nearest("x", words));
	assert_null(text_nearest("", words));
	assert_null(text_nearest("a-word-longer-than-any-word-can-be", words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_and_cuts),
		cmocka_unit_test(makes_printable),
		cmocka_unit_test(reads_durations),
		cmocka_unit_test(writes_durations),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(finds_the_nearest_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
