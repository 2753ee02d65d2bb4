// SPDX-License-Identifier: GPL-2.0-or-later
/* Regular expressions: they match what regexec(3) matches, in fixed
 * memory and with a limit of steps. */
#include "pattern.h"

#include <malloc.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define TEXT_MAX 12
#define LINE_SIZE 8192

static struct pattern *compile(const char *pattern)
{
	char err[256] = "";
	const struct refusal to = {err, sizeof(err)};
	struct pattern *regex =
		pattern_compile('x', pattern, PATTERN_POSIX, &to);

	if (!regex)
		fail_msg("%s", err);
	return regex;
}

static const char *match(const char *pattern, const char *text, size_t len)
{
	struct pattern *regex = compile(pattern);
	const char *why = pattern_match(regex, text, len);

	pattern_free(regex);
	return why;
}

/* Asserts that PCRE2 and regexec(3) agree. */
static void compare(const char *pattern, const char *text)
{
	bool found = !match(pattern, text, strlen(text));
	regex_t regex;
	bool wanted;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	wanted = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	if (found != wanted)
		fail_msg("'%s' and '%s': %d", pattern, text, found);
}

static void matches_as_regexec(void **state)
{
	static const char *const patterns[] = {"", "a", "^a$", "a|b", "a||b",
		"(a|b)*c", "a{2}", "a{,2}b", "a{1,2}{2}$", "^a+?b", "^a**b",
		"^(ab)++$", "^a?+$", "[]a]b", "[^]a]", "[\\]a", "[a\\d]",
		"[[:digit:]]+", "[^[:alpha:] ]", "[[.-.]a]", "[[=a=]]", "[a-c]",
		"[a-]", "\\<ab\\>", "\\bab\\b", "\\w+\\W", "^\\`a", "a\\'",
		"a\\.b", "a\\nb", "\\d", "\\$", "a}", "a)", "]", "#a b", "a.b",
		"^.$", "b$", "\\\\", "(a)(b)(c)", "-", "&", "a\"b'",
		"^\\* OK .*Dovecot", "^SSH-(2\\.0|1\\.99)-OpenSSH_[0-9]+",
		"^\\+OK|^-ERR \\[AUTH\\]", "\303\244", "[\303\244]"};
	static const char *const texts[] = {"", "a", "b", "ab", "aab", "abab",
		"aaaa", "c", "abc", "a\nb", "a.b", "a\\b", "d", "n", "anb", "1",
		"a1", "]", "a]", "]b", "-", "a-", "}", "a}", "a)", "#a b",
		" ab ", "xaby", "b\n", "$", "\\", "&", "a\"b'", "(?a", "=",
		"* OK [x] Dovecot ready.", "SSH-2.0-OpenSSH_9.2", "+OK",
		"-ERR [AUTH] no", "\303\244", "\303"};

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++)
			compare(patterns[i], texts[j]);
}

static void add(char *pattern, const char *text)
{
	strcat(pattern, text);
}

/* Adds a random expression, smaller with each level. */
static void grow(char *pattern, int level)
{
	static const char *const atoms[] = {
		"a", "b", ".", "[ab]", "[^a]", "[^b-]", "\\.", "-"};
	static const char *const repeats[] = {"*", "+", "?", "{2}", "{,2}",
		"{1,}", "{1,3}", "+?", "*+", "?*", "", "", "", "", ""};
	int parts = 1 + rand() % 3;

	for (int i = 0; i < parts; i++) {
		if (level > 0 && rand() % 3 == 0) {
			add(pattern, "(");
			grow(pattern, level - 1);
			add(pattern, ")");
		} else {
			add(pattern, atoms[rand() % 8]);
		}
		add(pattern, repeats[rand() % 15]);
		if (i + 1 < parts && rand() % 4 == 0)
			add(pattern, "|");
	}
}

static void random_expressions_match_as_regexec(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < 3000; i++) {
		char pattern[512] = "", text[TEXT_MAX + 1] = "";

		add(pattern, rand() % 2 ? "^" : "");
		add(pattern, "(");
		grow(pattern, 1);
		add(pattern, rand() % 2 ? ")$" : ")");
		if (strlen(pattern) > PATTERN_MAX)
			continue;
		for (int j = rand() % TEXT_MAX; j > 0; j--)
			text[j - 1] = "aaabbb-."[rand() % 8];
		compare(pattern, text);
	}
}

static void zero_bytes_are_read(void **state)
{
	(void)state;
	assert_null(match("^a.b$", "a\0b", 3));
	assert_null(match("b$", "a\0b", 3));
	assert_string_equal(match("b$", "a\0c", 3), "line does not match");
	/* The text has no 0 at its end. */
	assert_string_equal(match("ab", "ab", 1), "line does not match");
}

static void fill(char *line, const char *letters)
{
	for (size_t i = 0; i < LINE_SIZE; i++)
		line[i] = letters[(size_t)rand() % strlen(letters)];
}

