// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A checker for tests that obeys its arguments, word by word:
 *
 *   send:TEXT    sends TEXT
 *   megabyte     sends a megabyte
 *   line         waits for a line
 *   eof          uses all input up to the end
 *   datagram:TEXT  waits for a datagram that is TEXT; ignores others
 *   expired      uses all input up to the step at the deadline
 *   random       the verdict's code shows the random number, 31 bits; -1 if
 *                the number has changed since the last "random"
 *   weight:N     names the weight N with the verdict
 *   last:TEXT    sends TEXT with the verdict
 *   starttls     begins TLS, with SCRIPT_STARTTLS
 *   up           the verdict
 *   down:CODE    the verdict
 *
 * and the faults spin, overuse, tls, crash. With SCRIPT_DEADLINE it asks for
 * the step at the deadline. SCRIPT_TRANSPORT is the transport; default TCP.
 */
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
	int code;
	int weight;
	const char *last;
	uint64_t random; /* 0 = not seen yet */
	bool heard;      /* this step is because of a datagram */
};

#ifdef SCRIPT_STARTTLS
static bool script_starttls(const void *conf)
{
	(void)conf;
	return true;
}
#else
#define script_starttls NULL
#endif

#ifdef SCRIPT_DEADLINE
#define DEADLINE true
#else
#define DEADLINE false
#endif

#ifndef SCRIPT_TRANSPORT
#define SCRIPT_TRANSPORT CHECKER_TCP
#endif

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

static bool wait_for_datagram(
	const char *text, struct state *state, struct checker_io *io)
{
	size_t len = strlen(text);
	bool same = state->heard && io->in_len == len &&
		    memcmp(io->in, text, len) == 0;

	io->why = "waiting for a datagram";
	state->heard = false;
	return same;
}

/* Whether the word is done. */
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
	if (strcmp(word, "expired") == 0) {
		io->why = "waiting for the deadline";
		io->used = io->in_len;
		return io->expired;
	}
	io->why = "waiting for a line";
	if (end)
		io->used += (size_t)(end - from) + 1;
	return end != NULL;
}

static enum checker_next verdict(
	const char *word, const struct state *state, struct checker_io *io)
{
	io->code = state->code;
	io->weight = state->weight;
	io->out = state->last;
	io->out_len = state->last ? strlen(state->last) : 0;
	if (strcmp(word, "up") == 0) {
		io->why = "";
		return CHECKER_UP;
	}
	io->why = "down as told";
	if (word[4])
		io->code = atoi(word + 5);
	return CHECKER_DOWN;
}

static enum checker_next send(const char *word, struct checker_io *io)
{
	bool text = *word == 's';

	io->out = text ? word + 5 : megabyte;
	io->out_len = text ? strlen(word + 5) : sizeof(megabyte);
	return CHECKER_WRITE;
}

static bool is_wait(const char *word)
{
	return strcmp(word, "line") == 0 || strcmp(word, "eof") == 0 ||
	       strcmp(word, "expired") == 0;
}

/* The words that prepare a verdict. */
static bool prepare(
	const char *word, struct state *state, const struct checker_io *io)
{
	if (strncmp(word, "weight:", 7) == 0) {
		state->weight = atoi(word + 7);
		return true;
	}
	if (strncmp(word, "last:", 5) == 0) {
		state->last = word + 5;
		return true;
	}
	if (strcmp(word, "random") != 0)
		return false;
	state->code = (int)(io->random & 0x7fffffff);
	if (state->random && state->random != io->random)
		state->code = -1;
	state->random = io->random;
	return true;
}

static enum checker_next script_step(
	const void *conf, void *opaque, struct checker_io *io)
{
	const struct script *script = conf;
	struct state *state = opaque;

	for (; state->at < script->count; state->at++) {
		const char *word = script->words[state->at];

		if (prepare(word, state, io))
			continue;
		if (strncmp(word, "datagram:", 9) == 0) {
			if (wait_for_datagram(word + 9, state, io))
				continue;
			state->heard = true;
			return CHECKER_READ;
		}
		if (is_wait(word)) {
			if (wait_for(word, io))
				continue;
			return CHECKER_READ;
		}
		if (strcmp(word, "up") == 0 || strncmp(word, "down", 4) == 0)
			return verdict(word, state, io);
		if (strcmp(word, "starttls") == 0) {
			state->at++;
			return CHECKER_STARTTLS;
		}
		if (strncmp(word, "send:", 5) != 0 &&
			strcmp(word, "megabyte") != 0)
			return fault(word, io);
		state->at++;
		return send(word, io);
	}
	return CHECKER_READ;
}

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct script),
	.state_size = sizeof(struct state),
	.window = 1000,
	.transport = SCRIPT_TRANSPORT,
	.deadline = DEADLINE,
	.summary = "what the arguments say",
	.usage = "word...",
	.configure = script_configure,
	.starttls = script_starttls,
	.step = script_step,
};
