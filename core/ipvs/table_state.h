/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State of the table, shared by its files: table.c gives operations,
 * table_look.c takes over the kernel's entries. */
#ifndef LVSMON_IPVS_TABLE_STATE_H
#define LVSMON_IPVS_TABLE_STATE_H

#include "base/queue.h"
#include "ipvs/table_index.h"

/* Strangers of one look. The next look finds the rest. */
#define TABLE_STRANGERS_MAX 256

/* A real in a service. */
struct slot {
	int32_t actual; /* weight, or POLICY_ABSENT */
	bool stale;     /* present, but different from config */
	bool seen;      /* by the look that is under way */
	bool failed;    /* an operation failed; the next look counts no drift */
};

struct service {
	bool present;
	bool stale;
	bool seen;
	bool failed;
};

/* A real in one of our services that config does not name. */
struct stranger {
	uint32_t service;
	struct address address;
};

struct table {
	const struct config *config;
	struct table_index *index;
	int32_t *wanted; /* of each real; INT32_MIN = undecided */
	bool *decided;   /* of each virtual */
	struct slot *slots;
	uint32_t *slot_real;
	uint32_t *slot_service;
	struct service *services;
	/* A slot is in one of queue_more and queue_less at most. */
	struct queue queue_services, queue_more, queue_less;
	struct stranger strangers[TABLE_STRANGERS_MAX];
	uint32_t stranger_count, stranger_next;
	uint32_t strange; /* seen by this look, in strangers or not */
	uint32_t drift;
	bool looked;
};

/* Returns the slot of a real in a service of its virtual. */
uint32_t table_slot(const struct table *table, uint32_t service, uint32_t real);

/* Queues a service or slot if it differs from what is wanted. */
void table_queue_service(struct table *table, uint32_t service);
void table_queue_slot(struct table *table, uint32_t slot);

#endif
