// SPDX-License-Identifier: GPL-2.0-or-later
/* One run of a check, in flight. */
#include "engine/probe.h"

#include "base/clock.h"
#include "engine/prepare.h"
#include "engine/transport/tls.h"

#include <assert.h>
#include <string.h>

/* Steps and transfers of one probe in one turn of the loop. The limit keeps a
 * peer that floods from delaying the other probes. */
#define TURN_MAX 32

static const struct transport *transport_of(const struct probe *probe)
{
	return probe->carrier;
}

static void probe_free(struct probe *probe)
{
	const struct probe_host *host = probe->host;
	const struct transport *transport = transport_of(probe);

	if (probe->polite)
		transport->part(&probe->transport);
	else if (probe->phase != PROBE_CONRESULT)
		transport->end(&probe->transport);
	loop_timer_clear(host->loop, &probe->deadline);
	loop_unpost(host->loop, &probe->again);
	probe->phase = PROBE_IDLE;
	host->give(host->pool, probe);
}

/* Releases everything, then reports the result. */
static void probe_end(struct probe *probe, struct verdict *verdict)
{
	const struct probe_host *host = probe->host;
	uint32_t check = probe->check;

	assert(probe->phase != PROBE_IDLE);
	verdict->began_us = probe->began_us;
	verdict->ended_us = clock_us();
	probe_free(probe);
	host->done(host->arg, check, verdict);
}

/* Reports the result while the probe lingers. The probe may be another check's
 * when done returns. */
static void probe_leave(struct probe *probe, struct verdict *verdict)
{
	const struct probe_host *host = probe->host;

	verdict->began_us = probe->began_us;
	verdict->ended_us = clock_us();
	verdict->lingers = probe;
	probe->phase = PROBE_LINGER;
	if (transport_of(probe)->bare)
		transport_of(probe)->bare(&probe->transport);
	host->linger(host->pool, probe);
	host->done(host->arg, probe->check, verdict);
}

void probe_part(struct probe *probe)
{
	assert(probe->phase == PROBE_LINGER);
	probe_free(probe);
}

static void probe_down(struct probe *probe, const char *why)
{
	struct verdict verdict = {.weight = 100, .why = why};

	probe_end(probe, &verdict);
}

/* The transport has failed. */
static void probe_failed(struct probe *probe)
{
	const char *why = transport_of(probe)->why(&probe->transport);
	struct verdict local = {
		.weight = 100, .local = probe->transport.error, .why = ""};

	struct verdict down = {
		.weight = 100, .why = why, .code = probe->transport.code};

	probe_end(probe, why ? &down : &local);
}

/* The result of a step or a transfer. */
enum going {
	GOING_ON,
	GOING_WAIT, /* for the transport */
	GOING_ENDED /* the probe has ended and is free */
};

static enum going ended(struct probe *probe, const char *why)
{
	probe_down(probe, why);
	return GOING_ENDED;
}

static enum going failed(struct probe *probe)
{
	probe_failed(probe);
	return GOING_ENDED;
}

static enum going step_wants_input(struct probe *probe)
{
	size_t window = probe->vector->checker->window;

	if (!transport_of(probe)->receive)
		return ended(probe, "checker without a verdict");
	if (probe->eof)
		return ended(probe, "connection closed");
	/* Unused bytes of a datagram must not precede the next one. */
	if (transport_of(probe)->datagrams)
		probe->in_at = probe->in_len = 0;
	if (probe->in_len && probe->in_len >= window)
		return ended(probe, "answer too long");
	probe->phase = PROBE_RECV;
	return GOING_ON;
}

static enum going step_wants_output(
	struct probe *probe, const struct checker_io *io)
{
	if (!transport_of(probe)->send)
		return ended(probe, "checker without a verdict");
	probe->out = io->out;
	probe->out_len = io->out ? io->out_len : 0;
	probe->phase = PROBE_QUERY;
	return GOING_ON;
}

/* RFC 3207, 5 and 6: what came before TLS is not trusted. TLS begins at the end
 * of the turn. */
static enum going step_wants_tls(struct probe *probe)
{
	const struct security_check *security = probe->security;

	if (!security || probe->carrier == &tls_transport)
		return ended(probe, "checker asked for an unsupported action");
	if (probe->in_len)
		return ended(probe, "data before TLS");
	if (probe->eof || probe->cut)
		return ended(probe, "connection closed");
	tls_upgrade(&probe->transport, security->peer, security->session);
	probe->carrier = &tls_transport;
	probe->phase = PROBE_CONNECT;
	loop_post(probe->host->loop, &probe->again);
	return GOING_WAIT;
}

/* Last bytes are best effort: one try, whose outcome changes no verdict.
 * Returns whether some were sent. */
static bool send_last(struct probe *probe, const struct checker_io *io)
{
	const struct transport *transport = transport_of(probe);

	if (!io->out || !io->out_len || !transport->send || probe->cut)
		return false;
	return transport->send(&probe->transport, io->out, io->out_len) ==
	       TRANSPORT_DONE;
}

static bool probe_may_linger(const struct probe *probe)
{
	return probe->linger_ms && !probe->cut && transport_of(probe)->part &&
	       !probe->transport.error;
}

