/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table itself: the kernel's over generic netlink, or one in memory for a
 * dry run. Synchronous: the kernel answers while it is asked, and for its table
 * nothing is allocated after opening.
 */
#ifndef LVSMON_IPVS_IPVS_H
#define LVSMON_IPVS_IPVS_H

#include "ipvs/message.h"
#include "ipvs/table.h"

#include <stdbool.h>
#include <stddef.h>

struct ipvs;

/* Hears of each operation that the table refuses, and why. */
typedef void ipvs_refused(void *arg, const struct ipvs_op *op, const char *why);

/* The kernel's table. With modprobe the module ip_vs is loaded where it is
 * missing (needs CAP_SYS_MODULE). NULL with a text in why. */
struct ipvs *ipvs_open_kernel(bool modprobe, char *why, size_t size);

/* An empty table in memory, which takes what the kernel would. */
struct ipvs *ipvs_open_memory(void);

void ipvs_close(struct ipvs *ipvs);

/* Version and size of the connection table. 0 or -1. */
int ipvs_info(struct ipvs *ipvs, struct ipvs_info *info);

/* Shows table what is there (table_see_*). Returns what table_see_end did, or
 * -1 where the table did not answer: logged, and there are no operations of
 * it. */
int ipvs_look(struct ipvs *ipvs, struct table *table);

/* Does all that table_next asks for. Returns how many operations were done;
 * what was refused is told to refused and to table_failed. -1, logged: the
 * kernel did not answer. */
int ipvs_apply(struct ipvs *ipvs, struct table *table, ipvs_refused *refused,
	void *arg);

/* One operation that belongs to no table any more. 0 or -1. */
int ipvs_apply_op(struct ipvs *ipvs, const struct ipvs_op *op,
	ipvs_refused *refused, void *arg);

#endif
