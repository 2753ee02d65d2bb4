// SPDX-License-Identifier: GPL-2.0-or-later
/* IPVS answers from bytes. libnl checks lengths and types against the policies
 * below before an attribute is read. */
#include "ipvs/message.h"

#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <netlink/genl/genl.h>
#include <string.h>

#define WHOLE_U16                                                              \
	{                                                                      \
		.type = NLA_U16                                                \
	}
#define WHOLE_U32                                                              \
	{                                                                      \
		.type = NLA_U32                                                \
	}
#define BYTES(n)                                                               \
	{                                                                      \
		.type = NLA_UNSPEC, .minlen = (n), .maxlen = (n)               \
	}

static struct nla_policy command_policy[IPVS_CMD_ATTR_MAX + 1] = {
	[IPVS_CMD_ATTR_SERVICE] = {.type = NLA_NESTED},
	[IPVS_CMD_ATTR_DEST] = {.type = NLA_NESTED},
};

static struct nla_policy info_policy[IPVS_INFO_ATTR_MAX + 1] = {
	[IPVS_INFO_ATTR_VERSION] = WHOLE_U32,
	[IPVS_INFO_ATTR_CONN_TAB_SIZE] = WHOLE_U32,
};

static struct nla_policy service_policy[IPVS_SVC_ATTR_MAX + 1] = {
	[IPVS_SVC_ATTR_AF] = WHOLE_U16,
	[IPVS_SVC_ATTR_PROTOCOL] = WHOLE_U16,
	[IPVS_SVC_ATTR_ADDR] = BYTES(16),
	[IPVS_SVC_ATTR_PORT] = WHOLE_U16,
	[IPVS_SVC_ATTR_FWMARK] = WHOLE_U32,
	[IPVS_SVC_ATTR_SCHED_NAME] = {.type = NLA_STRING,
		.maxlen = IPVS_SCHEDULER_MAX},
	[IPVS_SVC_ATTR_FLAGS] = BYTES(sizeof(struct ip_vs_flags)),
	[IPVS_SVC_ATTR_TIMEOUT] = WHOLE_U32,
	[IPVS_SVC_ATTR_NETMASK] = WHOLE_U32,
};

static struct nla_policy real_policy[IPVS_DEST_ATTR_MAX + 1] = {
	[IPVS_DEST_ATTR_ADDR] = BYTES(16),
	[IPVS_DEST_ATTR_PORT] = WHOLE_U16,
	[IPVS_DEST_ATTR_FWD_METHOD] = WHOLE_U32,
	[IPVS_DEST_ATTR_WEIGHT] = WHOLE_U32,
	[IPVS_DEST_ATTR_U_THRESH] = WHOLE_U32,
	[IPVS_DEST_ATTR_L_THRESH] = WHOLE_U32,
	[IPVS_DEST_ATTR_ACTIVE_CONNS] = WHOLE_U32,
	[IPVS_DEST_ATTR_INACT_CONNS] = WHOLE_U32,
	[IPVS_DEST_ATTR_STATS] = {.type = NLA_NESTED},
	[IPVS_DEST_ATTR_ADDR_FAMILY] = WHOLE_U16,
	[IPVS_DEST_ATTR_STATS64] = {.type = NLA_NESTED},
};

