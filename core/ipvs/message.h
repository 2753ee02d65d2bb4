/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of IPVS over generic netlink, as bytes. Requests are built into
 * buffers of the caller's and answers are read from them; there is no socket
 * and no allocation.
 * Source: linux/ip_vs.h (IPVS_GENL_NAME, version 1), Linux 2.6.28 and later.
 */
#ifndef LVSMON_IPVS_MESSAGE_H
#define LVSMON_IPVS_MESSAGE_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

#define IPVS_SCHEDULER_MAX 16 /* IP_VS_SCHEDNAME_MAXLEN, including the 0 */

#define IPVS_PREFIX_NONE UINT8_MAX

struct ipvs_service {
	struct address address; /* has no family if fwmark is not 0 */
	uint32_t fwmark;
	uint16_t family;   /* AF_INET, AF_INET6 */
	uint16_t protocol; /* IPPROTO_*; 0 with fwmark */
	char scheduler[IPVS_SCHEDULER_MAX];
	uint32_t flags;     /* IP_VS_SVC_F_PERSISTENT, _ONEPACKET, _SCHED1..3 */
	uint32_t timeout_s; /* of persistence */
	/* Length of persistence's client network: 32 or 128 is each client.
	 * In answers IPVS_PREFIX_NONE stands for a mask with holes. */
	uint8_t prefix;
};

/* The kernel counts in 64 bits since Linux 4.1, before in 32. */
/* Called for each service of a dump. */
typedef void ipvs_service_call(void *arg, const struct ipvs_service *service);

struct ipvs_stats {
	uint64_t connections, packets_in, packets_out, bytes_in, bytes_out;
};

struct ipvs_real {
	struct address address;
	uint8_t forward; /* IP_VS_CONN_F_FWD_MASK bits: enum config_forward */
	uint32_t weight;
	uint32_t upper, lower;
	/* In answers only. */
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

/* One change of the table. It needs no other message. */
struct ipvs_op {
	enum ipvs_verb verb;
	/* For DEL and *_REAL only the service's key is used. */
	struct ipvs_service service;
	/* For *_REAL. For DEL only the real's address is used. */
	struct ipvs_real real;
	uint32_t tag; /* for the caller: the index of a service or slot */
};

/* Size of the longest request below. */
#define IPVS_REQUEST_MAX 512

/* Each function writes one request to buf. Dumps have the flag NLM_F_DUMP, the
 * other requests NLM_F_ACK. type is the family's number, as the kernel gave it.
 * Returns the request's length, or 0 if size is too small. */
size_t ipvs_put_op(void *buf, size_t size, uint16_t type, uint32_t seq,
	const struct ipvs_op *op);
size_t ipvs_put_get_info(void *buf, size_t size, uint16_t type, uint32_t seq);
size_t ipvs_put_dump_services(
	void *buf, size_t size, uint16_t type, uint32_t seq);
size_t ipvs_put_dump_reals(void *buf, size_t size, uint16_t type, uint32_t seq,
	const struct ipvs_service *service);

/* Each function reads one answer. Returns 0. If the message is incomplete or
 * makes no sense, returns -1 and *out is undefined. A real without an address
 * family (before Linux 3.18) has the service's. */
int ipvs_get_info(const struct nlmsghdr *message, struct ipvs_info *out);
int ipvs_get_service(const struct nlmsghdr *message, struct ipvs_service *out);
int ipvs_get_real(const struct nlmsghdr *message,
	const struct ipvs_service *service, struct ipvs_real *out);

/* Returns whether the operation changes a service, not a real. */
bool ipvs_is_of_service(const struct ipvs_op *op);

/* Returns whether two services have the same key in the kernel: mark and
 * family, or address, port and protocol. */
bool ipvs_same_service(
	const struct ipvs_service *a, const struct ipvs_service *b);

/* Returns the reason of a refusal, with a remedy if there is one: "the kernel
 * has no scheduler wlc: modprobe ip_vs_wlc", otherwise the text of strerror(3).
 * The text is a constant or stands in buf. */
const char *ipvs_error(
	const struct ipvs_op *op, int error, char *buf, size_t size);

/* Returns "add service", "set real" and so on, for the log. */
const char *ipvs_verb_name(enum ipvs_verb verb);

#endif
