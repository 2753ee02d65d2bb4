// SPDX-License-Identifier: GPL-2.0-or-later
/* Echo requests and replies as bytes. */
#include "engine/transport/echo.h"

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

/* Both families have the same header (RFC 792; RFC 4443, section 4.1). */
struct echo_header {
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
	uint16_t identifier;
	uint16_t sequence;
	uint64_t cookie; /* in the order of this machine */
};

_Static_assert(sizeof(struct echo_header) == ECHO_HEAD, "no padding");

size_t echo_write(int family, const struct echo *echo, void *packet)
{
	const struct echo_header header = {
		.type = family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST,
		.sequence = htons(echo->sequence),
		.cookie = echo->cookie,
	};

	memcpy(packet, &header, sizeof(header));
	if (echo->len)
		memcpy((char *)packet + sizeof(header), echo->data, echo->len);
	return sizeof(header) + echo->len;
}

bool echo_read(int family, const void *packet, size_t len, struct echo *echo)
{
	struct echo_header header;

	if (len < sizeof(header))
		return false;
	memcpy(&header, packet, sizeof(header));
	if (header.type != (family == AF_INET ? ICMP_ECHOREPLY
					      : ICMP6_ECHO_REPLY) ||
		header.code != 0)
		return false;
	*echo = (struct echo){
		.sequence = ntohs(header.sequence),
		.cookie = header.cookie,
		.data = (const char *)packet + sizeof(header),
		.len = len - sizeof(header),
	};
	return true;
}
