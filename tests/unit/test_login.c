// SPDX-License-Identifier: GPL-2.0-or-later
/* login: files that hold a password, and files that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "login.h"

#include <stdlib.h>

static char dir[] = "/tmp/lvsmon-login-XXXXXX";
static char path[sizeof(dir) + 8];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/file", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void write_file(const char *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void must_read(const char *bytes, size_t len, const char *text)
{
	char err[128] = "";
	const struct refusal to = {err, sizeof(err)};
	struct login login = {.user = NULL};

	write_file(bytes, len);
	assert_int_equal(login_option(&login, 'P', path, &to), 0);
	assert_string_equal(err, "");
	assert_string_equal(login.password, text);
	assert_int_equal(login.len, strlen(text));
}

/* The reason has the option and the path, and nothing of the contents. */
static void must_refuse(const char *at, const char *why)
{
	char err[256] = "", expected[256];
	const struct refusal to = {err, sizeof(err)};
	struct login login = {.user = NULL};

	assert_int_equal(login_option(&login, 'P', at, &to), -1);
	snprintf(expected, sizeof(expected), "-P: %s%s", at, why);
	assert_string_equal(err, expected);
}

static void test_first_line(void **state)
{
	(void)state;
	must_read("secret", 6, "secret");
	must_read("secret\n", 7, "secret");
	must_read("secret\r\n", 8, "secret");
	must_read("a b \xc3\xa4\nother\n", 12, "a b \xc3\xa4");
}

static void test_longest(void **state)
{
	char bytes[SECRET_MAX + 300];
	char longest[SECRET_MAX + 1] = "";

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	write_file(bytes, SECRET_MAX + 1);
	must_refuse(path, ": the first line has more than 256 bytes");
	write_file(bytes, sizeof(bytes));
	must_refuse(path, ": the first line has more than 256 bytes");
	bytes[SECRET_MAX + 1] = '\n';
	write_file(bytes, sizeof(bytes));
	must_refuse(path, ": the first line has more than 256 bytes");
	memcpy(bytes + SECRET_MAX, "\r\n", 2);
	memset(longest, 'a', SECRET_MAX);
	must_read(bytes, sizeof(bytes), longest);
}

static void test_no_password(void **state)
{
	(void)state;
	write_file("", 0);
	must_refuse(path, ": the first line is empty");
	write_file("\nsecret\n", 8);
	must_refuse(path, ": the first line is empty");
	write_file("\r\n", 2);
	must_refuse(path, ": the first line is empty");
	write_file("a\0b\n", 4);
	must_refuse(path, ": a 0 byte in the first line");
	write_file("a\rb\n", 4);
	must_refuse(path, ": a control byte in the first line");
	write_file("a\tb\n", 4);
	must_refuse(path, ": a control byte in the first line");
	write_file("a\x7f\n", 3);
	must_refuse(path, ": a control byte in the first line");
}

static void test_no_file(void **state)
{
	(void)state;
	unlink(path);
	must_refuse(path, ": No such file or directory");
	must_refuse(dir, " is not a regular file");
	must_refuse("/dev/null", " is not a regular file");
	assert_int_equal(mkfifo(path, 0600), 0);
	must_refuse(path, " is not a regular file");
	unlink(path);
	assert_int_equal(symlink("file", path), 0);
	must_refuse(path, ": Too many levels of symbolic links");
	unlink(path);
}

/* Root may read every file, so the test asserts nothing then. */
static void test_unreadable(void **state)
{
	(void)state;
	write_file("secret\n", 7);
	assert_int_equal(chmod(path, 0), 0);
	if (access(path, R_OK) < 0)
		must_refuse(path, ": Permission denied");
	unlink(path);
}

static void test_relative(void **state)
{
	static const char *const paths[] = {"", "file", "./file"};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char err[128] = "", expected[128];
		const struct refusal to = {err, sizeof(err)};
		struct login login = {.user = NULL};

		assert_int_equal(login_option(&login, 'P', paths[i], &to), -1);
		snprintf(expected, sizeof(expected),
			"-P: '%s' is not an absolute path", paths[i]);
		assert_string_equal(err, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_no_password),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_relative),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
