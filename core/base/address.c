// SPDX-License-Identifier: GPL-2.0-or-later
/* An IPv4 or IPv6 address with a port. */
#include "base/address.h"

#include "base/hash.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

int address_parse(struct address *address, const char *text)
{
	struct address parsed = {.family = AF_UNSPEC};

	if (inet_pton(AF_INET, text, &parsed.v4) == 1) {
		parsed.family = AF_INET;
	} else {
		memset(parsed.bytes, 0, sizeof(parsed.bytes));
		if (inet_pton(AF_INET6, text, &parsed.v6) != 1)
			return -1;
		parsed.family = AF_INET6;
	}
	*address = parsed;
	return 0;
}

bool address_is_link_local(const struct address *address)
{
	return address->family == AF_INET6 &&
	       IN6_IS_ADDR_LINKLOCAL(&address->v6);
}

#define SCOPES_MAX 64

static struct {
	uint32_t number;
	char name[ADDRESS_SCOPE_MAX];
} scopes[SCOPES_MAX];
static unsigned int scope_count;

static unsigned int scope_find(uint32_t number)
{
	unsigned int i = 0;

	while (i < scope_count && scopes[i].number != number)
		i++;
	return i;
}

void address_name_scope(uint32_t scope, const char *name)
{
	unsigned int i = scope_find(scope);

	if (i == SCOPES_MAX || strlen(name) >= sizeof(scopes[i].name))
		return;
	scopes[i].number = scope;
	strcpy(scopes[i].name, name);
	scope_count += i == scope_count;
}

static void add_scope(char *host, size_t size, uint32_t scope)
{
	unsigned int i = scope_find(scope);
	size_t len = strlen(host);

	if (i < scope_count)
		snprintf(host + len, size - len, "%%%s", scopes[i].name);
	else
		snprintf(host + len, size - len, "%%%u", scope);
}

char *address_format(const struct address *address, char *buf)
{
	char host[INET6_ADDRSTRLEN + ADDRESS_SCOPE_MAX];

	if (!inet_ntop(address->family, address->bytes, host, INET6_ADDRSTRLEN))
		strcpy(host, "?");
	if (address->scope)
		add_scope(host, sizeof(host), address->scope);
	if (!address->port)
		snprintf(buf, ADDRESS_TEXT_MAX, "%s", host);
	else if (address->family == AF_INET6)
		snprintf(buf, ADDRESS_TEXT_MAX, "[%s]:%u", host, address->port);
	else
		snprintf(buf, ADDRESS_TEXT_MAX, "%s:%u", host, address->port);
	return buf;
}

socklen_t address_sockaddr(
	const struct address *address, struct sockaddr_storage *to)
{
	memset(to, 0, sizeof(*to));
	if (address->family == AF_INET) {
		struct sockaddr_in *in = (struct sockaddr_in *)to;

		in->sin_family = AF_INET;
		in->sin_port = htons(address->port);
		in->sin_addr = address->v4;
		return sizeof(*in);
	}
	if (address->family == AF_INET6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(address->port);
		in6->sin6_addr = address->v6;
		in6->sin6_scope_id = address->scope;
		return sizeof(*in6);
	}
	return 0;
}

int address_compare(const struct address *a, const struct address *b)
{
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(a->bytes, b->bytes, address_size(a));
	if (order)
		return order;
	return (a->port > b->port) - (a->port < b->port);
}

size_t address_size(const struct address *address)
{
	if (address->family == AF_INET)
		return 4;
	return address->family == AF_INET6 ? 16 : 0;
}

uint64_t address_hash(uint64_t key, const struct address *address)
{
	key = hash_bytes(key, &address->family, sizeof(address->family));
	key = hash_bytes(key, address->bytes, address_size(address));
	return hash_bytes(key, &address->port, sizeof(address->port));
}
