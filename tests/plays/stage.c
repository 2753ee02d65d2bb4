// SPDX-License-Identifier: GPL-2.0-or-later
/* A stage: one probe, with every promise of the checker's looked after. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct probe {
	const struct stage *stage;
	const struct stage_timing *timing;
	uint32_t random;
	void *state;
	struct checker_io io;
	size_t used;   /* of data, by the checker */
	size_t shown;  /* of data, to the checker */
	size_t writes; /* that the checker has asked for */
	bool closed;   /* eof was shown */
};

static void *take(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (!memory)
		abort();
	return memory;
}

int stage_configure(struct stage *stage, const struct checker *checker,
	int argc, char **argv, char *err, size_t errsz)
{
	memset(stage, 0, sizeof(*stage));
	stage->checker = checker;
	stage->conf = take(checker->conf_size);
	optind = 0;
	opterr = 0;
	if (!checker->configure && argc == 1)
		return 0;
	if (checker->configure &&
		checker->configure(stage->conf, argc, argv, err, errsz) == 0)
		return 0;
	free(stage->conf);
	stage->conf = NULL;
	return -1;
}

void stage_release(struct stage *stage)
{
	if (stage->conf && stage->checker->release)
		stage->checker->release(stage->conf);
	free(stage->conf);
	stage->conf = NULL;
}

/* xorshift32: the same splits in every run. */
static size_t probe_chunk(struct probe *probe)
{
	uint32_t x = probe->random;

	if (x == 0)
		return probe->timing->chunk;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	probe->random = x;
	return 1 + x % probe->timing->chunk;
}

/* How much of data the peer has said by now. */
static size_t probe_said(const struct probe *probe)
{
	const struct stage *stage = probe->stage;

	if (probe->timing->early || probe->writes >= stage->send_count)
		return stage->data_len;
	return stage->sends[probe->writes].heard;
}

/* Lets more come in: bytes, then eof. False where there is nothing more. */
static bool probe_more(struct probe *probe)
{
	const struct stage_timing *timing = probe->timing;
	size_t said = probe_said(probe);
	size_t chunk = said - probe->shown;
	bool last;

	if (chunk > 0) {
		size_t most = probe_chunk(probe);

		probe->shown += chunk < most ? chunk : most;
	}
	last = probe->shown == probe->stage->data_len &&
	       (timing->early || probe->writes >= probe->stage->send_count);
	if (timing->eof && last && !probe->closed) {
		probe->closed = chunk == 0 || !timing->eof_late;
		return chunk > 0 || probe->closed;
	}
	return chunk > 0;
}

/* One step, with input in memory of its own, as long as it is. */
static enum checker_next probe_step(struct probe *probe)
{
	const struct stage *stage = probe->stage;
	size_t len = probe->shown - probe->used;
	const char *why = probe->io.why;
	char *in = take(len);
	enum checker_next next;

	if (len > 0)
		memcpy(in, stage->data + probe->used, len);
	memset(&probe->io, 0, sizeof(probe->io));
	probe->io.in = in;
	probe->io.in_len = len;
	probe->io.eof = probe->closed;
	probe->io.why = why;
	next = stage->checker->step(stage->conf, probe->state, &probe->io);
	free(in);
	return next;
}

/* What a step must not do, whatever it was shown. NULL where it did not. */
static const char *probe_fault(
	const struct probe *probe, enum checker_next next)
{
	const struct checker_io *io = &probe->io;

	if (io->used > io->in_len)
		return "used more than there was";
	if (next != CHECKER_READ && next != CHECKER_WRITE &&
		next != CHECKER_UP && next != CHECKER_DOWN)
		return "returned something else";
	if (next != CHECKER_UP && (!io->why || !*io->why))
		return "gave no reason";
	if (next == CHECKER_READ &&
		io->in_len - io->used >= probe->stage->checker->window)
		return "keeps more than its window";
	if ((next == CHECKER_WRITE) != (io->out != NULL && io->out_len > 0))
		return "sends nothing, or without saying so";
	return NULL;
}

/* What the checker sends, against what it is to send. */
static const char *probe_write(struct probe *probe)
{
	const struct stage *stage = probe->stage;
	const struct stage_send *send;

	if (!stage->sends) {
		probe->writes++;
		return NULL;
	}
	if (probe->writes == stage->send_count)
		return "sends more than the play has";
	send = &stage->sends[probe->writes++];
	if (!send->bytes)
		return NULL;
	if (send->len == probe->io.out_len &&
		memcmp(send->bytes, probe->io.out, send->len) == 0)
		return NULL;
	fprintf(stderr, "sent: %.*s\n", (int)probe->io.out_len,
		(const char *)probe->io.out);
	return "sends something else than the play has";
}

static struct stage_outcome probe_end(
	const struct probe *probe, enum stage_end end, const char *why)
{
	return (struct stage_outcome){
		.end = end,
		.why = why,
		.code = probe->io.code,
		.writes = probe->writes,
	};
}

static struct stage_outcome probe_run(struct probe *probe)
{
	for (size_t turns = 0; turns < CHECKER_TURNS_MAX; turns++) {
		enum checker_next next = probe_step(probe);
		const char *fault = probe_fault(probe, next);

		probe->used += probe->io.used;
		if (!fault && next == CHECKER_WRITE)
			fault = probe_write(probe);
		if (fault)
			return probe_end(probe, STAGE_FAULT, fault);
		if (next == CHECKER_UP)
			return probe_end(probe, STAGE_UP, probe->io.why);
		if (next == CHECKER_DOWN)
			return probe_end(probe, STAGE_DOWN, probe->io.why);
		if (next == CHECKER_READ && probe->closed)
			return probe_end(probe, STAGE_CLOSED, probe->io.why);
		if (next == CHECKER_READ && !probe_more(probe))
			return probe_end(probe, STAGE_WAITING, probe->io.why);
	}
	return probe_end(probe, STAGE_FAULT, "took too many turns");
}

struct stage_outcome stage_run(
	const struct stage *stage, const struct stage_timing *timing)
{
	struct probe probe = {
		.stage = stage,
		.timing = timing,
		.random = timing->seed,
		.state = take(stage->checker->state_size),
	};
	struct stage_outcome outcome = probe_run(&probe);

	free(probe.state);
	return outcome;
}
