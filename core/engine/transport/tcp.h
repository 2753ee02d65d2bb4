/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transport TCP, and the functions that it shares with transports on top
 * of TCP. */
#ifndef LVSMON_ENGINE_TRANSPORT_TCP_H
#define LVSMON_ENGINE_TRANSPORT_TCP_H

#include "engine/transport/transport.h"

extern const struct transport tcp_transport;

/*
 * Opens a socket, binds it if target->from has a family, and starts to
 * connect. quiet: the last ACK of the handshake is delayed, so that the peer's
 * application does not see the connection. Returns 0. On failure returns -1,
 * sets state->error and leaves no socket.
 */
int tcp_open(struct transport_state *state,
	const struct transport_target *target, bool quiet);

/*
 * Finds out how the connection ended after the watch has reported it. A
 * connection that failed is readable as well, so a socket that is only
 * writable is connected. Returns DONE, WANT_ROOM or FAILED.
 */
enum transport_answer tcp_proceed(struct transport_state *state);

/*
 * Returns the reason for state->error, or NULL if the error is a shortage on
 * this machine. EPERM and EACCES are reasons: a rule of this machine forbids
 * the connection on purpose and permanently.
 */
const char *tcp_why(const struct transport_state *state);

/* Closes the socket; resets the connection, so that no TIME_WAIT remains. */
void tcp_end(struct transport_state *state);

/* The same without a reset if the peer has closed before, otherwise with a FIN
 * before the reset. */
void tcp_part(struct transport_state *state);

#endif
