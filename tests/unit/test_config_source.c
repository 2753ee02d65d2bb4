// SPDX-License-Identifier: GPL-2.0-or-later
/* Words, quotes and files of a configuration. */
#include "memory_system.h"

#include "base/clock.h"
#include "config/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct config_reports reports;

/* Texts, and all reports about each. */
static const struct {
	const char *text, *said;
} words_and_files[] = {
	{"user 'x\n", "c:1:6: this quote is not closed\n"
		      "user 'x\n"
		      "     ^\n"},
	{"user \"x\n", "c:1:6: this quote is not closed\n"
		       "user \"x\n"
		       "     ^\n"},
	{"user \"x", "c:1:6: this quote is not closed\n"
		     "user \"x\n"
		     "     ^\n"},
	{"user x\001y\n", "c:1:7: control character 0x01 is not allowed\n"
			  "user x?y\n"
			  "      ^\n"},
	{"user 'x\001y'\n", "c:1:8: control character 0x01 is not allowed\n"
			    "user 'x?y'\n"
			    "       ^\n"},
	{"user x\177\n", "c:1:7: control character 0x7f is not allowed\n"
			 "user x?\n"
			 "      ^\n"},
	{"user \\\001\n", "c:1:7: control character 0x01 is not allowed\n"
			  "user \\?\n"
			  "      ^\n"},
	{"\\", "c:1:1: unknown word '\\'\n"
	       "\\\n"
	       "^\n"},
	{"\\\\", "c:1:1: unknown word '\\'\n"
		 "\\\\\n"
		 "^\n"},
	{"user x\\\n"
	 "\002\n",
		"c:2:1: control character 0x02 is not allowed\n"
		"?\n"
		"^\n"},
	{"\tuser\t'x\n", "c:1:7: this quote is not closed\n"
			 "\tuser\t'x\n"
			 "\t    \t^\n"},
	{"rise \303\244\n",
		"c:1:6: '\303\244' is not a number from 1 to 4294967295\n"
		"rise ??\n"
		"     ^\n"},
	{"rise \\\n"
	 "  none\n",
		"c:2:3: 'none' is not a number from 1 to 4294967295\n"
		"  none\n"
		"  ^\n"},
	{"user x\r\n"
	 "rise x\r\n",
		"c:2:6: 'x' is not a number from 1 to 4294967295\n"
		"rise x?\n"
		"     ^\n"},
	{"include nowhere\n", "c:1:9: nowhere: no such file\n"
			      "include nowhere\n"
			      "        ^\n"},
	{"include\n", "c:1:1: 'include' needs an argument\n"
		      "include\n"
		      "^\n"},
	{"include loop\n", "loop:1:9: files are included more than 8 deep\n"
			   "include loop\n"
			   "        ^\n"},
	{"include ./*.none\n"
	 "rise 0\n",
		"c:2:6: '0' is not a number from 1 to 4294967295\n"
		"rise 0\n"
		"     ^\n"},
	{"include inc/bad\n", "inc/bad:1:1: this block is not closed\n"
			      "virtual i 192.0.2.7:80 {\n"
			      "^\n"},
	{"include /etc/none\n", "c:1:9: /etc/none: no such file\n"
				"include /etc/none\n"
				"        ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "include inc/a\n"
	 "}\n",
		"c:2:1: 'include' is not allowed here\n"
		"include inc/a\n"
		"^\n"},
	{"{\n", "c:1:1: unknown word '{'\n"
		"{\n"
		"^\n"},
	{"{\n"
	 "{\n"
	 "}\n"
	 "}\n"
	 "rise 0\n",
		"c:1:1: unknown word '{'\n"
		"{\n"
		"^\n"
		"c:5:6: '0' is not a number from 1 to 4294967295\n"
		"rise 0\n"
		"     ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "}}\n",
		"c:2:1: unknown word '}}'\n"
		"}}\n"
		"^\n"
		"c:1:1: this block is not closed\n"
		"virtual a 192.0.2.1:80 {\n"
		"^\n"},
};

