// SPDX-License-Identifier: GPL-2.0-or-later
/* pgsql: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

#include "secret_files.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-g"}, NULL},
	{{"-u", "lvsmon"}, NULL},
	{{"-u", "lvsmon", "-P", SECRET_GOOD, "-d", "d"}, NULL},
	{{"-u", "lvsmon", "-q", "SELECT 1", "-e", ""}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-u"}, "-u needs an argument"},
	{{"5432"}, "unexpected argument '5432'"},
	{{"-u", ""}, "-u needs at least one byte"},
	{{"-u", "u", "-d", ""}, "-d needs at least one byte"},
	{{"-u", "u", "-q", ""}, "-q needs at least one byte"},
	{{"-P", SECRET_GOOD}, "-P needs -u"},
	{{"-d", "d"}, "-d needs -u"},
	{{"-q", "SELECT 1"}, "-q needs -u"},
	{{"-u", "u", "-e", "1"}, "-e needs -q"},
	{{"-u", "u", "-g"}, "-g and -u exclude each other"},
};

VECTOR_TESTS

static void test_secrets(void **state)
{
	static const char *const words[] = {"-u", "u", NULL};

	(void)state;
	secrets_test(words);
}

static void test_lengths(void **state)
{
	static const char *const names[] = {"-u", "-d", "-q", "-e"};
	static const size_t most[] = {128, 128, 4096, 256};
	char text[4098];
	char err[256];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *const words[] = {
			"-u", "u", "-q", "q", names[i], text, NULL};

		memset(text, 'a', sizeof(text));
		text[most[i]] = '\0';
		assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
		text[most[i]] = 'a';
		text[most[i] + 1] = '\0';
		assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
	}
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
