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

int transport_watch(struct transport_state *state)
{
	if (loop_watch_begin(state->loop, &state->watch, state->fd,
		    LOOP_CHANGES, transport_ready, state) == 0)
		return 0;
	state->error = ENOMEM;
	return -1;
}

void transport_unwatch(struct transport_state *state)
{
	loop_watch_end(&state->watch);
}