static void test_words_and_files(void **state)
{
	(void)state;
	for (size_t i = 0;
		i < sizeof(words_and_files) / sizeof(words_and_files[0]); i++) {
		const char *text = words_and_files[i].text;

		memory_system_add("loop", "include loop\n", 0);
		memory_system_add("inc/bad", "virtual i 192.0.2.7:80 {\n", 0);
		memory_system_add("inc/a", "rise 7\n", 0);
		assert_null(config_of(text, strlen(text), &reports));
		assert_string_equal(reports.text, words_and_files[i].said);
		memory_system_clear();
	}
}

#define ASSERT_SAID(lines, expected)                                           \
	do {                                                                   \
		assert_null(config_of(lines, sizeof(lines) - 1, &reports));    \
		assert_string_equal(reports.text, expected);                   \
		memory_system_clear();                                         \
	} while (0)

/* A 0 is refused like other control characters and does not end the text. */
static void test_zeros(void **state)
{
	(void)state;
	ASSERT_SAID("user \0\n", "c:1:6: control character 0x00 is not "
				 "allowed\nuser ?\n     ^\n");
	ASSERT_SAID("user '\0'\nrise 0\n",
		"c:1:7: control character 0x00 is not allowed\n"
		"user '?'\n"
		"      ^\n"
		"c:2:6: '0' is not a number from 1 to 4294967295\n"
		"rise 0\n"
		"     ^\n");
	ASSERT_SAID(
		"\0", "c:1:1: control character 0x00 is not allowed\n?\n^\n");
}

/* More than 512 words. The report shows 200 columns and no caret after them. */
static void test_many_words(void **state)
{
	char text[5 + 2 * 512 + 1] = "user";
	static const char said[] =
		"c:1:1028: more than 512 words on one line\n";

	(void)state;
	for (size_t i = 4; i + 1 < sizeof(text); i++)
		text[i] = i % 2 ? 'x' : ' ';
	assert_null(config_of(text, strlen(text), &reports));
	assert_int_equal(strncmp(reports.text, said, strlen(said)), 0);
	assert_int_equal(reports.len, strlen(said) + 201);
	memory_system_clear();
}

/* Quotes and the ends of words, as the vector of a check shows them. */
static void assert_words(const char *check, int argc, const char *const *argv)
{
	char text[256];
	struct config *config;

	snprintf(text, sizeof(text),
		"virtual a 192.0.2.1:80 {\nreal 10.0.0.1 {\n%s\n}\n}\n", check);
	config = config_of(text, strlen(text), &reports);
	assert_string_equal(reports.text, "");
	assert_non_null(config);
	assert_int_equal(config->vectors[0].argc, argc);
	for (int i = 0; i < argc; i++)
		assert_string_equal(config->vectors[0].argv[i], argv[i]);
	assert_null(config->vectors[0].argv[argc]);
	arena_destroy(config->arena);
	memory_system_clear();
}

#define ASSERT_WORDS(check, ...)                                               \
	do {                                                                   \
		static const char *const argv[] = {"x", __VA_ARGS__};          \
		assert_words("check x " check,                                 \
			(int)(sizeof(argv) / sizeof(argv[0])), argv);          \
	} while (0)

static void test_quotes(void **state)
{
	(void)state;
	ASSERT_WORDS("'a b' \"c d\"", "a b", "c d");
	ASSERT_WORDS("'a'\"b\"c", "abc");
	ASSERT_WORDS("'' \"\"", "", "");
	ASSERT_WORDS("'\\' \"\\\\\" \"\\\"\" \"\\n\"", "\\", "\\", "\"", "\\n");
	ASSERT_WORDS("a\\ b \\# \\' \\\\", "a b", "#", "'", "\\");
	ASSERT_WORDS("a#b # c", "a#b");
	ASSERT_WORDS("'#' '\t' \t  b\r", "#", "\t", "b");
	ASSERT_WORDS("a \\\n  b\\\nc \\\n# d \\", "a", "b", "c");
	ASSERT_WORDS("'{' '}' } a{", "{", "}", "}", "a{");
	ASSERT_WORDS("\303\244", "\303\244");
}

