// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes one checker, which is linked in, with any vector and any peer. The
 * input is the words of the vector, with tabs between them and a line end after
 * them; a byte that selects how the peer's bytes arrive; and these bytes. A
 * verdict must not depend on the splits. Over UDP the bytes are datagrams, each
 * behind its length in two bytes, and a second run must have the same outcome.
 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 40
#define LINE_MAX 4096
#define DATA_MAX 50000
#define DATAGRAMS_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps regcomp(3) out of the fuzzing: "a{255}{255}" takes practically for
 * ever, and each + of "a++++" doubles the memory. */
static void tame(char *word)
{
	for (; *word; word++)
		if (*word == '{' || *word == '+')
			*word = '.';
}

static int words_split(char *line, char **argv)
{
	int argc = 1;

	while (line && argc < WORDS_MAX) {
		const char *before = argv[argc - 1];

		argv[argc] = strsep(&line, "\t");
		if ((before[0] == '-' && strpbrk(before, "xX")) ||
			(argv[argc][0] == '-' && strpbrk(argv[argc], "xX")))
			tame(argv[argc]);
		argc++;
	}
	argv[argc] = NULL;
	return argc;
}

static void fail(const char *what, const struct stage_outcome *outcome)
{
	fprintf(stderr, "%s: end %d code %d why %s writes %zu\n", what,
		outcome->end, outcome->code,
		outcome->why ? outcome->why : "(none)", outcome->writes);
	abort();
}

static void must_be_same(
	const struct stage_outcome *a, const struct stage_outcome *b)
{
	if (a->end == STAGE_FAULT)
		fail("whole", a);
	if (b->end == STAGE_FAULT)
		fail("in parts", b);
	if (a->end == b->end && a->writes == b->writes && a->code == b->code &&
		a->weight == b->weight && a->last_len == b->last_len &&
		a->last_sum == b->last_sum &&
		(a->end == STAGE_UP || strcmp(a->why, b->why) == 0))
		return;
	fprintf(stderr, "the splits change the outcome\n");
	fprintf(stderr, "whole: end %d code %d why %s\n", a->end, a->code,
		a->why);
	fail("in parts", b);
}

/* Takes the lengths out of data, which is of stage->data_len bytes, and notes
 * where the datagrams end. */
static void datagrams_split(struct stage *stage, char *data, size_t *ends)
{
	size_t from = 0;
	size_t to = 0;

	while (stage->data_len - from >= 2 &&
		stage->end_count < DATAGRAMS_MAX) {
		const unsigned char *head = (const unsigned char *)data + from;
		size_t len = (size_t)(head[0] << 8 | head[1]);

		from += 2;
		if (len > stage->data_len - from)
			len = stage->data_len - from;
		memmove(data + to, data + from, len);
		from += len;
		to += len;
		ends[stage->end_count++] = to;
	}
	stage->data = data;
	stage->data_len = to;
	stage->ends = ends;
}

static void play_datagrams(struct stage *stage)
{
	const struct stage_timing timing = {.chunk = 1, .early = true};
	char *data = malloc(stage->data_len + 1);
	size_t ends[DATAGRAMS_MAX];
	struct stage_outcome a, b;

	if (!data)
		abort();
	memcpy(data, stage->data, stage->data_len);
	datagrams_split(stage, data, ends);
	a = stage_run(stage, &timing);
	b = stage_run(stage, &timing);
	must_be_same(&a, &b);
	free(data);
}

static void play(struct stage *stage, uint8_t how)
{
	const struct stage_timing whole = {
		.chunk = stage->data_len + 1, .early = true, .eof = how & 1};
	const struct stage_timing parts = {
		.chunk = 1U + (how >> 3) * (how & 4 ? 41U : 1U),
		.seed = how & 2 ? how * 2654435761U : 0,
		.early = true,
		.eof = how & 1,
		.eof_late = true,
	};
	struct stage_outcome a = stage_run(stage, &whole);
	struct stage_outcome b = stage_run(stage, &parts);

	must_be_same(&a, &b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "checker";
	const uint8_t *end = memchr(data, '\n', size);
	char line[LINE_MAX];
	char *argv[WORDS_MAX + 1] = {name};
	char err[128] = "";
	struct stage stage;
	size_t len;
	int argc = 1;

	if (!end || (len = (size_t)(end - data)) >= sizeof(line) ||
		size - len < 2 || size - len > DATA_MAX)
		return 0;
	memcpy(line, data, len);
	line[len] = '\0';
	if (len > 0)
		argc = words_split(line, argv);
	if (stage_configure(&stage, &lvsmon_checker, argc, argv, err,
		    sizeof(err)) < 0) {
		if (lvsmon_checker.configure && err[0] == '\0')
			abort();
		return 0;
	}
	stage.data = (const char *)end + 2;
	stage.data_len = size - len - 2;
	if (stage.datagrams)
		play_datagrams(&stage);
	else
		play(&stage, end[1]);
	stage_release(&stage);
	return 0;
}
