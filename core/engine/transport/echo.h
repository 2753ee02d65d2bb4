/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Echo requests and replies as bytes: RFC 792, and RFC 4443, section 4. */
#ifndef LVSMON_ENGINE_TRANSPORT_ECHO_H
#define LVSMON_ENGINE_TRANSPORT_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes before the data: the ICMP header of 8 bytes and the cookie. */
#define ECHO_HEAD 16
/* Upper limit of the data of a request, in bytes. */
#define ECHO_DATA_MAX 9000

struct echo {
	uint16_t sequence;
	uint64_t cookie; /* proves that a reply belongs to its request */
	const void *data;
	size_t len;
};

/*
 * Writes a request to packet, which must hold ECHO_HEAD + echo->len bytes.
 * family is AF_INET or AF_INET6. Identifier and checksum are 0: the kernel sets
 * both for a socket of SOCK_DGRAM (icmp(7)). Returns the length.
 */
size_t echo_write(int family, const struct echo *echo, void *packet);

/*
 * Reads a reply, as such a socket receives it, whose identifier and checksum
 * the kernel has judged. Returns false if the packet is no reply or has no
 * cookie. echo->data points into packet.
 */
bool echo_read(int family, const void *packet, size_t len, struct echo *echo);

#endif
