// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe's members at its beginning. */
#include "engine/prepare.h"

#include "base/clock.h"
#include "engine/transport/tls.h"

#include <assert.h>
#include <string.h>

/* A vector that begins TLS itself begins without it. */
static const struct transport *carrier_of(const struct probe_order *order)
{
	return order->security && !order->vector->starttls
		       ? &tls_transport
		       : order->vector->transport;
}

struct transport_target prepare_transport(
	struct probe *probe, const struct probe_order *order)
{
	struct transport_state *state = &probe->transport;
	struct transport_target target = {
		.to = &order->target,
		.from = &order->settings->bind,
	};

	probe->carrier = carrier_of(order);
	probe->security = order->security;
	if (order->security) {
		target.peer = order->security->peer;
		target.session = order->security->session;
	}
	state->mark = order->check + 1;
	state->error = state->code = 0;
	state->connected = state->readable = state->writable = false;
	state->drained = state->ended = false;
	return target;
}

static void set_deadlines(
	struct probe *probe, const struct config_settings *settings)
{
	uint64_t first = settings->timeout_ms;

	if (settings->connect_timeout_ms &&
		settings->connect_timeout_ms < first)
		first = settings->connect_timeout_ms;
	probe->ends_us =
		probe->began_us + (uint64_t)settings->timeout_ms * 1000;
	loop_timer_set(probe->host->loop, &probe->deadline,
		probe->began_us + first * 1000);
}

void prepare_probe(struct probe *probe, const struct probe_order *order)
{
	size_t state_size = order->vector->checker->state_size;

	assert(state_size <= sizeof(probe->state));
	probe->check = order->check;
	probe->vector = order->vector;
	probe->began_us = clock_us();
	probe->eof = probe->cut = false;
	probe->expired = probe->extended = probe->polite = false;
	probe->lost_us = loop_lost(probe->host->loop);
	probe->turns = 0;
	probe->why = NULL;
	probe->in_at = probe->in_len = 0;
	probe->out_len = 0;
	probe->repeat.left = 0;
	probe->linger_ms = order->settings->linger_ms;
	memset(probe->state, 0, state_size);
	set_deadlines(probe, order->settings);
}
