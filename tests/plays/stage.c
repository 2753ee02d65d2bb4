// SPDX-License-Identifier: GPL-2.0-or-later
/* A stage: one probe, with a check of every rule that the checker must obey. */
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
	size_t used;    /* bytes of data that the checker has used */
	size_t shown;   /* bytes of data that the checker has seen */
	size_t writes;  /* sends that the checker has asked for */
	bool secure;    /* the checker has begun TLS */
	bool closed;    /* the checker has seen eof */
	bool expired;   /* the checker has seen the deadline */
	size_t arrived; /* datagrams that have arrived */
	/* The last datagram of the checker, which may be sent again. */
	const void *datagram;
	size_t datagram_len;
	uint32_t datagram_sum;
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
	enum checker_transport transport = checker->transport;
	bool well = !checker->configure && argc == 1;

	memset(stage, 0, sizeof(*stage));
	stage->checker = checker;
	stage->conf = take(checker->conf_size);
	optind = 0;
	opterr = 0;
	if (checker->configure)
		well = checker->configure(
			       stage->conf, argc, argv, err, errsz) == 0;
	if (well && checker->transport_of)
		transport = checker->transport_of(stage->conf);
	stage->datagrams =
		transport == CHECKER_UDP || transport == CHECKER_ICMP;
	if (well)
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

/* xorshift32, so that the splits are the same in every run. */
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

/* Returns where TLS is still to begin, or NULL. */
static const struct stage_send *awaits_tls(const struct probe *probe)
{
	const struct stage *stage = probe->stage;

	for (size_t i = probe->writes; i < stage->send_count; i++)
		if (stage->sends[i].starttls)
			return &stage->sends[i];
	return NULL;
}

/* Returns what the peer may send without waiting: it waits for TLS. */
static size_t said_early(const struct probe *probe)
{
	const struct stage_send *tls = awaits_tls(probe);

	return tls ? tls->heard : probe->stage->data_len;
}

/* Returns the bytes of data that the peer has sent so far. */
static size_t probe_said(const struct probe *probe)
{
	const struct stage *stage = probe->stage;

	if (probe->timing->early || probe->writes >= stage->send_count)
		return said_early(probe);
	return stage->sends[probe->writes].heard;
}

/* Lets the next datagram arrive; the rest of the last one is gone. */
static bool probe_datagram(struct probe *probe)
{
	const struct stage *stage = probe->stage;
	size_t count = stage->end_count;

	if (!probe->timing->early && probe->writes < stage->send_count)
		count = stage->sends[probe->writes].heard_count;
	probe->used = probe->shown;
	if (probe->arrived == count)
		return false;
	probe->shown = stage->ends[probe->arrived++];
	return true;
}

/* Lets more bytes arrive, then eof. Returns false if nothing more arrives. */
static bool probe_more(struct probe *probe)
{
	const struct stage_timing *timing = probe->timing;
	size_t said = probe_said(probe);
	size_t chunk = said - probe->shown;
	bool last;

	if (probe->stage->datagrams)
		return probe_datagram(probe);
	if (chunk > 0) {
		size_t most = probe_chunk(probe);

		probe->shown += chunk < most ? chunk : most;
	}
	last = probe->shown == probe->stage->data_len && !awaits_tls(probe) &&
	       (timing->early || probe->writes >= probe->stage->send_count);
	if (timing->eof && last && !probe->closed) {
		probe->closed = chunk == 0 || !timing->eof_late;
		return chunk > 0 || probe->closed;
	}
	return chunk > 0;
}

/* Makes one step. The input is in memory of exactly its own size. */
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
	probe->io.expired = probe->expired;
	probe->io.random = 0x123456789abcdef0;
	probe->io.why = why;
	next = stage->checker->step(stage->conf, probe->state, &probe->io);
	free(in);
	return next;
}

static bool may_begin_tls(const struct stage *stage)
{
	return stage->checker->starttls &&
	       stage->checker->starttls(stage->conf);
}

/* Returns the rule that a step has broken, or NULL. */
static const char *probe_fault(
	const struct probe *probe, enum checker_next next)
{
	const struct checker_io *io = &probe->io;

	if (io->used > io->in_len)
		return "used more input than there was";
	if (next != CHECKER_READ && next != CHECKER_WRITE &&
		next != CHECKER_STARTTLS && next != CHECKER_UP &&
		next != CHECKER_DOWN)
		return "returned something else";
	if (next == CHECKER_STARTTLS &&
		(probe->secure || !may_begin_tls(probe->stage)))
		return "begins TLS, and may not";
	if (next == CHECKER_STARTTLS && io->out)
		return "sends with STARTTLS";
	if (next != CHECKER_UP && (!io->why || !*io->why))
		return "gave no reason";
	if (next == CHECKER_READ && !probe->stage->datagrams &&
		io->in_len - io->used >= probe->stage->checker->window)
		return "keeps more than its window";
	if (next == CHECKER_WRITE && !io->out != (io->out_len == 0))
		return "sends bytes of nothing, or none of some";
	if (next == CHECKER_READ && io->out)
		return "sends without WRITE";
	if (next == CHECKER_UP &&
		(io->weight < 0 || io->weight > CHECKER_WEIGHT_MAX))
		return "names a weight out of range";
	return NULL;
}

/* FNV-1a. */
static uint32_t checksum(const unsigned char *bytes, size_t len)
{
	uint32_t sum = 2166136261U;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * 16777619U;
	return sum;
}