static enum going step_is_over(
	struct probe *probe, bool up, const struct checker_io *io)
{
	struct verdict verdict = {
		.up = up,
		.weight = 100,
		.why = io->why ? io->why : "",
		.code = io->code,
	};
	bool said;

	if (up && (io->weight < 0 || io->weight > CHECKER_WEIGHT_MAX))
		return ended(probe, "checker named a weight over 100");
	if (up && io->weight)
		verdict.weight = (uint8_t)io->weight;
	said = send_last(probe, io);
	probe->polite = (up || said) && probe_may_linger(probe);
	if (probe->polite && !probe->transport.ended)
		probe_leave(probe, &verdict);
	else
		probe_end(probe, &verdict);
	return GOING_ENDED;
}

/* Lets the checker make a step. If the step never returns, the mark says which
 * check is to blame. */
static enum checker_next call_step(struct probe *probe, struct checker_io *io)
{
	const struct instance *vector = probe->vector;
	_Atomic uint32_t *inside = probe->host->inside;
	enum checker_next next;

	atomic_store_explicit(inside, probe->check + 1, memory_order_relaxed);
	next = vector->checker->step(vector->conf, probe->state, io);
	/* A wild pointer is fatal here, while its culprit is known. */
	if (io->why)
		(void)*(const volatile char *)io->why;
	atomic_store_explicit(inside, 0, memory_order_relaxed);
	return next;
}

static enum going probe_step(struct probe *probe)
{
	struct checker_io io = {
		.in = probe->input + probe->in_at,
		.in_len = probe->in_len,
		.random = probe->random,
		.eof = probe->eof,
		.expired = probe->expired,
		.why = probe->why,
	};
	enum checker_next next;

	if (probe->turns++ == CHECKER_TURNS_MAX)
		return ended(probe, "checker asked for too many steps");
	next = call_step(probe, &io);
	if (io.used > probe->in_len)
		return ended(probe, "checker used more input than there was");
	probe->in_at += io.used;
	probe->in_len -= io.used;
	probe->why = io.why;
	if (next == CHECKER_UP || next == CHECKER_DOWN)
		return step_is_over(probe, next == CHECKER_UP, &io);
	if (probe->expired)
		return ended(probe, io.why ? io.why : "timed out");
	if (next == CHECKER_READ)
		return step_wants_input(probe);
	if (next == CHECKER_WRITE)
		return step_wants_output(probe, &io);
	if (next == CHECKER_STARTTLS)
		return step_wants_tls(probe);
	return ended(probe, "checker asked for an unsupported action");
}

/* Time in which the loop stood still is no evidence against the peer: moves
 * the deadline by it, once. Returns whether it did. */
static bool probe_extend(struct probe *probe)
{
	struct loop *loop = probe->host->loop;
	uint64_t lost = loop_lost(loop) - probe->lost_us;
	uint64_t deadline = probe->deadline.wheel.tick * LOOP_TICK_US;

	if (!lost || probe->extended)
		return false;
	probe->extended = true;
	probe->ends_us += lost;
	loop_timer_set(loop, &probe->deadline, deadline + lost);
	return true;
}

static void repeat_later(struct probe *probe)
{
	loop_timer_set(probe->host->loop, &probe->deadline,
		repeat_next(&probe->repeat, clock_us(), probe->ends_us));
}

/* Sends the last datagram again if that is due. Returns whether it was. A
 * shortage on this machine only costs this repetition. */
static bool repeat_send(struct probe *probe)
{
	const struct transport *transport = transport_of(probe);
	struct transport_state *state = &probe->transport;
	struct repeat *repeat = &probe->repeat;

	if (!repeat_take(repeat))
		return false;
	if (transport->send(state, repeat->datagram, repeat->len) ==
			TRANSPORT_FAILED &&
		transport->why(state)) {
		probe->cut = true;
		repeat->left = 0;
		loop_post(probe->host->loop, &probe->again);
	}
	repeat_later(probe);
	return true;
}

/* A datagram was sent for the first time. */
static void repeat_first(struct probe *probe)
{
	if (!transport_of(probe)->datagrams)
		return;
	repeat_begin(&probe->repeat, probe->out, probe->out_len, clock_us(),
		probe->ends_us);
	repeat_later(probe);
}

static void probe_expired(struct loop_timer *timer)
{
	struct probe *probe = LOOP_OWNER(timer, struct probe, deadline);

	assert(probe->phase != PROBE_IDLE);
	if (repeat_send(probe) || probe_extend(probe))
		return;
	if (probe->phase <= PROBE_CONRESULT) {
		probe_down(probe, probe->transport.connected
					  ? "timed out in the TLS handshake"
					  : "timed out connecting");
	} else if (probe->vector->checker->deadline) {
		/* The checker says what silence until the deadline means. */
		probe->expired = true;
		probe_step(probe);
	} else {
		probe_down(probe, probe->why ? probe->why : "timed out");
	}
}

/* Sending has failed, perhaps because the peer has answered and reset the
 * connection. The checker sees the input that arrived before that. */
