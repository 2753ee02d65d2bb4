// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs plays against a built checker, with each way in which the bytes can
 * arrive; or writes the plays as seeds for a fuzzer. */
#include "play.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* A play of at most so many bytes is run at every chunk size. */
#define EVERY_SIZE_MAX 1200
#define RANDOM_RUNS 40

static const char closed[] = "connection closed";

static const char *end_name(enum stage_end end)
{
	static const char *const names[] = {
		"up", "down", "waiting", "closed", "FAULT"};

	return names[end];
}

static int complain(const struct play *play, const struct stage_timing *timing,
	const struct play_verdict *wanted, const struct stage_outcome *got)
{
	fprintf(stderr,
		"%s: chunk %zu seed %u%s%s%s:\n"
		"  wanted %s %d \"%s\" weight %d\n"
		"  got    %s %d \"%s\" weight %d after %zu of %zu sends\n",
		play->name, timing->chunk, timing->seed,
		timing->early ? " early" : "", timing->eof ? " eof" : "",
		timing->eof_late ? " late" : "", end_name(wanted->end),
		wanted->code, wanted->why, wanted->weight, end_name(got->end),
		got->code, got->why ? got->why : "", got->weight, got->writes,
		play->send_count);
	return -1;
}

static bool is_same(const struct play *play, const struct play_verdict *wanted,
	const struct stage_outcome *got)
{
	enum stage_end end = got->end;
	const char *why = got->why;

	if (end == STAGE_CLOSED) {
		end = STAGE_DOWN;
		why = closed;
	}
	if (end != wanted->end || got->writes != play->send_count)
		return false;
	if (end != STAGE_WAITING && got->code != wanted->code)
		return false;
	if (end == STAGE_UP)
		return got->weight == wanted->weight;
	return strcmp(why, wanted->why) == 0;
}

/* Returns the verdict of a play whose peer closes at the end, or does not. */
static struct play_verdict verdict_for(const struct play *play, bool eof)
{
	struct play_verdict verdict = play->verdict;

	if (!eof || play->eof || verdict.end != STAGE_WAITING)
		return verdict;
	if (play->at_eof.said)
		return play->at_eof;
	verdict.end = STAGE_DOWN;
	snprintf(verdict.why, sizeof(verdict.why), "%s", closed);
	return verdict;
}

static int play_once(const struct play *play, const struct stage *stage,
	const struct stage_timing *timing)
{
	struct stage_outcome got = stage_run(stage, timing);
	struct play_verdict wanted = verdict_for(play, timing->eof);

	/* Without its eof a play may have no verdict. */
	if (play->eof && !timing->eof && got.end == STAGE_WAITING)
		return 0;
	if (is_same(play, &wanted, &got))
		return 0;
	return complain(play, timing, &wanted, &got);
}

/* Early or not; without eof, with eof and with a late eof. */
static int play_every_way(const struct play *play, const struct stage *stage,
	size_t chunk, uint32_t seed)
{
	for (int way = 0; way < 6; way++) {
		struct stage_timing timing = {
			.chunk = chunk,
			.seed = seed,
			.early = way % 2,
			.eof = way / 2 > 0,
			.eof_late = way / 2 > 1,
		};

		if (play_once(play, stage, &timing) < 0)
			return -1;
	}
	return 0;
}

static bool is_worth(size_t chunk, size_t len)
{
	static const size_t sizes[] = {1, 2, 3, 5, 7, 16, 64, 100, 255, 256,
		1000, 1024, 1460, 4096, 8191, 8192, 8193, 16384, 65536};

	if (len <= EVERY_SIZE_MAX || chunk + 2 > len)
		return true;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (sizes[i] == chunk)
			return true;
	return false;
}

/* Datagrams arrive whole, early or not. */
static int play_datagrams(const struct play *play, const struct stage *stage)
{
	for (int early = 0; early < 2; early++) {
		const struct stage_timing timing = {.chunk = 1, .early = early};

		if (play_once(play, stage, &timing) < 0)
			return -1;
	}
	return 0;
}

static int play_run(const struct play *play, const struct stage *stage)
{
	size_t len = play->data_len > 0 ? play->data_len : 1;

	if (stage->datagrams)
		return play_datagrams(play, stage);
	for (size_t chunk = 1; chunk <= len; chunk++)
		if (is_worth(chunk, len) &&
			play_every_way(play, stage, chunk, 0) < 0)
			return -1;
	for (uint32_t seed = 1; seed <= RANDOM_RUNS; seed++)
		if (play_every_way(play, stage, 1 + len / (1 + seed % 9),
			    seed * 2654435761U) < 0)
			return -1;
	return 0;
}

