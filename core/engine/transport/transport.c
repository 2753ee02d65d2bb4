// SPDX-License-Identifier: GPL-2.0-or-later
/* The descriptor of a transport, watched by the loop. */
#include "engine/transport/transport.h"

#include <errno.h>

static void transport_ready(void *arg, bool in, bool out)
{
	struct transport_state *state = arg;

	state->readable |= in;
	state->drained &= !in;
	state->writable |= out;
	state->ready(state);
}

static int watch_for(struct transport_state *state, enum loop_interest interest)
{
	if (loop_watch_begin(state->loop, &state->watch, state->fd, interest,
		    transport_ready, state) == 0)
		return 0;
	state->error = ENOMEM;
	return -1;
}

int transport_watch(struct transport_state *state)
{
	return watch_for(state, LOOP_CHANGES);
}

int transport_watch_input(struct transport_state *state)
{
	return watch_for(state, LOOP_ARRIVALS);
}

void transport_unwatch(struct transport_state *state)
{
	loop_watch_end(&state->watch);
}
