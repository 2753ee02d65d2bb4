/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets of probes over TCP, and their errors as reasons. */
#ifndef LVSMON_ENGINE_TRANSPORT_TCP_H
#define LVSMON_ENGINE_TRANSPORT_TCP_H

#include "base/address.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Begins a connection; from may have no family. quiet: the last ACK of the
 * handshake is held back, so that the peer sees no connection. Returns the
 * descriptor, or a negative errno. When it is writable it is connected, or
 * has failed: then it is readable as well.
 */
int tcp_connect(
	const struct address *to, const struct address *from, bool quiet);

/* Whether it is connected by now: if not it may still be, or have failed. */
bool tcp_is_connected(int fd);

/* How a connection ended: 0 or an errno, told once. */
int tcp_error(int fd);

/* As send(2) and recv(2), size not 0; a negative errno where they fail,
 * -EAGAIN where they have to wait. */
ssize_t tcp_send(int fd, const void *data, size_t len);
ssize_t tcp_receive(int fd, void *data, size_t size);

/* With a reset where it was connected: no TIME_WAIT is left. */
void tcp_close(int fd, bool connected);

/*
 * Whether an errno says that something is short here, which is no evidence
 * against a peer. EPERM and EACCES are none of these: a rule of this machine
 * that forbids the connection is there on purpose and will stay, and nothing
 * is served through it.
 */
bool tcp_is_local(int error);

/* "connection refused"; constant. */
const char *tcp_why(int error);

#endif
