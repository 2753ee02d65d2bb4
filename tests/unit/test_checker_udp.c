// SPDX-License-Identifier: GPL-2.0-or-later
/* udp: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{"-s", "\\0"}, NULL},
	{{"-s", "ping\\r\\n", "-e", "\\xff\\x00", "-k", "2", "-q"}, NULL},
	{{"-s", "a", "-l", "0"}, NULL},
	{{"-s", "a", "-l", "0-8192"}, NULL},
	{{"-s", "a", "-l", "3", "-k", "1", "-e", "bc"}, NULL},
};

static const struct vector refused[] = {
	{{NULL}, "needs -s, the bytes to send"},
	{{"-z"}, "unknown option '-z'"},
	{{"-s"}, "-s needs an argument"},
	{{"-s", "a", "b"}, "unexpected argument 'b'"},
	{{"-s", ""}, "-s needs at least one byte"},
	{{"-s", "\\q"}, "-s: bad escape in '\\q'"},
	{{"-s", "\\x4"}, "-s: bad escape in '\\x4'"},
	{{"-e", ""}, "-e needs at least one byte"},
	{{"-s", "a", "-k", "1"}, "-k needs -e"},
	{{"-s", "a", "-k", "8193"}, "-k: '8193' is not 0 to 8192"},
	{{"-s", "a", "-k", "8192", "-e", "x"},
		"-e: no reply has room for 8193 bytes"},
	{{"-s", "a", "-l", "2", "-e", "xyz"},
		"-e: no reply has room for 3 bytes"},
	{{"-l", ""}, "-l: '' is not a length or a range up to 8192"},
	{{"-l", "-"}, "-l: '-' is not a length or a range up to 8192"},
	{{"-l", "1-"}, "-l: '1-' is not a length or a range up to 8192"},
	{{"-l", "-5"}, "-l: '-5' is not a length or a range up to 8192"},
	{{"-l", "5-4"}, "-l: '5-4' is not a length or a range up to 8192"},
	{{"-l", "8193"}, "-l: '8193' is not a length or a range up to 8192"},
	{{"-l", "1-2-3"}, "-l: '1-2-3' is not a length or a range up to 8192"},
	{{"-l", "123456789-9"},
		"-l: '123456789-9' is not a length or a range up to 8192"},
};

VECTOR_TESTS

static void test_lengths(void **state)
{
	char text[1026];
	const char *const words[] = {"-s", text, "-e", text, NULL};
	char err[64];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1024] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
	text[1024] = 'a';
	text[1025] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
	assert_string_equal(err, "-s: more than 1024 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
