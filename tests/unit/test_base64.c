// SPDX-License-Identifier: GPL-2.0-or-later
/* base64: the vectors of RFC 4648, 10, and every digit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base64.h"

#include <string.h>

static void test_text(void **state)
{
	static const char *const pairs[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		size_t len = strlen(pairs[i][0]);
		char out[BASE64_SIZE(6) + 1];

		memset(out, '#', sizeof(out));
		assert_int_equal(base64_write(out, pairs[i][0], len),
			strlen(pairs[i][1]));
		assert_string_equal(out, pairs[i][1]);
		assert_int_equal(out[BASE64_SIZE(len)], '#');
	}
}

static void test_every_digit(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char in[48];
	char out[BASE64_SIZE(sizeof(in))];

	(void)state;
	for (unsigned int i = 0; i < 16; i++) {
		unsigned int bits = (i * 4) << 18 | (i * 4 + 1) << 12 |
				    (i * 4 + 2) << 6 | (i * 4 + 3);

		in[3 * i] = (unsigned char)(bits >> 16);
		in[3 * i + 1] = (unsigned char)(bits >> 8 & 0xff);
		in[3 * i + 2] = (unsigned char)(bits & 0xff);
	}
	base64_write(out, in, sizeof(in));
	assert_string_equal(out, digits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_every_digit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
