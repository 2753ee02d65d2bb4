// SPDX-License-Identifier: GPL-2.0-or-later
/* nntp: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-c", "-m", "-d"}, NULL},
	{{"-g", "a.b", "-u", "probe", "-P", TEST_PASSWORD}, NULL},
	{{"-g", "a", "-g", "b"}, NULL},
	{{"-G", "200,400"}, NULL},
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
	{{"-g", ""}, "-g: '' is not a newsgroup"},
	{{"-g", "a b"}, "-g: 'a b' is not a newsgroup"},
	{{"-g", "a\r\nPOST"}, "-g: 'a??POST' is not a newsgroup"},
	{{"-G", "2000"}, "-G: bad code list '2000'"},
	{{"-d", "x"}, "unexpected argument 'x'"},
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

static void test_group_length(void **state)
{
	char group[499];
	const char *const words[] = {"-g", group, NULL};
	char err[600];

	(void)state;
	memset(group, 'a', sizeof(group));
	group[497] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
	group[497] = 'a';
	group[498] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_group_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