static enum going send_failed(struct probe *probe)
{
	if (!transport_of(probe)->why(&probe->transport))
		return failed(probe);
	probe->cut = true;
	probe->out_len = 0;
	probe->phase = PROBE_RECV;
	return probe->in_len ? probe_step(probe) : GOING_ON;
}

static enum going probe_send(struct probe *probe)
{
	struct transport_state *state = &probe->transport;
	enum transport_answer answer;

	if (probe->cut)
		return send_failed(probe);
	if (!probe->out_len)
		return probe_step(probe);
	answer = transport_of(probe)->send(state, probe->out, probe->out_len);
	if (answer == TRANSPORT_FAILED)
		return send_failed(probe);
	if (answer != TRANSPORT_DONE)
		return GOING_WAIT;
	assert(state->count <= probe->out_len);
	repeat_first(probe);
	probe->out += state->count;
	probe->out_len -= state->count;
	return probe->out_len ? GOING_ON : probe_step(probe);
}

/* Moves the unused input to the front. Returns the room behind it. */
static size_t make_room(struct probe *probe)
{
	size_t size = probe->host->input_size;
	size_t window = probe->vector->checker->window;

	/* A longer datagram is truncated, whatever other checkers hold. */
	if (transport_of(probe)->datagrams && window < size)
		size = window;
	assert(probe->in_at + probe->in_len <= size && probe->in_len < size);
	if (probe->in_at)
		memmove(probe->input, probe->input + probe->in_at,
			probe->in_len);
	probe->in_at = 0;
	return size - probe->in_len;
}

static enum going probe_receive(struct probe *probe)
{
	struct transport_state *state = &probe->transport;
	size_t room = make_room(probe);
	enum transport_answer answer = transport_of(probe)->receive(
		state, probe->input + probe->in_len, room);

	if (answer == TRANSPORT_DONE) {
		assert(state->count <= room);
		probe->in_len += state->count;
		return probe_step(probe);
	}
	if (probe->cut || answer == TRANSPORT_FAILED)
		return failed(probe);
	if (answer != TRANSPORT_END)
		return GOING_WAIT;
	probe->eof = true;
	return probe_step(probe);
}

static void probe_go_on(struct probe *probe)
{
	assert(probe->phase == PROBE_QUERY || probe->phase == PROBE_RECV);
	for (int i = 0; i < TURN_MAX; i++) {
		enum going going = probe->phase == PROBE_QUERY
					   ? probe_send(probe)
					   : probe_receive(probe);

		if (going != GOING_ON)
			return;
	}
	loop_post(probe->host->loop, &probe->again);
}

static void probe_connected(struct probe *probe)
{
	probe->phase = PROBE_RECV;
	if (probe->deadline.wheel.tick * LOOP_TICK_US < probe->ends_us)
		loop_timer_set(
			probe->host->loop, &probe->deadline, probe->ends_us);
	if (probe_step(probe) == GOING_ON)
		probe_go_on(probe);
}

static void probe_proceed(struct probe *probe)
{
	enum transport_answer answer =
		transport_of(probe)->proceed(&probe->transport);

	if (answer == TRANSPORT_DONE)
		probe_connected(probe);
	else if (answer == TRANSPORT_FAILED)
		probe_failed(probe);
}

/* The transport may have what it wanted. */
static void probe_ready(struct transport_state *state)
{
	struct probe *probe = LOOP_OWNER(state, struct probe, transport);

	assert(probe->phase != PROBE_IDLE && probe->phase != PROBE_CONRESULT);
	if (probe->phase == PROBE_CONNECT)
		probe_proceed(probe);
	else
		probe_go_on(probe);
}

/* The end of a turn. */
static void probe_again(struct loop_task *task)
{
	struct probe *probe = LOOP_OWNER(task, struct probe, again);

	if (probe->phase == PROBE_CONRESULT)
		probe_failed(probe);
	else
		probe_ready(&probe->transport);
}

/* A probe that lingered had other ones. */
static void set_callbacks(struct probe *probe)
{
	probe->transport.ready = probe_ready;
	probe->deadline.expired = probe_expired;
	probe->again.run = probe_again;
}

void probe_init(struct probe *probe, const struct probe_host *host, char *input)
{
	probe->host = host;
	probe->input = input;
	probe->transport.loop = host->loop;
	probe->transport.inside = host->inside;
}

/* A verdict comes from the loop, never from inside this function. */
int probe_begin(struct probe *probe, const struct probe_order *order)
{
	const struct transport_target target = prepare_transport(probe, order);
	struct transport_state *state = &probe->transport;
	enum transport_answer answer;

	assert(probe->phase == PROBE_IDLE && !probe->again.link);
	set_callbacks(probe);
	answer = probe->carrier->begin(state, &target);
	if (answer == TRANSPORT_FAILED && !probe->carrier->why(state))
		return state->error;
	prepare_probe(probe, order);
	probe->phase =
		answer == TRANSPORT_FAILED ? PROBE_CONRESULT : PROBE_CONNECT;
	if (answer == TRANSPORT_FAILED || answer == TRANSPORT_DONE)
		loop_post(probe->host->loop, &probe->again);
	return 0;
}
