// SPDX-License-Identifier: GPL-2.0-or-later
/* ftp: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-S"}, NULL},
	{{"-S", "-u", "probe", "-P", TEST_PASSWORD}, NULL},
	{{"-u", "probe", "-P", TEST_PASSWORD}, NULL},
	{{"-u", "anonymous"}, NULL},
	{{"-u", "ftp"}, NULL},
	{{"-u", "ftp", "-P", TEST_PASSWORD}, NULL},
	{{"-G", "220,421", "-N", "100-599"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-u"}, "-u needs an argument"},
	{{"x"}, "unexpected argument 'x'"},
	{{"-u", "", "-P", TEST_PASSWORD}, "-u: '' is not a user"},
	{{"-u", "a b", "-P", TEST_PASSWORD}, "-u: 'a b' is not a user"},
	{{"-u", "a\r\nQUIT", "-P", TEST_PASSWORD},
		"-u: 'a??QUIT' is not a user"},
	{{"-u", "a", "-P", "/nonexistent"},
		"-P: /nonexistent: No such file or directory"},
	{{"-u", "a", "-P", "/"}, "-P: / is not a regular file"},
	{{"-u", "a", "-P", "password"},
		"-P: 'password' is not an absolute path"},
	{{"-u", "a"}, "-u needs -P, a file with the password"},
	{{"-P", TEST_PASSWORD}, "-P needs -u, the user"},
	{{"-G", "99"}, "-G: bad code list '99'"},
	{{"-N", "600"}, "-N: bad code list '600'"},
	{{"-N", ""}, "-N: bad code list ''"},
	{{"-u", "Anonymous"}, "-u needs -P, a file with the password"},
};

VECTOR_TESTS

static void test_lengths(void **state)
{
	char user[256];
	const char *const words[] = {"-u", user, "-P", TEST_PASSWORD, NULL};
	char err[512];

	(void)state;
	memset(user, '"', sizeof(user));
	user[254] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
	user[254] = '"';
	user[255] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
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
