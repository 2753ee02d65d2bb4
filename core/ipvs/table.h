/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reconcile: wanted minus actual makes operations. Start, edges, reload,
 * repair and dry run are this one code. Pure; the work of an edge does not
 * grow with the table.
 */
#ifndef LVSMON_IPVS_TABLE_H
#define LVSMON_IPVS_TABLE_H

#include "config/config.h"
#include "ipvs/message.h"

struct table;

/* A table for config with nothing wanted yet and nothing seen; in arena. Where
 * nothing is wanted for any real of a virtual its services are left alone. */
struct table *table_create(struct arena *arena, const struct config *config);

/* Sets what is wanted of a real, behind every service that takes it: a weight
 * or POLICY_ABSENT. Nothing happens where it is wanted already. */
void table_want(struct table *table, uint32_t real, int32_t weight);

/* What was last wanted; POLICY_ABSENT for a real nobody spoke of. */
int32_t table_wanted(const struct table *table, uint32_t real);
bool table_decided(const struct table *table, uint32_t real);

/* Takes over what the kernel has: begin, then each service of the dump, then
 * the reals of each that table_seen names, then end. Services that config does
 * not name are ignored. end returns how many entries differ from what the table
 * thought was there (somebody else changed them; what failed is not counted);
 * at the first look that is 0. A look that came to no end is begun anew. */
void table_see_begin(struct table *table);
void table_see_service(struct table *table, const struct ipvs_service *seen);
uint32_t table_service_count(const struct table *table);
bool table_seen(
	const struct table *table, uint32_t service, struct ipvs_service *out);
void table_see_real(struct table *table, const struct ipvs_service *service,
	const struct ipvs_real *seen);
uint32_t table_see_end(struct table *table);

/* Whether a real had a weight of more than 0 behind any of its services at
 * the last look. */
bool table_in_service(const struct table *table, uint32_t real);

/* Gives the next operation that wanted minus actual asks for and takes it as
 * done; false = there is none left. Services come before their reals; what
 * adds or raises comes before what lowers or removes, within a virtual. */
bool table_next(struct table *table, struct ipvs_op *op);

/* An operation that table_next gave failed: the entry is not what was asked
 * for. It is asked for again after the next look, not before. */
void table_failed(struct table *table, const struct ipvs_op *op);

/* Services of the kernel's that old names and new does not (NULL: all that
 * old names): operations that delete them, one a call; *cursor is 0 at first.
 * false = none left. Only those that old has seen or made. */
bool table_leave(const struct table *old, const struct table *new,
	uint32_t *cursor, struct ipvs_op *op);

#endif
