// SPDX-License-Identifier: GPL-2.0-or-later
/* Datagrams get lost, so a probe sends its last one again. */
#include "engine/repeat.h"

#include "base/clock.h"

/* A datagram that has no answer is sent again so often. */
#define REPEATS 2

/* Sets the timer to the next repetition or, if none is left, to the deadline.
 */
static void repeat_wait(struct probe *probe)
{
	uint64_t next = probe->ends_us;

	if (probe->repeats)
		next = clock_us() + probe->repeat_us;
	loop_timer_set(probe->host->loop, &probe->deadline, next);
}

/* The repetitions divide the time that is left. */
void repeat_begin(struct probe *probe)
{
	uint64_t now = clock_us();
	uint64_t left = now < probe->ends_us ? probe->ends_us - now : 0;

	probe->datagram = probe->out;
	probe->datagram_len = probe->out_len;
	probe->repeats = REPEATS;
	probe->repeat_us = left / (REPEATS + 1);
	repeat_wait(probe);
}

/* A shortage on this machine only costs this repetition. */
bool repeat_send(struct probe *probe)
{
	const struct transport *transport = probe->vector->transport;
	struct transport_state *state = &probe->transport;

	if (!probe->repeats)
		return false;
	probe->repeats--;
	if (transport->send(state, probe->datagram, probe->datagram_len) ==
			TRANSPORT_FAILED &&
		transport->why(state)) {
		probe->cut = true;
		probe->repeats = 0;
		loop_post(probe->host->loop, &probe->again);
	}
	repeat_wait(probe);
	return true;
}
