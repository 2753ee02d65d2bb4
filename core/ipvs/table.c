// SPDX-License-Identifier: GPL-2.0-or-later
/* Wanted minus actual gives operations. */
#include "ipvs/table.h"

#include "ipvs/entry.h"
#include "ipvs/table_state.h"
#include "policy/policy.h"

#include <assert.h>
#include <string.h>

#define UNDECIDED INT32_MIN

uint32_t table_slot(const struct table *table, uint32_t service, uint32_t real)
{
	const struct config_service *conf = &table->config->services[service];
	const struct config_virtual
		*virtual = &table->config->virtuals[conf->virtual];
	uint32_t slot = conf->slot + real - virtual->real;

	assert(real - virtual->real < virtual->real_count);
	assert(slot < table->config->slot_count);
	return slot;
}

static void number_slots(struct table *table)
{
	const struct config *config = table->config;

	for (uint32_t s = 0; s < config->service_count; s++) {
		const struct config_virtual
			*virtual = &config->virtuals[config->services[s]
							     .virtual];

		for (uint32_t i = 0; i < virtual->real_count; i++) {
			uint32_t slot = table_slot(table, s, virtual->real + i);

			table->slot_real[slot] = virtual->real + i;
			table->slot_service[slot] = s;
			table->slots[slot].actual = POLICY_ABSENT;
		}
	}
}

struct table *table_create(struct arena *arena, const struct config *config)
{
	struct table *table = arena_alloc(arena, sizeof(*table));
	size_t slots = config->slot_count;

	table->config = config;
	table->index = table_index_create(arena, config);
	table->wanted = arena_array(arena, config->real_count, sizeof(int32_t));
	table->decided = arena_array(arena, config->virtual_count, 1);
	table->slots = arena_array(arena, slots, sizeof(struct slot));
	table->slot_real = arena_array(arena, slots, sizeof(uint32_t));
	table->slot_service = arena_array(arena, slots, sizeof(uint32_t));
	table->services = arena_array(
		arena, config->service_count, sizeof(struct service));
	table->queue_services = queue_create(arena, config->service_count);
	table->queue_more = queue_create(arena, config->slot_count);
	table->queue_less = queue_beside(&table->queue_more);
	for (uint32_t i = 0; i < config->real_count; i++)
		table->wanted[i] = UNDECIDED;
	number_slots(table);
	return table;
}

/* Returns whether an entry differs from what is wanted. */
static bool slot_differs(const struct table *table, uint32_t slot)
{
	uint32_t real = table->slot_real[slot];
	int32_t wanted = table->wanted[real];

	if (wanted == UNDECIDED ||
		!config_service_takes(
			&table->config->services[table->slot_service[slot]],
			&table->config->reals[real]))
		return false;
	return wanted != table->slots[slot].actual ||
	       (wanted != POLICY_ABSENT && table->slots[slot].stale);
}

void table_queue_slot(struct table *table, uint32_t slot)
{
	int32_t wanted = table->wanted[table->slot_real[slot]];

	if (!slot_differs(table, slot))
		return;
	queue_push(wanted >= table->slots[slot].actual ? &table->queue_more
						       : &table->queue_less,
		slot);
}

static bool service_differs(const struct table *table, uint32_t service)
{
	return table->decided[table->config->services[service].virtual] &&
	       (!table->services[service].present ||
		       table->services[service].stale);
}

void table_queue_service(struct table *table, uint32_t service)
{
	if (service_differs(table, service))
		queue_push(&table->queue_services, service);
}

void table_want(struct table *table, uint32_t real, int32_t weight)
{
	uint32_t index = table->config->reals[real].virtual;
	const struct config_virtual *virtual = &table->config->virtuals[index];
	bool first = !table->decided[index];

	assert(real - virtual->real < virtual->real_count);
	if (table->wanted[real] == weight)
		return;
	table->wanted[real] = weight;
	table->decided[index] = true;
	for (uint32_t i = 0; i < virtual->service_count; i++) {
		uint32_t service = virtual->service + i;

		if (first)
			table_queue_service(table, service);
		table_queue_slot(table, table_slot(table, service, real));
	}
}

int32_t table_wanted(const struct table *table, uint32_t real)
{
	return table_decided(table, real) ? table->wanted[real] : POLICY_ABSENT;
}

bool table_decided(const struct table *table, uint32_t real)
{
	return table->wanted[real] != UNDECIDED;
}

static bool next_service(struct table *table, struct ipvs_op *op)
{
	uint32_t index;

	while (queue_pop(&table->queue_services, &index)) {
		struct service *service = &table->services[index];

		if (!service_differs(table, index))
			continue;
		op->verb =
			service->present ? IPVS_SET_SERVICE : IPVS_NEW_SERVICE;
		op->tag = index;
		entry_service(table->config, index, &op->service);
		service->present = true;
		service->stale = false;
		return true;
	}
	return false;
}

static enum ipvs_verb slot_verb(int32_t actual, int32_t wanted)
{
	if (actual == POLICY_ABSENT)
		return IPVS_NEW_REAL;
	return wanted == POLICY_ABSENT ? IPVS_DEL_REAL : IPVS_SET_REAL;
}

