// SPDX-License-Identifier: GPL-2.0-or-later
/* A checker for tests that does what its arguments say, word by word:
 * "send:TEXT", "megabyte" (send one), "line" (wait for one), "eof" (use up
 * all that comes), "up", "down:CODE", and the faults "spin", "overuse", "tls",
 * "crash". */
#include "lvsmon/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 16

struct script {
	int count;
	const char *words[WORDS_MAX];
};

struct state {
	int at;
};

static const char megabyte[1 << 20];

static int script_configure(
	void *conf, int argc, char **argv, char *err, size_t errsz)
{
	struct script *script = conf;

	if (argc < 2 || argc > WORDS_MAX) {
		snprintf(err, errsz, "from 1 to %d words", WORDS_MAX - 1);
		return -1;
	}
	for (int i = 1; i < argc; i++)
		script->words[script->count++] = argv[i];
	return 0;
}

static enum checker_next fault(const char *word, struct checker_io *io)
{
	if (strcmp(word, "overuse") == 0) {
		io->used = io->in_len + 1;
		return CHECKER_READ;
	}
	if (strcmp(word, "tls") == 0)
		return CHECKER_STARTTLS;
	if (strcmp(word, "spin") != 0)
		abort();
	return CHECKER_WRITE;
}

/* Whether the word is done with. */
static bool wait_for(const char *word, struct checker_io *io)
{
	const char *from = io->in + io->used;
	size_t len = io->in_len - io->used;
	const char *end = memchr(from, '\n', len);

	if (strcmp(word, "eof") == 0) {
		io->why = "waiting for the end";
		io->used = io->in_len;
		return io->eof;
	}
	io->why = "waiting for a line";
	if (end)
		io->used += (size_t)(end - from) + 1;
	return end != NULL;
}

static enum checker_next verdict(const char *word, struct checker_io *io)
{
	if (strncmp(word, "down", 4) != 0) {
		io->why = "";
		return CHECKER_UP;
	}
	io->why = "down as told";
	io->code = word[4] ? atoi(word + 5) : 0;
	return CHECKER_DOWN;
}

static enum checker_next script_step(
	const void *conf, void *opaque, struct checker_io *io)
{
	const struct script *script = conf;
	struct state *state = opaque;

	while (state->at < script->count) {
		const char *word = script->words[state->at];

		if (strncmp(word, "send:", 5) == 0 ||
			strcmp(word, "megabyte") == 0) {
			bool text = *word == 's';

			state->at++;
			io->out = text ? word + 5 : megabyte;
			io->out_len =
				text ? strlen(word + 5) : sizeof(megabyte);
			return CHECKER_WRITE;
		}
		if (strcmp(word, "up") == 0 || strncmp(word, "down", 4) == 0)
			return verdict(word, io);
		if (strcmp(word, "line") != 0 && strcmp(word, "eof") != 0)
			return fault(word, io);
		if (!wait_for(word, io))
			return CHECKER_READ;
		state->at++;
	}
	return CHECKER_READ;
}

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct script),
	.state_size = sizeof(struct state),
	.window = 1000,
	.transport = CHECKER_TCP,
	.summary = "what the arguments say",
	.usage = "word...",
	.configure = script_configure,
	.step = script_step,
};