/* lvsmon may send the last datagram again, so the checker must leave it alone.
 * Returns the rule that a step has broken, or NULL. */
static const char *datagram_fault(struct probe *probe, enum checker_next next)
{
	if (!probe->stage->datagrams)
		return NULL;
	if (next == CHECKER_WRITE) {
		probe->datagram = probe->io.out;
		probe->datagram_len = probe->io.out_len;
		probe->datagram_sum =
			checksum(probe->io.out, probe->io.out_len);
	} else if (next == CHECKER_READ && probe->datagram &&
		   checksum(probe->datagram, probe->datagram_len) !=
			   probe->datagram_sum) {
		return "changes the datagram that it has sent";
	}
	return NULL;
}

/* Whether the checker sends these bytes. */
static bool sends(const struct checker_io *io, const struct stage_send *send)
{
	if (!send->bytes)
		return io->out_len > 0 && !send->starttls;
	if (send->len == io->out_len &&
		memcmp(send->bytes, io->out, send->len) == 0)
		return true;
	fprintf(stderr, "sent: %.*s\n", (int)io->out_len,
		io->out ? (const char *)io->out : "");
	return false;
}

/* Compares what the checker sends with the play. Returns NULL or the
 * difference. */
static const char *probe_write(struct probe *probe)
{
	const struct stage *stage = probe->stage;

	if (!stage->sends) {
		probe->writes++;
		return NULL;
	}
	if (probe->writes == stage->send_count)
		return "sends more than the play has";
	if (sends(&probe->io, &stage->sends[probe->writes++]))
		return NULL;
	return "sends other bytes than the play has";
}

/* The same for the beginning of TLS. */
static const char *probe_starttls(struct probe *probe)
{
	const struct stage *stage = probe->stage;
	size_t at = probe->writes++;

	probe->secure = true;
	/* Without a play all that is left comes in TLS. */
	if (!stage->sends) {
		probe->shown = probe->used;
		probe->closed = false;
		return NULL;
	}
	if (at < stage->send_count && stage->sends[at].starttls)
		return NULL;
	return "begins TLS, and the play does not";
}

/* The same for the last bytes, with the verdict. */
static const char *probe_last(const struct probe *probe)
{
	const struct stage *stage = probe->stage;

	if (!stage->sends && !stage->last)
		return NULL;
	if (!stage->last)
		return probe->io.out_len > 0 ? "sends bytes with the verdict"
					     : NULL;
	if (sends(&probe->io, stage->last))
		return NULL;
	return "sends other last bytes than the play has";
}

static struct stage_outcome probe_end(
	const struct probe *probe, enum stage_end end, const char *why)
{
	struct stage_outcome outcome = {
		.end = end,
		.why = why,
		.code = probe->io.code,
		.writes = probe->writes,
	};

	if (end == STAGE_UP)
		outcome.weight = probe->io.weight;
	if ((end == STAGE_UP || end == STAGE_DOWN) && probe->io.out) {
		outcome.last_len = probe->io.out_len;
		outcome.last_sum = checksum(probe->io.out, probe->io.out_len);
	}
	return outcome;
}

static struct stage_outcome probe_verdict(
	const struct probe *probe, enum checker_next next)
{
	const char *fault = probe_last(probe);

	if (fault)
		return probe_end(probe, STAGE_FAULT, fault);
	return probe_end(probe, next == CHECKER_UP ? STAGE_UP : STAGE_DOWN,
		probe->io.why);
}

/* The peer is silent until the deadline. Returns whether the checker is to
 * make a step because of that. */
static bool probe_expire(struct probe *probe)
{
	bool step = probe->stage->checker->deadline && !probe->expired;

	probe->expired = true;
	return step;
}

/* Whether a datagram has arrived that is too long to be held. */
static bool is_truncated(const struct probe *probe)
{
	return probe->stage->datagrams &&
	       probe->shown - probe->used > probe->stage->checker->window;
}

static struct stage_outcome probe_run(struct probe *probe)
{
	for (size_t turns = 0; turns < CHECKER_TURNS_MAX; turns++) {
		enum checker_next next = probe_step(probe);
		const char *fault = probe_fault(probe, next);

		probe->used += probe->io.used;
		if (!fault)
			fault = datagram_fault(probe, next);
		if (!fault && next == CHECKER_WRITE && probe->io.out)
			fault = probe_write(probe);
		if (!fault && next == CHECKER_STARTTLS)
			fault = probe_starttls(probe);
		if (fault)
			return probe_end(probe, STAGE_FAULT, fault);
		if (next == CHECKER_STARTTLS && probe->used < probe->shown)
			return probe_end(probe, STAGE_DOWN, "data before TLS");
		if (next == CHECKER_STARTTLS && probe->closed)
			return probe_end(probe, STAGE_CLOSED, probe->io.why);
		if (next == CHECKER_UP || next == CHECKER_DOWN)
			return probe_verdict(probe, next);
		if (probe->expired)
			return probe_end(probe, STAGE_WAITING, probe->io.why);
		if (next == CHECKER_READ && probe->closed)
			return probe_end(probe, STAGE_CLOSED, probe->io.why);
		if (next == CHECKER_READ && !probe_more(probe) &&
			!probe_expire(probe))
			return probe_end(probe, STAGE_WAITING, probe->io.why);
		if (is_truncated(probe))
			return probe_end(
				probe, STAGE_DOWN, "datagram truncated");
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
