/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time after a verdict, in which a connection waits for the end of its
 * peer. A reset right behind an answer surprises the peer: it may still send,
 * or read the goodbye, and it logs an error.
 *
 * The side that sends the first FIN keeps TIME_WAIT, and with it a local port,
 * for a minute. At 9,000 probes a second that would be half a million ports.
 * Therefore the peer has to be first, and three ends are possible:
 *
 *   - The peer closes in time. The close that follows sends the second FIN, and
 *     TIME_WAIT is the peer's, as in any exchange that a server ends.
 *   - The peer does not close, or sends too much. The kernel sends a FIN, and a
 *     reset when the FIN is acknowledged, be it by the FIN of the peer. A peer
 *     that reads sees the end of its input, because Linux reports an end that
 *     came before an error. TIME_WAIT is on neither side. If input is left, the
 *     kernel sends the reset alone.
 *   - The connection fails. Nothing is left to be closed.
 *
 * A FIN at the beginning of the wait would make an idle peer close sooner. But
 * that leaves TIME_WAIT here, and some servers take a half-closed client for
 * one that has gone: they break off the answer, and log it.
 */
#ifndef LVSMON_ENGINE_LINGER_H
#define LVSMON_ENGINE_LINGER_H

#include "engine/transport/transport.h"

/* Bytes that are received and thrown away. */
#define LINGER_INPUT_MAX 65536

enum linger_answer {
	LINGER_WAIT, /* the transport calls ready when it is worthwhile to drain
			again */
	LINGER_MORE, /* input is left for the next turn of the loop */
	LINGER_OVER, /* the peer has closed, has failed, or sent too much */
};

/* Returns whether a peer is there that has not closed, on a transport that has
 * an end to wait for. */
bool linger_suits(
	const struct transport *transport, const struct transport_state *state);

/* Returns whether input may be there that no event will announce. */
bool linger_has_input(const struct transport_state *state);

/* Receives and throws away. buf has size bytes. Takes the bytes from *left. */
enum linger_answer linger_drain(const struct transport *transport,
	struct transport_state *state, char *buf, size_t size, size_t *left);

/* Ends the connection. */
void linger_end(
	const struct transport *transport, struct transport_state *state);

#endif