/* A backslash at the end of the file is a word. */
static void test_last_backslash(void **state)
{
	static const char text[] = "user \\";
	struct config *config = config_of(text, strlen(text), &reports);

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->user, "\\");
	arena_destroy(config->arena);
	memory_system_clear();
}

/* Files can be included eight levels deep. */
static void test_depth(void **state)
{
	static const char *const names[] = {
		"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	static const char *const texts[] = {"include 2\n", "include 3\n",
		"include 4\n", "include 5\n", "include 6\n", "include 7\n",
		"include 8\n", "rise 0\n"};

	(void)state;
	for (size_t i = 0; i < 8; i++)
		memory_system_add(names[i], texts[i], 0);
	assert_null(config_of("include 1\n", 10, &reports));
	assert_string_equal(reports.text,
		"8:1:6: '0' is not a number from 1 to 4294967295\n"
		"rise 0\n"
		"     ^\n");
	memory_system_clear();
}

/* The first file has no place that names it: the error is at its start. */
static void test_missing(void **state)
{
	const struct config_options options = {.plugin_dir = NULL};

	(void)state;
	reports = (struct config_reports){.count = 0};
	assert_null(config_read("none", &options, &memory_system,
		config_reports_add, &reports));
	assert_string_equal(reports.text, "none:1:1: none: no such file\n");
}

/* Each of five files includes the next one ten times. */
static void test_too_many_files(void **state)
{
	static char texts[5][10 * 16];
	static const char *const paths[] = {"d", "e", "f", "g", "h"};
	char *said;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; i < 4 && j < 10; j++)
			snprintf(texts[i] + j * 10, 11, "include %s\n",
				paths[i + 1]);
		memory_system_add(paths[i], i < 4 ? texts[i] : "\n", 0);
	}
	assert_null(config_of("include d\ninclude d\n", 0, &reports));
	said = strstr(reports.text, ": more than 10000 files\n");
	assert_non_null(said);
	assert_int_equal(reports.count, 1);
	memory_system_clear();
}

static void test_too_many_bytes(void **state)
{
	const size_t len = (size_t)15 << 20;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	text[len] = '\0';
	memory_system_add("large", text, len);
	assert_null(config_of("include large\ninclude large\ninclude large\n"
			      "include large\ninclude large\n",
		0, &reports));
	assert_string_equal(reports.text,
		"c:5:9: more than 64 MiB in all files\n"
		"include large\n"
		"        ^\n");
	memory_system_clear();
	free(text);
}

/* The time to read a line grows with its length alone. Each of these lines has
 * 15 MB, and reading some of them took minutes. */
static void test_long_lines(void **state)
{
	static const char *const parts[] = {"'a b' ", "\"c\" ", "\\d ",
		"rise 1 ", "check http '' ", "x", "'", "'\\''"};
	const size_t len = (size_t)15 << 20;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	text[len] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t part = strlen(parts[i]);
		uint64_t began = clock_ms();

		memset(text, ' ', len);
		for (size_t at = 0; at + part <= 300 * part; at += part)
			memcpy(text + at, parts[i], part);
		text[len - 1] = 'z';
		assert_null(config_of(text, len, &reports));
		memory_system_clear();
		for (size_t at = 0; at + part <= len; at += part)
			memcpy(text + at, parts[i], part);
		assert_null(config_of(text, len, &reports));
		memory_system_clear();
		assert_true(clock_ms() - began < 2000);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_and_files),
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_many_words),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_last_backslash),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_too_many_files),
		cmocka_unit_test(test_too_many_bytes),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
