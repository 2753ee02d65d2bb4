// SPDX-License-Identifier: GPL-2.0-or-later
/* radius: vectors that it accepts, vectors that it refuses, and why; files that
 * are no secret. The test runs in a folder of its own. */
#include "checker_vectors.h"

#include <sys/stat.h>

static const struct vector accepted[] = {
	{{"-s", "secret"}, NULL},
	{{"-s", "unended", "-i", "director.example.org"}, NULL},
	{{"-s", "longest", "-u", "probe", "-P", "password", "-R"}, NULL},
};

static const struct vector refused[] = {
	{{NULL}, "needs -s, the file of the shared secret"},
	{{"-z"}, "unknown option '-z'"},
	{{"-s"}, "-s needs an argument"},
	{{"-s", "secret", "1812"}, "unexpected argument '1812'"},
	{{"-s", "secret", "-u", "probe"},
		"-u needs -P, the file of the password"},
	{{"-s", "secret", "-P", "password"}, "-P needs -u"},
	{{"-s", "secret", "-R"}, "-R needs -u"},
	{{"-s", "secret", "-u", ""}, "-u: must have 1 to 253 bytes, not 0"},
	{{"-s", "secret", "-i", ""}, "-i: must have 1 to 253 bytes, not 0"},
	{{"-s", "missing"}, "-s: missing: No such file or directory"},
	{{"-s", "folder"}, "-s: folder is not a regular file"},
	{{"-s", "fifo"}, "-s: fifo is not a regular file"},
	{{"-s", "empty"}, "-s: empty: the first line is empty"},
	{{"-s", "blank"}, "-s: blank: the first line is empty"},
	{{"-s", "binary"}, "-s: binary: a 0 byte in the first line"},
	{{"-s", "long"}, "-s: long: the first line has more than 256 bytes"},
	{{"-s", "secret", "-u", "probe", "-P", "longest"},
		"-P: longest: the first line has more than 128 bytes"},
};

VECTOR_TESTS

static void test_lengths(void **state)
{
	char text[255];
	const char *const words[] = {
		"-s", "secret", "-u", text, "-P", "password", "-i", text, NULL};
	char err[64];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[253] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
	text[253] = 'a';
	text[254] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
	assert_string_equal(err, "-u: must have 1 to 253 bytes, not 254");
}

static void put(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(name, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

static char folder[] = "/tmp/lvsmon-radius-XXXXXX";
static const char *const files[] = {"secret", "unended", "longest", "password",
	"fifo", "empty", "blank", "binary", "long"};

static int make_files(void **state)
{
	char text[258];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[256] = '\n';
	if (!mkdtemp(folder) || chdir(folder) < 0 ||
		mkdir("folder", 0700) < 0 || mkfifo("fifo", 0600) < 0)
		return -1;
	put("secret", "testing123\n", 11);
	put("unended", "testing123", 10);
	put("longest", text, 257);
	put("password", text, 128);
	put("empty", "", 0);
	put("blank", "\ntext\n", 6);
	put("binary", "a\0b\n", 4);
	text[256] = 'x';
	text[257] = '\n';
	put("long", text, 258);
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(files[i]);
	rmdir("folder");
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