/* Hostile lines take no memory and little time. */
static void hostile_lines_cost_little(void **state)
{
	static const char *const patterns[] = {"SSH-2.*O.{60}X", "(a*)*[bc]",
		"(a|aa)+[cd]$", "(a|aa)+c$", "(.*)(.*)(.*)(.*)(.*)w",
		"^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y",
		"((a{1,9}){1,9}){1,9}b", "(a|b|ab)*c"};
	static char line[LINE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct pattern *regex = compile(patterns[i]);
		size_t before = mallinfo2().uordblks;
		clock_t began = clock();

		for (int j = 0; j < 20; j++) {
			fill(line, j % 2 ? "a" : "SHO-2axq");
			memcpy(line, "SSH-2", 5);
			assert_non_null(
				pattern_match(regex, line, sizeof(line)));
		}
		assert_true(clock() - began < CLOCKS_PER_SEC * 2);
		assert_int_equal(mallinfo2().uordblks, before);
		pattern_free(regex);
	}
	fill(line, "a");
	assert_string_equal(match("(a*)*[bc]", line, sizeof(line)),
		"too many steps to match a line");
	/* A long line is no reason to fail. */
	assert_null(match("^a.*a(a|b)$", line, sizeof(line)));
	assert_null(match("^(a|b)*$", line, 1024));
}

static struct pattern *compile_perl(const char *text, char *err, size_t size)
{
	const struct refusal to = {err, size};

	return pattern_compile('X', text, PATTERN_PERL, &to);
}

static enum pattern_result search(
	const char *pattern, const char *text, size_t from, bool ended)
{
	char err[256] = "";
	struct pattern *perl = compile_perl(pattern, err, sizeof(err));
	enum pattern_result result;

	if (!perl)
		fail_msg("%s", err);
	result = pattern_search(perl, text, strlen(text), from, ended);
	pattern_free(perl);
	return result;
}

/* A text that goes on has a match only if no later byte can undo it. */
static void open_texts_are_searched(void **state)
{
	(void)state;
	assert_int_equal(search("b$", "ab", 0, true), PATTERN_FOUND);
	assert_int_equal(search("b$", "ab", 0, false), PATTERN_ABSENT);
	assert_int_equal(search("b\\z", "ab", 0, false), PATTERN_ABSENT);
	assert_int_equal(search("a(?!b)", "xa", 0, true), PATTERN_FOUND);
	assert_int_equal(search("a(?!b)", "xa", 0, false), PATTERN_ABSENT);
	assert_int_equal(search("a(?!b)", "xac", 0, false), PATTERN_FOUND);
	assert_int_equal(search("a\\b", "xa", 0, false), PATTERN_ABSENT);
	assert_int_equal(search("ab", "ab", 0, false), PATTERN_FOUND);
	/* A beginning of a match does not hide a match behind it. */
	assert_int_equal(
		search("x[^y]*y|foo", "x foo", 0, false), PATTERN_FOUND);
	assert_int_equal(search("a(?!b)|aab", "aaab", 0, false), PATTERN_FOUND);
}

static void searches_begin_later(void **state)
{
	(void)state;
	assert_int_equal(search("^a", "aa", 0, true), PATTERN_FOUND);
	assert_int_equal(search("^a", "aa", 1, true), PATTERN_ABSENT);
	assert_int_equal(search("\\Aa", "aa", 1, false), PATTERN_ABSENT);
	assert_int_equal(search("(?<=b)a", "ba", 1, true), PATTERN_FOUND);
	assert_int_equal(search("a", "ba", 2, true), PATTERN_ABSENT);
	assert_int_equal(search("a", "", 0, true), PATTERN_ABSENT);
	assert_int_equal(search("", "", 0, true), PATTERN_FOUND);
}

static void perl_is_read(void **state)
{
	static const char *const wrong[][2] = {
		{"(a)\\1", "-X: back-reference in '(a)\\1'"},
		{"(?<n>a)\\k<n>", "-X: back-reference in '(?<n>a)\\k<n>'"},
		{"(a", "-X: '(a': missing closing parenthesis"},
		{"(?<=a{300})b", "-X: '(?<=a{300})b': looks behind too far"},
		{"(*UTF)a", "-X: '(*UTF)a': using UTF is disabled by the "
			    "application"},
	};
	char err[256] = "";

	(void)state;
	assert_int_equal(
		search("(?i)OK\\d+?", "is ok1", 0, true), PATTERN_FOUND);
	assert_int_equal(search("a$", "a\n", 0, true), PATTERN_FOUND);
	assert_int_equal(search("a.b", "a\nb", 0, true), PATTERN_ABSENT);
	assert_int_equal(search("(a|aa)+$",
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 0, true),
		PATTERN_STEPS);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_null(compile_perl(wrong[i][0], err, sizeof(err)));
		assert_string_equal(err, wrong[i][1]);
	}
}

static void lookbehind_is_known(void **state)
{
	char err[256] = "";
	struct pattern *perl = compile_perl("(?<=abc)d\\b", err, sizeof(err));
	struct pattern *posix = compile("\\<a");

	(void)state;
	assert_int_equal(pattern_lookbehind(perl), 3);
	assert_int_equal(pattern_lookbehind(posix), 1);
	pattern_free(perl);
	pattern_free(posix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_as_regexec),
		cmocka_unit_test(random_expressions_match_as_regexec),
		cmocka_unit_test(zero_bytes_are_read),
		cmocka_unit_test(hostile_lines_cost_little),
		cmocka_unit_test(open_texts_are_searched),
		cmocka_unit_test(searches_begin_later),
		cmocka_unit_test(perl_is_read),
		cmocka_unit_test(lookbehind_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
