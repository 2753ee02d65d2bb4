// SPDX-License-Identifier: GPL-2.0-or-later
/* http and random bodies: in random chunks and pieces, its verdict is that of
 * regexec(3), strstr(3) and a digest of the whole body. */
#include "checker_vectors.h"

#include "digest.h"

#include <regex.h>

#define BODY_MAX 30000
#define RAW_MAX (BODY_MAX * 12 + 1000)
#define ROUNDS 600

static uint32_t seed = 1;

static uint32_t rnd(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

struct answer {
	char body[BODY_MAX + 1];
	char raw[RAW_MAX];
	size_t len;
	bool eof; /* the peer closes at the end */
};

static void add(struct answer *answer, const char *bytes, size_t len)
{
	memcpy(answer->raw + answer->len, bytes, len);
	answer->len += len;
}

static void add_text(struct answer *answer, const char *text)
{
	add(answer, text, strlen(text));
}

/* Whether something is hidden at this place of a body: seldom, but often at its
 * ends and at the borders of the checker's blocks. */
static bool hides(size_t at, size_t size)
{
	if (at < 10 || size - at < 10 || at % 4096 > 4090)
		return rnd(20) == 0;
	return rnd(6000) == 0;
}

/* Filler, in which some things that the patterns look for are hidden. */
static void body_make(struct answer *answer)
{
	static const char *const things[] = {"abbbc", "foo", " foo", "xfoo",
		"a12b", "ababc", "babac", "bar\nbaz", "baz", "(", "ab", "c"};
	size_t size = rnd(3) ? rnd(BODY_MAX - 10) : rnd(20);
	size_t len = 0;

	while (len < size) {
		const char *thing = things[rnd(12)];

		if (!hides(len, size)) {
			answer->body[len++] = rnd(9) ? '.' : '\n';
			continue;
		}
		strcpy(answer->body + len, thing);
		len += strlen(thing);
	}
	answer->body[len] = '\0';
}

static void add_chunks(struct answer *answer)
{
	const char *at = answer->body;
	size_t most = rnd(2) ? 1 + rnd(20) : 1 + rnd(9000);
	size_t left = strlen(at);
	char line[64];

	add_text(answer, "Transfer-Encoding: chunked\r\n\r\n");
	while (left > 0) {
		size_t size = 1 + rnd((uint32_t)most);

		size = size < left ? size : left;
		snprintf(line, sizeof(line), "%zx%s\r\n", size,
			rnd(9) ? "" : ";x=1");
		add_text(answer, line);
		add(answer, at, size);
		add_text(answer, "\r\n");
		at += size;
		left -= size;
	}
	add_text(answer, rnd(2) ? "0\r\n\r\n" : "00;y\r\nX: foo\r\n\r\n");
}

/* Chooses one of the three ways to tell the end of a body. */
static void answer_make(struct answer *answer)
{
	uint32_t way = rnd(3);
	char line[64];

	body_make(answer);
	answer->len = 0;
	answer->eof = way == 0 || rnd(2);
	add_text(answer, "HTTP/1.1 200 OK\r\n");
	if (way == 2) {
		add_chunks(answer);
		return;
	}
	if (way == 1) {
		snprintf(line, sizeof(line), "Content-Length: %zu\r\n",
			strlen(answer->body));
		add_text(answer, line);
	}
	add_text(answer, "\r\n");
	add_text(answer, answer->body);
	if (way == 1)
		add_text(answer, "foo");
}

/* Shows the answer in random pieces. */
static enum checker_next play(const void *conf, const struct answer *answer)
{
	uint64_t state[CHECKER_STATE_MAX / 8] = {0};
	struct checker_io io = {.in = ""};
	uint32_t most = 1 + rnd(rnd(2) ? 30 : 9000);
	enum checker_next next = lvsmon_checker.step(conf, state, &io);
	size_t used = 0, shown = 0;

	assert_int_equal(next, CHECKER_WRITE);
	do {
		size_t more = 1 + rnd(most);
		size_t left = answer->len - shown;

		shown += more < left ? more : left;
		io = (struct checker_io){
			.in = answer->raw + used,
			.in_len = shown - used,
			.eof = answer->eof && shown == answer->len,
			.why = io.why,
		};
		next = lvsmon_checker.step(conf, state, &io);
		assert_true(io.used <= io.in_len);
		used += io.used;
		if (next == CHECKER_READ)
			assert_true(shown - used < lvsmon_checker.window);
	} while (next == CHECKER_READ && shown < answer->len);
	return next;
}

static bool is_up(
	const char *option, const char *argument, const struct answer *answer)
{
	char *argv[] = {strdup("http"), strdup(option), strdup(argument), NULL};
	void *conf = calloc(1, lvsmon_checker.conf_size);
	char err[128] = "";
	enum checker_next next;

	optind = 0;
	if (lvsmon_checker.configure(conf, 3, argv, err, sizeof(err)) < 0)
		fail_msg("%s", err);
	next = play(conf, answer);
	assert_true(next == CHECKER_UP || next == CHECKER_DOWN);
	lvsmon_checker.release(conf);
	for (int i = 0; i < 3; i++)
		free(argv[i]);
	free(conf);
	return next == CHECKER_UP;
}

static struct answer answer;

static void test_patterns(void **state)
{
	static const char *const patterns[] = {"ab+c", "^foo", "foo$", "^$",
		"\\<foo", "foo\\>", "a[0-9]{2}b", "(ab|ba){2}c", "bar.baz",
		"[a-z]{3}[^a-z]", "^[^a-z]{5}", "\\.{7}$", "x?foo.b|ababc"};
	size_t count = sizeof(patterns) / sizeof(*patterns);
	size_t found = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const char *pattern = patterns[rnd((uint32_t)count)];
		regex_t regex;
		bool wanted;

		answer_make(&answer);
		assert_int_equal(
			regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
		wanted = regexec(&regex, answer.body, 0, NULL, 0) == 0;
		regfree(&regex);
		found += wanted;
		if (is_up("-x", pattern, &answer) != wanted ||
			is_up("-X", pattern, &answer) == wanted)
			fail_msg("round %d: '%s'", i, pattern);
	}
	assert_in_range(found, ROUNDS / 6, ROUNDS * 5 / 6);
}

static void test_texts(void **state)
{
	static const char *const texts[] = {
		"foo", "abbbc", "ababc", "bar\nbaz", "babac", ".\n.(", "a12b."};
	size_t found = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const char *text = texts[rnd(7)];
		bool wanted;

		answer_make(&answer);
		wanted = strstr(answer.body, text) != NULL;
		found += wanted;
		if (is_up("-e", text, &answer) != wanted ||
			is_up("-E", text, &answer) == wanted)
			fail_msg("round %d: '%s'", i, text);
	}
	assert_in_range(found, ROUNDS / 6, ROUNDS * 5 / 6);
}

static void test_digests(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		uint8_t digest[DIGEST_MAX];
		char argument[80] = "sha256:";
		size_t at;

		answer_make(&answer);
		digest_of(DIGEST_SHA256, answer.body, strlen(answer.body),
			digest);
		for (size_t k = 0; k < sizeof(digest); k++)
			sprintf(argument + 7 + 2 * k, "%02x", digest[k]);
		assert_true(is_up("-D", argument, &answer));
		at = 7 + rnd(64);
		argument[at] = argument[at] == '0' ? '1' : '0';
		assert_false(is_up("-D", argument, &answer));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