/* Skips the slots of a service that could not be made. */
static bool next_slot(
	struct table *table, struct queue *queue, struct ipvs_op *op)
{
	uint32_t index;

	while (queue_pop(queue, &index)) {
		struct slot *slot = &table->slots[index];
		uint32_t service = table->slot_service[index];
		uint32_t real = table->slot_real[index];
		int32_t wanted = table->wanted[real];

		if (!slot_differs(table, index) ||
			!table->services[service].present)
			continue;
		op->verb = slot_verb(slot->actual, wanted);
		op->tag = index;
		entry_service(table->config, service, &op->service);
		entry_real(table->config, real,
			wanted > 0 ? (uint32_t)wanted : 0, &op->real);
		slot->actual = wanted;
		slot->stale = false;
		return true;
	}
	return false;
}

/* Takes the first stranger whose virtual is decided; the others are kept for
 * later. */
static bool take_stranger(struct table *table, struct stranger *out)
{
	for (uint32_t i = table->stranger_next; i < table->stranger_count;
		i++) {
		struct stranger *at = &table->strangers[i];

		if (!table->decided[table->config->services[at->service]
					    .virtual])
			continue;
		*out = *at;
		*at = table->strangers[table->stranger_next++];
		return true;
	}
	return false;
}

static bool next_stranger(struct table *table, struct ipvs_op *op)
{
	struct stranger stranger;

	if (!take_stranger(table, &stranger))
		return false;
	op->verb = IPVS_DEL_REAL;
	op->tag = CONFIG_NONE;
	op->real.address = stranger.address;
	entry_service(table->config, stranger.service, &op->service);
	return true;
}

bool table_next(struct table *table, struct ipvs_op *op)
{
	memset(op, 0, sizeof(*op));
	return next_service(table, op) ||
	       next_slot(table, &table->queue_more, op) ||
	       next_slot(table, &table->queue_less, op) ||
	       next_stranger(table, op);
}

static void service_failed(struct service *service, enum ipvs_verb verb)
{
	service->failed = true;
	if (verb == IPVS_NEW_SERVICE)
		service->present = false;
	else
		service->stale = true;
}

static void slot_failed(struct slot *slot, enum ipvs_verb verb)
{
	slot->failed = true;
	slot->actual = verb == IPVS_NEW_REAL ? POLICY_ABSENT : 0;
	slot->stale = verb != IPVS_NEW_REAL;
}

void table_failed(struct table *table, const struct ipvs_op *op)
{
	if (op->tag == CONFIG_NONE)
		return;
	if (ipvs_is_of_service(op)) {
		assert(op->tag < table->config->service_count);
		service_failed(&table->services[op->tag], op->verb);
	} else {
		assert(op->tag < table->config->slot_count);
		slot_failed(&table->slots[op->tag], op->verb);
	}
}

bool table_leave(const struct table *old, const struct table *new,
	uint32_t *cursor, struct ipvs_op *op)
{
	while (*cursor < old->config->service_count) {
		uint32_t service = (*cursor)++;

		memset(op, 0, sizeof(*op));
		op->verb = IPVS_DEL_SERVICE;
		op->tag = CONFIG_NONE;
		entry_service(old->config, service, &op->service);
		if (old->services[service].present &&
			(!new || table_index_service(new->index,
					 &op->service) == CONFIG_NONE))
			return true;
	}
	return false;
}

/* Whether a table's configuration puts a real behind a service. */
static bool names_real(const struct table *table,
	const struct ipvs_service *service, const struct ipvs_real *real)
{
	const struct config *config = table->config;
	uint32_t s = table_index_service(table->index, service);
	uint32_t r;

	if (s == CONFIG_NONE)
		return false;
	r = table_index_real(
		table->index, config->services[s].virtual, &real->address);
	return r != CONFIG_NONE &&
	       config_service_takes(&config->services[s], &config->reals[r]);
}

/* Returns whether a table has a service and does not want one of its reals. A
 * name without an answer may be that real. */
static bool gives_up_real(const struct table *table,
	const struct ipvs_service *service, const struct ipvs_real *real)
{
	uint32_t index = table_index_service(table->index, service);
	const struct config *config = table->config;

	return index != CONFIG_NONE &&
	       !config->virtuals[config->services[index].virtual].incomplete &&
	       !names_real(table, service, real);
}

bool table_leave_real(const struct table *old, const struct table *new,
	uint32_t *cursor, struct ipvs_op *op)
{
	while (*cursor < old->config->slot_count) {
		uint32_t slot = (*cursor)++;

		if (old->slots[slot].actual == POLICY_ABSENT)
			continue;
		memset(op, 0, sizeof(*op));
		op->verb = IPVS_DEL_REAL;
		op->tag = CONFIG_NONE;
		entry_service(
			old->config, old->slot_service[slot], &op->service);
		entry_real(old->config, old->slot_real[slot], 0, &op->real);
		if (gives_up_real(new, &op->service, &op->real))
			return true;
	}
	return false;
}
