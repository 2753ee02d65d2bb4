// SPDX-License-Identifier: GPL-2.0-or-later
/* banner: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-M", "-l", "8192"}, NULL},
	{{"-e", "\\x00\\0\\t\\\"\\xFf"}, NULL},
	{{"-x", "^a{1,3}(b|c)\\.\\\\1$"}, NULL},
	{{"-r", "a\\n", "-n", "1048576", "-N", "4l"}, NULL},
	{{"-f", "-v", "-e", "a", "-v", "-x", "b"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-s"}, "-s needs an argument"},
	{{"SSH"}, "unexpected argument 'SSH'"},
	{{"-s", ""}, "-s needs at least one byte"},
	{{"-e", ""}, "-e needs at least one byte"},
	{{"-q", ""}, "-q needs at least one byte"},
	{{"-s", "\\q"}, "-s: bad escape in '\\q'"},
	{{"-s", "a\\"}, "-s: bad escape in 'a\\'"},
	{{"-s", "\\x"}, "-s: bad escape in '\\x'"},
	{{"-s", "\\x1"}, "-s: bad escape in '\\x1'"},
	{{"-s", "\\xg0"}, "-s: bad escape in '\\xg0'"},
	{{"-e", "a\\n"}, "-e: line end in the prefix 'a\\n'"},
	{{"-e", "a\n"}, "-e: line end in the prefix 'a?'"},
	{{"-r", ""}, "-r needs at least one byte"},
	{{"-r", "\\q"}, "-r: bad escape in '\\q'"},
	{{"-n", "0"}, "-n: '0' is not 1 to 1048576"},
	{{"-n", "1048577"}, "-n: '1048577' is not 1 to 1048576"},
	{{"-n", "4l"}, "-n: '4l' is not 1 to 1048576"},
	{{"-N", "0"}, "-N: '0' is not 1 to 4, or 1l to 4l"},
	{{"-N", "5"}, "-N: '5' is not 1 to 4, or 1l to 4l"},
	{{"-N", "4b"}, "-N: '4b' is not 1 to 4, or 1l to 4l"},
	{{"-N", ""}, "-N: '' is not 1 to 4, or 1l to 4l"},
	{{"-f"}, "-f needs -e or -x behind it"},
	{{"-v", "-r", "a"}, "-v needs -e or -x behind it"},
	{{"-f", "-s", "a", "-e", "b"}, "-f needs -e or -x behind it"},
	{{"-v", "-v", "-e", "a"}, "-v twice"},
	{{"-l", "0"}, "-l: '0' is not 1 to 8192"},
	{{"-l", "8193"}, "-l: '8193' is not 1 to 8192"},
	{{"-x", "(a)\\1"}, "-x: back-reference in '(a)\\1'"},
	{{"-x", "a\\"}, "-x: 'a\\': Trailing backslash"},
	{{"-x", "(a"}, "-x: '(a': Unmatched ( or \\("},
	{{"-x", "a", "-x", "[a"}, "-x: '[a': Unmatched [, [^, [:, [., or [="},
	{{"-x", "a", "-q", "\\"}, "-q: bad escape in '\\'"},
};

VECTOR_TESTS

static int configure_many(const char *option, const char *text, int count,
	char *err, size_t errsz)
{
	char *argv[80] = {strdup("banner")};
	void *conf = calloc(1, lvsmon_checker.conf_size);
	int argc = 1;
	int result;

	for (; count > 0; count--) {
		argv[argc++] = strdup(option);
		argv[argc++] = strdup(text);
	}
	optind = 0;
	opterr = 0;
	result = lvsmon_checker.configure(conf, argc, argv, err, errsz);
	lvsmon_checker.release(conf);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	free(conf);
	return result;
}

static void test_many(void **state)
{
	char err[128] = "";

	(void)state;
	assert_int_equal(configure_many("-s", "x", 31, err, sizeof(err)), 0);
	assert_int_equal(configure_many("-s", "x", 32, err, sizeof(err)), -1);
	assert_string_equal(
		err, "more than 31 of -s, -e, -x, -r, -n, -N and -q");
	assert_int_equal(configure_many("-x", "x", 31, err, sizeof(err)), 0);
	assert_int_equal(configure_many("-x", "x", 32, err, sizeof(err)), -1);
}

static void test_lengths(void **state)
{
	char text[8194] = "";
	char err[16384] = "";
	const char *const send[] = {"-s", text, NULL};
	const char *const regex[] = {"-x", text, NULL};

	(void)state;
	memset(text, 'a', 256);
	assert_int_equal(vector_configure(regex, err, sizeof(err)), 0);
	text[256] = 'a';
	assert_int_equal(vector_configure(regex, err, sizeof(err)), -1);
	assert_string_equal(err, "-x: more than 256 bytes");
	memset(text, 'a', 8192);
	assert_int_equal(vector_configure(send, err, sizeof(err)), 0);
	text[8192] = 'a';
	assert_int_equal(vector_configure(send, err, sizeof(err)), -1);
	assert_string_equal(err, "more than 8192 bytes to send and expect");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
