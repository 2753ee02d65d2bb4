// SPDX-License-Identifier: GPL-2.0-or-later
/* smtp: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-h", "[192.0.2.1]", "-f", "a=b+c@d", "-r", "Postmaster"}, NULL},
	{{"-L", "-u", "probe", "-P", TEST_PASSWORD}, NULL},
	{{"-S", "-L", "-S"}, NULL},
	{{"-h", "a", "-h", "b", "-r", "c", "-r", "d"}, NULL},
	{{"-G", "220", "-E", "250,500-599", "-F", "250", "-R", "250"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-h"}, "-h needs an argument"},
	{{"25"}, "unexpected argument '25'"},
	{{"-h", ""}, "-h: '' is not a host name"},
	{{"-h", "a b"}, "-h: 'a b' is not a host name"},
	{{"-h", "a\r\nDATA"}, "-h: 'a??DATA' is not a host name"},
	{{"-h", "\xc3\xa4.example"},
		"-h: '\xc3\xa4.example' is not a host name"},
	{{"-f", "<a@b>"}, "-f: '<a@b>' is not a mail address"},
	{{"-f", "a@b\r\nQUIT"}, "-f: 'a@b??QUIT' is not a mail address"},
	{{"-r", "a b@c"}, "-r: 'a b@c' is not a mail address"},
	{{"-r", ""}, "-r: a recipient cannot be empty"},
	{{"-G", "22"}, "-G: bad code list '22'"},
	{{"-E", "100"}, "-E: bad code list '100'"},
	{{"-F", "250-"}, "-F: bad code list '250-'"},
	{{"-R", "250,600"}, "-R: bad code list '250,600'"},
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
};

VECTOR_TESTS

static void test_lengths(void **state)
{
	static const char *const names[] = {"-h", "-f", "-r", "-u"};
	static const size_t most[] = {255, 254, 254, 254};
	char text[257];
	char err[512];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *const words[] = {names[i], text,
			i == 3 ? "-P" : NULL, TEST_PASSWORD, NULL};

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
