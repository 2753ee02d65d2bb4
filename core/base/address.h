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
	uint32_t scope; /* of a link-local IPv6 address: the number of the
			   interface; 0 = none */
};

/* Space for "[" IPv6 "%" scope "]:" port and the terminating 0. */
#define ADDRESS_SCOPE_MAX 16 /* IF_NAMESIZE of net/if.h */
#define ADDRESS_TEXT_MAX (INET6_ADDRSTRLEN + ADDRESS_SCOPE_MAX + 10)

/* Reads a numeric address without a scope or port ("10.0.0.1", "2001:db8::1")
 * and sets the port to 0. Returns 0, or -1 if text is no such address. */
int address_parse(struct address *address, const char *text);

/* Returns whether an address is in fe80::/10, so that it needs a scope. */
bool address_is_link_local(const struct address *address);

/* Keeps the name of a scope for address_format. If there are too many names, a
 * scope is written as a number. */
void address_name_scope(uint32_t scope, const char *name);

/* Writes "10.0.0.1:80" or "[2001:db8::1]:80". If the port is 0, writes
 * "10.0.0.1" or "2001:db8::1". A scope follows the address: "fe80::1%eth0".
 * Makes no system call. Returns buf, which must hold ADDRESS_TEXT_MAX
 * bytes. */
char *address_format(const struct address *address, char *buf);

/* Fills to. Returns its length, or 0 for an address without a family. */
socklen_t address_sockaddr(
	const struct address *address, struct sockaddr_storage *to);

/* Orders addresses by family, bytes and port. Returns <0, 0 or >0. The scope is
 * left out, because the kernel's table has no scopes. */
int address_compare(const struct address *a, const struct address *b);

/* Returns the size of the address without its port: 4, 16 or 0 bytes. */
size_t address_size(const struct address *address);

/* Returns the hash of address and port after key (base/hash.h). Addresses that
 * are equal by address_compare have equal hashes. */
uint64_t address_hash(uint64_t key, const struct address *address);

#endif
