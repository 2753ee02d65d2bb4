/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPVS over generic netlink as bytes: requests are built into and answers read
 * from buffers of the caller's; no socket, no allocation.
 * Source: linux/ip_vs.h (IPVS_GENL_NAME, version 1), Linux 2.6.28 and later.
 */
#ifndef LVSMON_IPVS_MESSAGE_H
#define LVSMON_IPVS_MESSAGE_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

#define IPVS_SCHEDULER_MAX 16 /* IP_VS_SCHEDNAME_MAXLEN, the 0 included */

#define IPVS_PREFIX_NONE UINT8_MAX

struct ipvs_service {
	struct address address; /* no family where fwmark is not 0 */
	uint32_t fwmark;
	uint16_t family;   /* AF_INET, AF_INET6 */
	uint16_t protocol; /* IPPROTO_*; 0 with fwmark */
	char scheduler[IPVS_SCHEDULER_MAX];
	uint32_t flags;     /* IP_VS_SVC_F_PERSISTENT, _ONEPACKET, _SCHED1..3 */
	uint32_t timeout_s; /* of persistence */
	uint8_t prefix;     /* of persistence: 32 or 128 is each client; in
			       answers IPVS_PREFIX_NONE for a mask with holes */
};

struct ipvs_stats { /* 64 bits where the kernel has them (4.1), else 32 */
	uint64_t connections, packets_in, packets_out, bytes_in, bytes_out;
};

struct ipvs_real {
	struct address address;
	uint8_t forward; /* IP_VS_CONN_F_FWD_MASK bits: enum config_forward */
	uint32_t weight;
	uint32_t upper, lower;
	/* Only in answers. */
	uint32_t active, inactive;
	struct ipvs_stats stats;
};

struct ipvs_info {
	uint32_t version;   /* as in IP_VS_VERSION: 0x010201 is 1.2.1 */
	uint32_t conn_size; /* buckets of the connection table */
};

enum ipvs_verb {
	IPVS_NEW_SERVICE,
	IPVS_SET_SERVICE,
	IPVS_DEL_SERVICE,
	IPVS_NEW_REAL,
	IPVS_SET_REAL,
	IPVS_DEL_REAL,
};

/* One change of the table, whole in itself. */
struct ipvs_op {
	enum ipvs_verb verb;
	struct ipvs_service
		service;       /* for DEL and *_REAL only its key counts */
	struct ipvs_real real; /* for *_REAL; for DEL only its address */
	uint32_t tag;          /* the caller's own, e.g. a slot */
};

/* Bytes that the longest of these requests takes. */
#define IPVS_REQUEST_MAX 512

/* Each writes one request with NLM_F_REQUEST (and NLM_F_ACK, or NLM_F_DUMP for
 * the dumps) at buf and returns its length, or 0 where size is too small.
 * type is the family's number, as the kernel gave it. */
size_t ipvs_put_op(void *buf, size_t size, uint16_t type, uint32_t seq,
	const struct ipvs_op *op);
size_t ipvs_put_get_info(void *buf, size_t size, uint16_t type, uint32_t seq);
size_t ipvs_put_dump_services(
	void *buf, size_t size, uint16_t type, uint32_t seq);
size_t ipvs_put_dump_reals(void *buf, size_t size, uint16_t type, uint32_t seq,
	const struct ipvs_service *service);

/* Each reads one answer. Returns 0, or -1 where the message is not whole or
 * makes no sense; *out is then undefined. A real without an address family
 * (before Linux 3.18) takes the service's. */
int ipvs_get_info(const struct nlmsghdr *message, struct ipvs_info *out);
int ipvs_get_service(const struct nlmsghdr *message, struct ipvs_service *out);
int ipvs_get_real(const struct nlmsghdr *message,
	const struct ipvs_service *service, struct ipvs_real *out);

/* Whether two services are one to the kernel: mark and family, or address,
 * port, protocol. */
bool ipvs_same_service(
	const struct ipvs_service *a, const struct ipvs_service *b);

/* What the user can do about an error: a text like "scheduler wlc is not
 * there: modprobe ip_vs_wlc", or else strerror's. buf is used where needed. */
const char *ipvs_error(
	const struct ipvs_op *op, int error, char *buf, size_t size);

/* "new service", ... for the log. */
const char *ipvs_verb_name(enum ipvs_verb verb);

#endif
