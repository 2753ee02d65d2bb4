// SPDX-License-Identifier: GPL-2.0-or-later
/* The time after a verdict. */
#include "engine/linger.h"

#include "base/clock.h"

#include <assert.h>

/* Receives in one turn of the loop. */
#define LINGER_TURN_MAX 32

enum answer {
	WAIT, /* the transport says when more is there */
	MORE, /* input is left */
	OVER, /* the peer has closed, has failed, or has sent too much */
};

static enum answer drain_once(struct probe *probe)
{
	struct transport_state *state = &probe->transport;

	switch (probe->carrier->receive(
		state, probe->input, probe->host->input_size)) {
	case TRANSPORT_DONE:
		break;
	case TRANSPORT_WANT_INPUT:
	case TRANSPORT_WANT_ROOM:
		return WAIT;
	case TRANSPORT_END:
	case TRANSPORT_FAILED:
		return OVER;
	}
	if (state->ended || state->count > probe->linger_left)
		return OVER;
	probe->linger_left -= state->count;
	return state->drained ? WAIT : MORE;
}

static void linger_drain(struct probe *probe)
{
	enum answer answer = MORE;

	assert(probe->phase == PROBE_LINGER);
	for (int i = 0; i < LINGER_TURN_MAX && answer == MORE; i++)
		answer = drain_once(probe);
	if (answer == OVER)
		probe_part(probe);
	else if (answer == MORE)
		loop_post(probe->host->loop, &probe->again);
}

static void linger_ready(struct transport_state *state)
{
	linger_drain(LOOP_OWNER(state, struct probe, transport));
}

static void linger_again(struct loop_task *task)
{
	linger_drain(LOOP_OWNER(task, struct probe, again));
}

static void linger_expired(struct loop_timer *timer)
{
	probe_part(LOOP_OWNER(timer, struct probe, deadline));
}

/* No event announces input that was there before the verdict. */
void linger_begin(struct probe *probe)
{
	struct transport_state *state = &probe->transport;
	struct loop *loop = probe->host->loop;
	uint64_t until = clock_us() + (uint64_t)probe->linger_ms * 1000;

	assert(probe->phase == PROBE_LINGER);
	state->ready = linger_ready;
	probe->again.run = linger_again;
	probe->deadline.expired = linger_expired;
	probe->linger_left = LINGER_INPUT_MAX;
	loop_timer_set(loop, &probe->deadline,
		until < probe->ends_us ? until : probe->ends_us);
	if (state->readable && !state->drained)
		loop_post(loop, &probe->again);
	else
		loop_unpost(loop, &probe->again);
}

void linger_until(struct probe *probe, uint64_t us)
{
	assert(probe->phase == PROBE_LINGER);
	us -= LOOP_TICK_US;
	if (us < probe->deadline.wheel.tick * LOOP_TICK_US)
		loop_timer_set(probe->host->loop, &probe->deadline, us);
}
