/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transport ICMP: echo requests of all probes through one socket for each
 * family and source address. The kernel gives such a socket an identifier, sets
 * and judges checksums, and passes on nothing but replies with that identifier.
 * It needs no capability, but a group in net.ipv4.ping_group_range (icmp(7)).
 *
 * A process has one set of sockets. Order of the calls: icmp_open for each
 * target, icmp_start, probes, icmp_close.
 */
#ifndef LVSMON_ENGINE_TRANSPORT_ICMP_H
#define LVSMON_ENGINE_TRANSPORT_ICMP_H

#include "base/arena.h"
#include "engine/transport/transport.h"

/* Upper limit of the sockets. */
#define ICMP_SOCKETS_MAX 16

extern const struct transport icmp_transport;

/*
 * Opens the socket for a target, unless it is open. An address to bind to that
 * this machine does not have yet is bound to by the probes. Returns 0. On
 * failure returns -1 and sets errno: EACCES if the group of the process may not
 * open the socket, ENOSPC if there are ICMP_SOCKETS_MAX sockets.
 */
int icmp_open(const struct transport_target *target);

/* Watches the open sockets, if any, and takes memory from arena for `probes`
 * probes at once. Returns 0, or -1 if the loop fails. */
int icmp_start(struct loop *loop, struct arena *arena, uint32_t probes);

/* Closes all sockets. No probe may be in flight. */
void icmp_close(void);

#endif
