// SPDX-License-Identifier: GPL-2.0-or-later
/* The transport CONNECT. */
#include "engine/transport/handshake.h"

#include "engine/transport/tcp.h"

#include <sys/socket.h>

static enum transport_answer connect_begin(
	struct transport_state *state, const struct transport_target *target)
{
	return tcp_open(state, target, true) < 0 ? TRANSPORT_FAILED
						 : TRANSPORT_DONE;
}

static bool is_connected(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	return getpeername(fd, (struct sockaddr *)&peer, &len) == 0;
}

/* A near peer, or one that was reached early in a long turn, has answered by
 * the end of the turn. Asking costs one system call; a watch would cost two
 * more. */
static enum transport_answer connect_proceed(struct transport_state *state)
{
	if (state->watch.on)
		return tcp_proceed(state);
	if (is_connected(state->fd)) {
		state->connected = true;
		return TRANSPORT_DONE;
	}
	return transport_watch(state) < 0 ? TRANSPORT_FAILED
					  : TRANSPORT_WANT_ROOM;
}

const struct transport handshake_transport = {
	.begin = connect_begin,
	.proceed = connect_proceed,
	.why = tcp_why,
	.end = tcp_end,
};
