/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transport UDP: a connected socket, so that the kernel drops datagrams of
 * other addresses and reports ICMP errors about this one. */
#ifndef LVSMON_ENGINE_TRANSPORT_DATAGRAM_H
#define LVSMON_ENGINE_TRANSPORT_DATAGRAM_H

#include "engine/transport/transport.h"

extern const struct transport datagram_transport;

#endif