/* Reads the attributes of a message. Returns 0 or -1. */
static int parse_message(const struct nlmsghdr *message, struct nlattr **tb,
	int max, struct nla_policy *policy)
{
	/* libnl does not write to the message, but takes no const pointer. */
	struct nlmsghdr *in = (struct nlmsghdr *)(uintptr_t)message;

	if (message->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return -1;
	return genlmsg_parse(in, 0, tb, max, policy) < 0 ? -1 : 0;
}

/* Reads the attributes of a nested part of a message. Returns 0 or -1. */
static int parse_part(const struct nlmsghdr *message, int part,
	struct nlattr **tb, int max, struct nla_policy *policy)
{
	struct nlattr *parts[IPVS_CMD_ATTR_MAX + 1];

	if (parse_message(message, parts, IPVS_CMD_ATTR_MAX, command_policy) <
			0 ||
		!parts[part])
		return -1;
	return nla_parse_nested(tb, max, parts[part], policy) < 0 ? -1 : 0;
}

int ipvs_get_info(const struct nlmsghdr *message, struct ipvs_info *out)
{
	struct nlattr *tb[IPVS_INFO_ATTR_MAX + 1];

	if (parse_message(message, tb, IPVS_INFO_ATTR_MAX, info_policy) < 0 ||
		!tb[IPVS_INFO_ATTR_VERSION] ||
		!tb[IPVS_INFO_ATTR_CONN_TAB_SIZE])
		return -1;
	out->version = nla_get_u32(tb[IPVS_INFO_ATTR_VERSION]);
	out->conn_size = nla_get_u32(tb[IPVS_INFO_ATTR_CONN_TAB_SIZE]);
	return 0;
}

static int get_address(struct address *address, uint16_t family,
	const struct nlattr *bytes, const struct nlattr *port)
{
	if (!bytes || !port || (family != AF_INET && family != AF_INET6))
		return -1;
	memset(address, 0, sizeof(*address));
	address->family = family;
	memcpy(address->bytes, nla_data(bytes), address_size(address));
	address->port = ntohs(nla_get_u16(port));
	return 0;
}

static int get_service_key(struct nlattr **tb, struct ipvs_service *out)
{
	out->family = nla_get_u16(tb[IPVS_SVC_ATTR_AF]);
	if (out->family != AF_INET && out->family != AF_INET6)
		return -1;
	if (tb[IPVS_SVC_ATTR_FWMARK])
		out->fwmark = nla_get_u32(tb[IPVS_SVC_ATTR_FWMARK]);
	if (out->fwmark)
		return 0;
	if (!tb[IPVS_SVC_ATTR_PROTOCOL])
		return -1;
	out->protocol = nla_get_u16(tb[IPVS_SVC_ATTR_PROTOCOL]);
	return get_address(&out->address, out->family, tb[IPVS_SVC_ATTR_ADDR],
		tb[IPVS_SVC_ATTR_PORT]);
}

static uint8_t prefix_of(uint16_t family, uint32_t netmask)
{
	uint32_t clients = ~ntohl(netmask);

	if (family == AF_INET6)
		return netmask > 128 ? IPVS_PREFIX_NONE : (uint8_t)netmask;
	if (clients & (clients + 1))
		return IPVS_PREFIX_NONE;
	return (uint8_t)(32 - __builtin_popcount(clients));
}

int ipvs_get_service(const struct nlmsghdr *message, struct ipvs_service *out)
{
	struct nlattr *tb[IPVS_SVC_ATTR_MAX + 1];
	struct ip_vs_flags flags;

	if (parse_part(message, IPVS_CMD_ATTR_SERVICE, tb, IPVS_SVC_ATTR_MAX,
		    service_policy) < 0)
		return -1;
	if (!tb[IPVS_SVC_ATTR_AF] || !tb[IPVS_SVC_ATTR_SCHED_NAME] ||
		!tb[IPVS_SVC_ATTR_FLAGS] || !tb[IPVS_SVC_ATTR_TIMEOUT] ||
		!tb[IPVS_SVC_ATTR_NETMASK])
		return -1;
	memset(out, 0, sizeof(*out));
	if (get_service_key(tb, out) < 0)
		return -1;
	nla_strlcpy(out->scheduler, tb[IPVS_SVC_ATTR_SCHED_NAME],
		sizeof(out->scheduler));
	memcpy(&flags, nla_data(tb[IPVS_SVC_ATTR_FLAGS]), sizeof(flags));
	out->flags = flags.flags;
	out->timeout_s = nla_get_u32(tb[IPVS_SVC_ATTR_TIMEOUT]);
	out->prefix =
		prefix_of(out->family, nla_get_u32(tb[IPVS_SVC_ATTR_NETMASK]));
	return 0;
}

/* A counter has 4 or 8 bytes, as the kernel has it. A missing one is 0. */
static uint64_t get_counter(const struct nlattr *attribute)
{
	uint64_t wide = 0;
	uint32_t narrow = 0;

	if (!attribute)
		return 0;
	if (nla_len(attribute) == sizeof(wide)) {
		memcpy(&wide, nla_data(attribute), sizeof(wide));
		return wide;
	}
	if (nla_len(attribute) == sizeof(narrow))
		memcpy(&narrow, nla_data(attribute), sizeof(narrow));
	return narrow;
}

static int get_stats(struct nlattr *nest, struct ipvs_stats *out)
{
	struct nlattr *tb[IPVS_STATS_ATTR_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(tb, IPVS_STATS_ATTR_MAX, nest, NULL) < 0)
		return -1;
	out->connections = get_counter(tb[IPVS_STATS_ATTR_CONNS]);
	out->packets_in = get_counter(tb[IPVS_STATS_ATTR_INPKTS]);
	out->packets_out = get_counter(tb[IPVS_STATS_ATTR_OUTPKTS]);
	out->bytes_in = get_counter(tb[IPVS_STATS_ATTR_INBYTES]);
	out->bytes_out = get_counter(tb[IPVS_STATS_ATTR_OUTBYTES]);
	return 0;
}

static uint32_t get_u32(const struct nlattr *attribute)
{
	return attribute ? nla_get_u32(attribute) : 0;
}

int ipvs_get_real(const struct nlmsghdr *message,
	const struct ipvs_service *service, struct ipvs_real *out)
{
	struct nlattr *tb[IPVS_DEST_ATTR_MAX + 1];
	uint16_t family = service->family;

	if (parse_part(message, IPVS_CMD_ATTR_DEST, tb, IPVS_DEST_ATTR_MAX,
		    real_policy) < 0)
		return -1;
	if (!tb[IPVS_DEST_ATTR_FWD_METHOD] || !tb[IPVS_DEST_ATTR_WEIGHT] ||
		nla_get_u32(tb[IPVS_DEST_ATTR_WEIGHT]) > INT32_MAX)
		return -1;
	memset(out, 0, sizeof(*out));
	if (tb[IPVS_DEST_ATTR_ADDR_FAMILY])
		family = nla_get_u16(tb[IPVS_DEST_ATTR_ADDR_FAMILY]);
	if (get_address(&out->address, family, tb[IPVS_DEST_ATTR_ADDR],
		    tb[IPVS_DEST_ATTR_PORT]) < 0)
		return -1;
	out->forward = (uint8_t)(nla_get_u32(tb[IPVS_DEST_ATTR_FWD_METHOD]) &
				 IP_VS_CONN_F_FWD_MASK);
	out->weight = nla_get_u32(tb[IPVS_DEST_ATTR_WEIGHT]);
	out->upper = get_u32(tb[IPVS_DEST_ATTR_U_THRESH]);
	out->lower = get_u32(tb[IPVS_DEST_ATTR_L_THRESH]);
	out->active = get_u32(tb[IPVS_DEST_ATTR_ACTIVE_CONNS]);
	out->inactive = get_u32(tb[IPVS_DEST_ATTR_INACT_CONNS]);
	return get_stats(tb[IPVS_DEST_ATTR_STATS64] ? tb[IPVS_DEST_ATTR_STATS64]
						    : tb[IPVS_DEST_ATTR_STATS],
		&out->stats);
}
