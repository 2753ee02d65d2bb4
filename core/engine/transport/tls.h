/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transport TLS: TCP, and the module of TLS on top of it. */
#ifndef LVSMON_ENGINE_TRANSPORT_TLS_H
#define LVSMON_ENGINE_TRANSPORT_TLS_H

#include "engine/transport/tls_module.h"

/* The most handshakes that go on in one turn of the loop. Each costs up to
 * about a millisecond; further ones wait for the next turn. */
#define TLS_HANDSHAKES_PER_TURN 8

extern const struct transport tls_transport;

/* Begins TLS on a connection of the transport TCP. The transport TLS continues
 * with proceed. */
void tls_upgrade(struct transport_state *state, const struct tls_peer *peer,
	uint32_t session);

/* The functions that the module calls. */
extern const struct tls_below tls_below;

/* Uses a module, which was opened, from now on. */
void tls_use(const struct tls_module *module);

#endif
