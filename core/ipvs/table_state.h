/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the table's own files share: its state. table.c asks for operations,
 * table_look.c takes over what the kernel shows. */
#ifndef LVSMON_IPVS_TABLE_STATE_H
#define LVSMON_IPVS_TABLE_STATE_H

#include "ipvs/table.h"
#include "ipvs/table_index.h"

#define TABLE_STRANGERS_MAX 256 /* of one look; the next finds the rest */

/* A real behind a service. */
struct slot {
	int32_t actual; /* weight, or POLICY_ABSENT */
	bool stale;     /* there, but not as config has it */
	bool seen;      /* by the look that is under way */
	bool failed;    /* an operation: what the next look finds is no drift */
};

struct service {
	bool present;
	bool stale;
	bool seen;
	bool failed;
};

/* First in, first out; what is in no queue has 0 for its next. */
struct queue {
	uint32_t *next;       /* of each number: the successor plus one */
	uint32_t first, last; /* number plus one; 0 = none */
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
	struct queue queue_services, queue_more, queue_less;
	struct stranger strangers[TABLE_STRANGERS_MAX];
	uint32_t stranger_count, stranger_next;
	uint32_t strange; /* seen by this look, in strangers or not */
	uint32_t drift;
	bool looked;
};

/* The slot of a real that is behind a service. */
uint32_t table_slot(const struct table *table, uint32_t service, uint32_t real);

/* Each queues what is not as it is wanted. */
void table_queue_service(struct table *table, uint32_t service);
void table_queue_slot(struct table *table, uint32_t slot);

#endif
