// SPDX-License-Identifier: GPL-2.0-or-later
/* IPVS requests as bytes. */
#include "ipvs/message.h"

#include <arpa/inet.h>
#include <assert.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <string.h>

/* A message that grows. It is full once something did not fit. */
struct put {
	char *buf;
	size_t size, len;
	bool full;
};

/* Reserves size bytes, rounded up to a multiple of 4 and zeroed. Returns NULL
 * if they do not fit. */
static void *put_room(struct put *put, size_t size)
{
	size_t aligned = NLMSG_ALIGN(size);
	char *at = put->buf + put->len;

	assert(put->len <= put->size);
	if (put->full || put->size - put->len < aligned) {
		put->full = true;
		return NULL;
	}
	memset(at, 0, aligned);
	put->len += aligned;
	return at;
}

static void put_attribute(
	struct put *put, uint16_t type, const void *data, size_t size)
{
	struct nlattr *attribute = put_room(put, sizeof(struct nlattr) + size);

	if (!attribute)
		return;
	attribute->nla_type = type;
	attribute->nla_len = (uint16_t)(sizeof(struct nlattr) + size);
	memcpy((char *)attribute + sizeof(struct nlattr), data, size);
}

static void put_u16(struct put *put, uint16_t type, uint16_t value)
{
	put_attribute(put, type, &value, sizeof(value));
}

static void put_u32(struct put *put, uint16_t type, uint32_t value)
{
	put_attribute(put, type, &value, sizeof(value));
}

static struct nlattr *put_nest(struct put *put, uint16_t type)
{
	struct nlattr *attribute = put_room(put, sizeof(struct nlattr));

	if (attribute)
		attribute->nla_type = type | NLA_F_NESTED;
	return attribute;
}

static void put_nest_end(struct put *put, struct nlattr *attribute)
{
	if (attribute)
		attribute->nla_len =
			(uint16_t)(put->buf + put->len - (char *)attribute);
}

static struct put put_begin(void *buf, size_t size, uint16_t type,
	uint8_t command, uint16_t flags, uint32_t seq)
{
	struct put put = {.buf = buf, .size = size};
	struct nlmsghdr *head = put_room(&put, NLMSG_HDRLEN);
	struct genlmsghdr *generic = put_room(&put, GENL_HDRLEN);

	if (!generic)
		return put;
	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | flags;
	head->nlmsg_seq = seq;
	generic->cmd = command;
	generic->version = IPVS_GENL_VERSION;
	return put;
}

static size_t put_end(struct put *put)
{
	struct nlmsghdr *head = (struct nlmsghdr *)put->buf;

	if (put->full)
		return 0;
	head->nlmsg_len = (uint32_t)put->len;
	return put->len;
}

/* The attribute has an IPv4 mask in network order, or an IPv6 prefix length.
 * The kernel requires a prefix length from 1 to 128 even without persistence.
 */
static uint32_t netmask_of(const struct ipvs_service *service)
{
	if (service->family == AF_INET6)
		return service->prefix ? service->prefix : 128;
	if (service->prefix == 0)
		return 0;
	if (service->prefix >= 32)
		return UINT32_MAX;
	return htonl(UINT32_MAX << (32 - service->prefix));
}

static void put_service_key(struct put *put, const struct ipvs_service *service)
{
	put_u16(put, IPVS_SVC_ATTR_AF, service->family);
	if (service->fwmark) {
		put_u32(put, IPVS_SVC_ATTR_FWMARK, service->fwmark);
		return;
	}
	put_u16(put, IPVS_SVC_ATTR_PROTOCOL, service->protocol);
	put_attribute(put, IPVS_SVC_ATTR_ADDR, service->address.bytes,
		sizeof(service->address.bytes));
	put_u16(put, IPVS_SVC_ATTR_PORT, htons(service->address.port));
}

static void put_service_nest(
	struct put *put, const struct ipvs_service *service, bool whole)
{
	struct ip_vs_flags flags = {.flags = service->flags, .mask = ~0U};
	struct nlattr *nest = put_nest(put, IPVS_CMD_ATTR_SERVICE);

	put_service_key(put, service);
	if (whole) {
		put_attribute(put, IPVS_SVC_ATTR_SCHED_NAME, service->scheduler,
			strlen(service->scheduler) + 1);
		put_attribute(put, IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
		put_u32(put, IPVS_SVC_ATTR_TIMEOUT, service->timeout_s);
		put_u32(put, IPVS_SVC_ATTR_NETMASK, netmask_of(service));
	}
	put_nest_end(put, nest);
}

static void put_real_nest(
	struct put *put, const struct ipvs_real *real, bool whole)
{
	struct nlattr *nest = put_nest(put, IPVS_CMD_ATTR_DEST);

	put_u16(put, IPVS_DEST_ATTR_ADDR_FAMILY, real->address.family);
	put_attribute(put, IPVS_DEST_ATTR_ADDR, real->address.bytes,
		sizeof(real->address.bytes));
	put_u16(put, IPVS_DEST_ATTR_PORT, htons(real->address.port));
	if (whole) {
		put_u32(put, IPVS_DEST_ATTR_FWD_METHOD, real->forward);
		put_u32(put, IPVS_DEST_ATTR_WEIGHT, real->weight);
		put_u32(put, IPVS_DEST_ATTR_U_THRESH, real->upper);
		put_u32(put, IPVS_DEST_ATTR_L_THRESH, real->lower);
	}
	put_nest_end(put, nest);
}

static const uint8_t commands[] = {
	[IPVS_NEW_SERVICE] = IPVS_CMD_NEW_SERVICE,
	[IPVS_SET_SERVICE] = IPVS_CMD_SET_SERVICE,
	[IPVS_DEL_SERVICE] = IPVS_CMD_DEL_SERVICE,
	[IPVS_NEW_REAL] = IPVS_CMD_NEW_DEST,
	[IPVS_SET_REAL] = IPVS_CMD_SET_DEST,
	[IPVS_DEL_REAL] = IPVS_CMD_DEL_DEST,
};

size_t ipvs_put_op(void *buf, size_t size, uint16_t type, uint32_t seq,
	const struct ipvs_op *op)
{
	struct put put =
		put_begin(buf, size, type, commands[op->verb], NLM_F_ACK, seq);

	put_service_nest(&put, &op->service,
		op->verb == IPVS_NEW_SERVICE || op->verb == IPVS_SET_SERVICE);
	if (!ipvs_is_of_service(op))
		put_real_nest(&put, &op->real, op->verb != IPVS_DEL_REAL);
	return put_end(&put);
}

size_t ipvs_put_get_info(void *buf, size_t size, uint16_t type, uint32_t seq)
{
	struct put put =
		put_begin(buf, size, type, IPVS_CMD_GET_INFO, NLM_F_ACK, seq);

	return put_end(&put);
}

size_t ipvs_put_dump_services(
	void *buf, size_t size, uint16_t type, uint32_t seq)
{
	struct put put = put_begin(
		buf, size, type, IPVS_CMD_GET_SERVICE, NLM_F_DUMP, seq);

	return put_end(&put);
}

size_t ipvs_put_dump_reals(void *buf, size_t size, uint16_t type, uint32_t seq,
	const struct ipvs_service *service)
{
	struct put put =
		put_begin(buf, size, type, IPVS_CMD_GET_DEST, NLM_F_DUMP, seq);

	put_service_nest(&put, service, false);
	return put_end(&put);
}