/* Runs a play, and asserts its port and that no step changes conf. */
static int play_stage(const struct play *play, struct stage *stage)
{
	size_t size = stage->checker->conf_size;
	uint16_t port =
		stage->checker->port ? stage->checker->port(stage->conf) : 0;
	void *before = malloc(size + 1);
	int result = -1;

	if (!before)
		abort();
	memcpy(before, stage->conf, size);
	stage->sends = play->sends;
	stage->send_count = play->send_count;
	stage->last = play->has_last ? &play->last : NULL;
	stage->data = play->data;
	stage->data_len = play->data_len;
	stage->ends = play->ends;
	stage->end_count = play->end_count;
	if (port != play->port)
		fprintf(stderr, "%s: port %u, wanted %u\n", play->name, port,
			play->port);
	else
		result = play_run(play, stage);
	if (memcmp(before, stage->conf, size) != 0) {
		fprintf(stderr, "%s: step wrote to conf\n", play->name);
		result = -1;
	}
	free(before);
	return result;
}

static int play_test(struct play *play, const void *arg, const char *path)
{
	const struct checker *checker = arg;
	char err[256] = "";
	struct stage stage;
	int result;

	if (stage_configure(&stage, checker, play->argc, play->argv, err,
		    sizeof(err)) < 0)
		fprintf(stderr, "%s: not configured: %s\n", play->name, err);
	result = stage.conf ? play_stage(play, &stage) : -1;
	stage_release(&stage);
	printf("%s %s\n", result < 0 ? "not ok" : "ok", play->name);
	if (result < 0)
		fprintf(stderr, "%s:%zu: failed\n", path, play->line);
	return result;
}

/* Writes the datagrams, each behind its length in two bytes. */
static void seed_datagrams(const struct play *play, FILE *seed)
{
	size_t at = 0;

	for (size_t i = 0; i < play->end_count; at = play->ends[i++]) {
		size_t len = play->ends[i] - at;

		fputc((int)(len >> 8 & 0xff), seed);
		fputc((int)(len & 0xff), seed);
		fwrite(play->data + at, 1, len, seed);
	}
}

/* Writes "argument\targument\n", a byte for the splits, and the bytes of the
 * peer. */
static int seed_write(const struct play *play, const char *name, bool datagrams)
{
	FILE *seed = fopen(name, "we");

	if (!seed) {
		perror(name);
		return -1;
	}
	for (int i = 1; i < play->argc; i++)
		fprintf(seed, "%s%s", i > 1 ? "\t" : "", play->argv[i]);
	fprintf(seed, "\n%c", (int)(play->line % 128));
	if (datagrams)
		seed_datagrams(play, seed);
	else
		fwrite(play->data, 1, play->data_len, seed);
	return fclose(seed);
}

/* Only the fuzzer knows the transport, so each play becomes two seeds. */
static int play_seed(struct play *play, const void *arg, const char *path)
{
	const char *dir = arg;
	const char *base = strrchr(path, '/');
	char name[4096];

	base = base ? base + 1 : path;
	snprintf(name, sizeof(name) - 16, "%s/%s-%zu", dir, base, play->line);
	if (seed_write(play, name, false) < 0)
		return -1;
	strcat(name, "-datagrams");
	return seed_write(play, name, true);
}

typedef int play_call(struct play *play, const void *arg, const char *path);

static int each_play(
	const char *path, const char *name, play_call *call, const void *arg)
{
	struct play_file file;
	struct play play;
	int result = 0;
	int got;

	if (play_open(&file, path) < 0)
		return -1;
	while ((got = play_next(&file, name, &play)) > 0) {
		if (call(&play, arg, path) < 0)
			result = -1;
		play_free(&play);
	}
	play_close(&file);
	return got < 0 ? -1 : result;
}

static const struct checker *checker_load(const char *path)
{
	void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct checker *checker = NULL;

	if (plugin)
		checker = dlsym(plugin, "lvsmon_checker");
	if (!checker)
		fprintf(stderr, "%s\n", dlerror());
	return checker;
}

int main(int argc, char **argv)
{
	bool seeds = argc > 1 && strcmp(argv[1], "--seeds") == 0;
	play_call *call = seeds ? play_seed : play_test;
	const void *arg;
	int failed = 0;

	argv += seeds;
	argc -= seeds;
	if (argc < 4) {
		fprintf(stderr, "usage: plays CHECKER.so NAME FILE...\n"
				"       plays --seeds DIR NAME FILE...\n");
		return 2;
	}
	arg = seeds ? argv[1] : (const void *)checker_load(argv[1]);
	if (!arg)
		return 2;
	for (int i = 3; i < argc; i++)
		failed |= each_play(argv[i], argv[2], call, arg);
	return failed ? 1 : 0;
}
