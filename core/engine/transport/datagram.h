/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transport UDP: a connected socket, so that the kernel drops datagrams of
 * other addresses and reports ICMP errors about this one. */
#ifndef LVSMON_ENGINE_TRANSPORT_DATAGRAM_H
#define LVSMON_ENGINE_TRANSPORT_DATAGRAM_H

#include "engine/transport/transport.h"

extern const struct transport datagram_transport;

/* Returns the reason for state->error of a datagram, or NULL if the error is
 * no evidence against the peer. */
const char *datagram_why(const struct transport_state *state);

#endif
