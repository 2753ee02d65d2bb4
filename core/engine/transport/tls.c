// SPDX-License-Identifier: GPL-2.0-or-later
/* The transport TLS. */
#include "engine/transport/tls.h"

#include "engine/transport/tcp.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>

static const struct tls_module *module;

/* The handshakes that may still go on in this turn. */
static struct {
	unsigned int left;
	struct loop_task refill;
} turn = {.left = TLS_HANDSHAKES_PER_TURN};

static void refill(struct loop_task *task)
{
	(void)task;
	turn.left = TLS_HANDSHAKES_PER_TURN;
}

void tls_use(const struct tls_module *opened)
{
	module = opened;
	turn.refill.run = refill;
}

static enum transport_answer below_receive(
	void *arg, void *data, size_t size, size_t *count)
{
	struct transport_state *state = arg;
	enum transport_answer answer = tcp_transport.receive(state, data, size);

	*count = state->count;
	return answer;
}

static enum transport_answer below_send(
	void *arg, const void *data, size_t len, size_t *count)
{
	struct transport_state *state = arg;
	enum transport_answer answer = tcp_transport.send(state, data, len);

	*count = state->count;
	return answer;
}

const struct tls_below tls_below = {
	.receive = below_receive,
	.send = below_send,
};

static void call_ready(struct loop_task *task)
{
	struct transport_state *state =
		LOOP_OWNER(task, struct transport_state, later);

	state->ready(state);
}

void tls_upgrade(struct transport_state *state, const struct tls_peer *peer,
	uint32_t session)
{
	assert(peer);
	state->peer = peer;
	state->session = session;
	state->link = NULL;
	state->reason = NULL;
	state->later.run = call_ready;
}

static enum transport_answer tls_begin(
	struct transport_state *state, const struct transport_target *target)
{
	tls_upgrade(state, target->peer, target->session);
	return tcp_transport.begin(state, target);
}

/* See struct transport_state. */
static void mark(const struct transport_state *state, bool inside)
{
	atomic_store_explicit(
		state->inside, inside ? state->mark : 0, memory_order_relaxed);
}

/* Returns whether one more handshake may go on in this turn. The others are
 * asked again, in order. */
static bool take_share(struct transport_state *state)
{
	if (turn.left == TLS_HANDSHAKES_PER_TURN)
		loop_post(state->loop, &turn.refill);
	if (turn.left) {
		turn.left--;
		return true;
	}
	loop_post(state->loop, &state->later);
	return false;
}

static enum transport_answer take_result(struct transport_state *state,
	enum transport_answer answer, const struct tls_result *result)
{
	state->count = result->count;
	if (result->again)
		loop_post(state->loop, &state->later);
	if (answer == TRANSPORT_FAILED && !state->reason) {
		state->reason = result->why;
		state->code = result->code;
	}
	return answer;
}

static enum transport_answer tls_connected(struct transport_state *state)
{
	enum transport_answer answer = TRANSPORT_DONE;

	if (!state->connected)
		answer = tcp_transport.proceed(state);
	if (answer != TRANSPORT_DONE)
		return answer;
	mark(state, true);
	state->link = module->begin(state->peer, state->session, state);
	mark(state, false);
	if (state->link)
		return TRANSPORT_DONE;
	state->error = ENOBUFS;
	return TRANSPORT_FAILED;
}

static enum transport_answer tls_proceed(struct transport_state *state)
{
	struct tls_result result = {.count = 0};
	enum transport_answer answer = TRANSPORT_DONE;

	if (!state->link)
		answer = tls_connected(state);
	if (answer != TRANSPORT_DONE)
		return answer;
	if (!take_share(state))
		return TRANSPORT_WANT_INPUT;
	mark(state, true);
	answer = module->handshake(state->link, &result);
	mark(state, false);
	return take_result(state, answer, &result);
}

static enum transport_answer tls_send(
	struct transport_state *state, const void *data, size_t len)
{
	struct tls_result result = {.count = 0};
	enum transport_answer answer;

	mark(state, true);
	answer = module->send(state->link, data, len, &result);
	mark(state, false);
	return take_result(state, answer, &result);
}

static enum transport_answer tls_receive(
	struct transport_state *state, void *data, size_t size)
{
	struct tls_result result = {.count = 0};
	enum transport_answer answer;

	if (!state->link)
		return tcp_transport.receive(state, data, size);
	mark(state, true);
	answer = module->receive(state->link, data, size, &result);
	mark(state, false);
	return take_result(state, answer, &result);
}

static const char *tls_why(const struct transport_state *state)
{
	return state->reason ? state->reason : tcp_why(state);
}

/* Ends TLS with a close_notify, and gives its memory to another probe. */
static void tls_bare(struct transport_state *state)
{
	loop_unpost(state->loop, &state->later);
	mark(state, true);
	if (state->link)
		module->end(state->link);
	mark(state, false);
	state->link = NULL;
}

static void tls_end(struct transport_state *state)
{
	tls_bare(state);
	tcp_end(state);
}

static void tls_part(struct transport_state *state)
{
	tls_bare(state);
	tcp_part(state);
}

const struct transport tls_transport = {
	.begin = tls_begin,
	.proceed = tls_proceed,
	.send = tls_send,
	.receive = tls_receive,
	.why = tls_why,
	.end = tls_end,
	.part = tls_part,
	.bare = tls_bare,
};
