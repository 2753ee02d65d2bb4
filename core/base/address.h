/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An IPv4 or IPv6 address with a port. */
#ifndef LVSMON_BASE_ADDRESS_H
#define LVSMON_BASE_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct address {
	uint16_t family; /* AF_INET, AF_INET6; AF_UNSPEC (0) = none */
	uint16_t port;   /* host byte order; 0 = none */
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16]; /* network byte order; IPv4 uses 4, rest 0 */
	};
};

/* Space for "[" IPv6 "]:" port and the terminating 0. */
#define ADDRESS_TEXT_MAX (INET6_ADDRSTRLEN + 9)

/* Reads a numeric address without a port ("10.0.0.1", "2001:db8::1") and sets
 * the port to 0. Returns 0, or -1 if text is no such address. */
int address_parse(struct address *address, const char *text);

/* Writes "10.0.0.1:80" or "[2001:db8::1]:80". If the port is 0, writes
 * "10.0.0.1" or "2001:db8::1". Returns buf, which must hold ADDRESS_TEXT_MAX
 * bytes. */
char *address_format(const struct address *address, char *buf);

/* Fills to. Returns its length, or 0 for an address without a family. */
socklen_t address_sockaddr(
	const struct address *address, struct sockaddr_storage *to);

/* Orders addresses by family, bytes and port. Returns <0, 0 or >0. */
int address_compare(const struct address *a, const struct address *b);

/* Returns the size of the address without its port: 4, 16 or 0 bytes. */
size_t address_size(const struct address *address);

/* Returns the hash of address and port after key (base/hash.h). Equal addresses
 * have equal hashes. */
uint64_t address_hash(uint64_t key, const struct address *address);

#endif
