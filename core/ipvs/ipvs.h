/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table: the kernel's over generic netlink, or a table in memory for a dry
 * run. Calls are synchronous, because the kernel answers before the request
 * returns. After opening, nothing is allocated for the kernel's table.
 */
#ifndef LVSMON_IPVS_IPVS_H
#define LVSMON_IPVS_IPVS_H

#include "ipvs/message.h"
#include "ipvs/table.h"

#include <stdbool.h>
#include <stddef.h>

struct ipvs;

/* Receives each operation that the table refuses, its errno, and the reason as
 * text. */
typedef void ipvs_refused(
	void *arg, const struct ipvs_op *op, int error, const char *why);

/* Opens the kernel's table. With modprobe, loads the module ip_vs if it is
 * missing, which needs CAP_SYS_MODULE. On failure returns NULL and writes the
 * reason to why. */
struct ipvs *ipvs_open_kernel(bool modprobe, char *why, size_t size);

/* Opens an empty table in memory, which accepts and refuses what the kernel
 * would. Returns NULL if there is no memory. */
struct ipvs *ipvs_open_memory(void);

/* Closes the table. NULL is allowed. */
void ipvs_close(struct ipvs *ipvs);

/* Reads the version and the size of the connection table. Returns 0, or -1 and
 * logs. */
int ipvs_info(struct ipvs *ipvs, struct ipvs_info *info);

/* Calls back for each service of the table, whoever made it. Returns 0, or -1
 * and logs. */
int ipvs_each_service(struct ipvs *ipvs, ipvs_service_call *call, void *arg);

/* Shows the entries to table (table_see_*). Returns what table_see_end
 * returned. If the table does not answer, logs and returns -1; this look then
 * leads to no operations. */
int ipvs_look(struct ipvs *ipvs, struct table *table);

/* Performs all operations that table_next gives. Returns how many were done.
 * Tells refused and table_failed about each refused operation. If the kernel
 * does not answer, logs and returns -1. */
int ipvs_apply(struct ipvs *ipvs, struct table *table, ipvs_refused *refused,
	void *arg);

/* Performs one operation that belongs to no struct table. Returns 0, or -1 if
 * it was refused or the kernel did not answer. */
int ipvs_apply_op(struct ipvs *ipvs, const struct ipvs_op *op,
	ipvs_refused *refused, void *arg);

/* Writes "set real 10.0.0.1:80 of 192.0.2.1:80/tcp, weight 1" for the log.
 * Returns buf, which must hold IPVS_OP_TEXT_MAX bytes. */
#define IPVS_OP_TEXT_MAX (CONFIG_SERVICE_TEXT_MAX + ADDRESS_TEXT_MAX + 48)
char *ipvs_op_format(const struct ipvs_op *op, char *buf);

#endif
