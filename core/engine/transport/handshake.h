/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transport of CHECKER_CONNECT: the TCP handshake alone, unseen by the
 * peer's application. It carries no bytes. */
#ifndef LVSMON_ENGINE_TRANSPORT_HANDSHAKE_H
#define LVSMON_ENGINE_TRANSPORT_HANDSHAKE_H

#include "engine/transport/transport.h"

extern const struct transport handshake_transport;

#endif
