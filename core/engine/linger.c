// SPDX-License-Identifier: GPL-2.0-or-later
/* The time after a verdict. */
#include "engine/linger.h"

/* Receives in one turn of the loop. */
#define LINGER_TURN_MAX 32

bool linger_suits(
	const struct transport *transport, const struct transport_state *state)
{
	return transport->part && state->connected && !state->error &&
	       !state->ended;
}

bool linger_has_input(const struct transport_state *state)
{
	return state->readable && !state->drained;
}

static enum linger_answer receive(const struct transport *transport,
	struct transport_state *state, char *buf, size_t size, size_t *left)
{
	switch (transport->receive(state, buf, size)) {
	case TRANSPORT_DONE:
		break;
	case TRANSPORT_WANT_INPUT:
	case TRANSPORT_WANT_ROOM:
		return LINGER_WAIT;
	case TRANSPORT_END:
	case TRANSPORT_FAILED:
		return LINGER_OVER;
	}
	if (state->ended || state->count > *left)
		return LINGER_OVER;
	*left -= state->count;
	return state->drained ? LINGER_WAIT : LINGER_MORE;
}

enum linger_answer linger_drain(const struct transport *transport,
	struct transport_state *state, char *buf, size_t size, size_t *left)
{
	enum linger_answer answer = LINGER_MORE;

	for (int i = 0; i < LINGER_TURN_MAX && answer == LINGER_MORE; i++)
		answer = receive(transport, state, buf, size, left);
	return answer;
}

void linger_end(
	const struct transport *transport, struct transport_state *state)
{
	if (linger_suits(transport, state))
		transport->part(state);
	else
		transport->end(state);
}
