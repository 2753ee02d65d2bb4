/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table as a difference: wanted minus actual gives operations. Start,
 * edges, reload, repair and dry run use this one code. It has no side effects,
 * and the work for an edge does not grow with the table.
 */
#ifndef LVSMON_IPVS_TABLE_H
#define LVSMON_IPVS_TABLE_H

#include "config/config.h"
#include "ipvs/message.h"

struct table;

/* Creates a table for config in arena. Nothing is wanted and nothing has been
 * seen yet. The services of a virtual are left alone until something is wanted
 * for one of its reals. */
struct table *table_create(struct arena *arena, const struct config *config);

/* Sets the wanted weight of a real, or POLICY_ABSENT, in every service that
 * takes the real. Does nothing if the same weight is wanted already. */
void table_want(struct table *table, uint32_t real, int32_t weight);

/* Returns the wanted weight, or POLICY_ABSENT for an undecided real. */
int32_t table_wanted(const struct table *table, uint32_t real);

/* Returns whether anything has been wanted for the real. */
bool table_decided(const struct table *table, uint32_t real);

/*
 * Takes over the kernel's entries. Order of calls: begin, each service of the
 * dump, the reals of each service that table_seen names, end. Services that
 * config does not name are ignored. If a look is given up, the next one starts
 * with begin.
 *
 * table_seen returns whether the dump had a service, and writes its key to out.
 * table_see_end returns how many entries differ from the table's knowledge,
 * because somebody else changed them. Entries of failed operations are not
 * counted. The first look returns 0.
 */
void table_see_begin(struct table *table);
void table_see_service(struct table *table, const struct ipvs_service *seen);
uint32_t table_service_count(const struct table *table);
bool table_seen(
	const struct table *table, uint32_t service, struct ipvs_service *out);
void table_see_real(struct table *table, const struct ipvs_service *service,
	const struct ipvs_real *seen);
uint32_t table_see_end(struct table *table);

/* Returns whether a real had a weight above 0 in any of its services at the
 * last look. */
bool table_in_service(const struct table *table, uint32_t real);

/* Writes the next operation to op and assumes that it will be done. Returns
 * false if there is none left. Services come before their reals. Within a
 * virtual, reals are added or raised before others are lowered or removed. */
bool table_next(struct table *table, struct ipvs_op *op);

/* Notes that an operation of table_next failed. The table gives it again after
 * the next look, not earlier. */
void table_failed(struct table *table, const struct ipvs_op *op);

/* Writes one operation that deletes a service which old has seen or made and
 * new does not name. If new is NULL, this holds for every service of old.
 * *cursor must be 0 at the first call. Returns false if there is no service
 * left. */
bool table_leave(const struct table *old, const struct table *new,
	uint32_t *cursor, struct ipvs_op *op);

/* Does the same for reals: gives the operations that delete each real which
 * old has seen or made behind a service that both name, if new does not name
 * the real there. */
bool table_leave_real(const struct table *old, const struct table *new,
	uint32_t *cursor, struct ipvs_op *op);

#endif
