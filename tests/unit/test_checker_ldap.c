// SPDX-License-Identifier: GPL-2.0-or-later
/* ldap: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

#include "secret_files.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-b", ""}, NULL},
	{{"-D", "cn=a", "-P", SECRET_GOOD, "-b", "dc=a"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-b"}, "-b needs an argument"},
	{{"389"}, "unexpected argument '389'"},
	{{"-D", ""}, "-D: a name cannot be empty"},
	{{"-D", "cn=a"}, "-D needs -P"},
	{{"-P", SECRET_GOOD}, "-P needs -D"},
};

VECTOR_TESTS

static void test_secrets(void **state)
{
	static const char *const words[] = {"-D", "cn=a", NULL};

	(void)state;
	secrets_test(words);
}

static void test_lengths(void **state)
{
	char text[1026];
	const char *const words[] = {
		"-D", text, "-P", SECRET_LONG, "-b", text, NULL};
	char err[256];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1024] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
	text[1024] = 'a';
	text[1025] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
	assert_string_equal(err, "-D: more than 1024 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_secrets),
	};

	return cmocka_run_group_tests(tests, secrets_make, secrets_remove);
}
