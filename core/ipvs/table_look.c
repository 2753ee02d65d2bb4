// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes over the kernel's entries, as a look at the table shows them. */
#include "ipvs/entry.h"
#include "ipvs/table.h"
#include "ipvs/table_state.h"
#include "policy/policy.h"

#include <assert.h>
#include <linux/ip_vs.h>
#include <string.h>

void table_see_begin(struct table *table)
{
	for (uint32_t i = 0; i < table->config->service_count; i++)
		table->services[i].seen = false;
	for (uint32_t i = 0; i < table->config->slot_count; i++)
		table->slots[i].seen = false;
	table->stranger_count = 0;
	table->stranger_next = 0;
	table->strange = 0;
}

/* The user can set these flags only. The kernel uses the flag HASHED itself. */
#define FLAGS_MASK                                                             \
	(IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET | IP_VS_SVC_F_SCHED1 | \
		IP_VS_SVC_F_SCHED2 | IP_VS_SVC_F_SCHED3)

static bool is_as_configured(
	const struct ipvs_service *seen, const struct ipvs_service *wanted)
{
	bool persistent = wanted->flags & IP_VS_SVC_F_PERSISTENT;

	return strcmp(seen->scheduler, wanted->scheduler) == 0 &&
	       (seen->flags & FLAGS_MASK) == wanted->flags &&
	       (!persistent || (seen->timeout_s == wanted->timeout_s &&
				       seen->prefix == wanted->prefix));
}

void table_see_service(struct table *table, const struct ipvs_service *seen)
{
	uint32_t index = table_index_service(table->index, seen);
	struct ipvs_service wanted;
	struct service *service;
	bool stale;

	if (index == CONFIG_NONE)
		return;
	service = &table->services[index];
	entry_service(table->config, index, &wanted);
	stale = !is_as_configured(seen, &wanted);
	table->drift += !service->failed &&
			(!service->present || (stale && !service->stale));
	service->present = true;
	service->stale = stale;
	service->seen = true;
}

uint32_t table_service_count(const struct table *table)
{
	return table->config->service_count;
}

bool table_seen(
	const struct table *table, uint32_t service, struct ipvs_service *out)
{
	entry_service(table->config, service, out);
	return table->services[service].seen;
}

static void see_stranger(
	struct table *table, uint32_t service, const struct address *address)
{
	assert(table->stranger_count <= TABLE_STRANGERS_MAX);
	table->strange++;
	if (table->stranger_count == TABLE_STRANGERS_MAX)
		return;
	table->strangers[table->stranger_count++] =
		(struct stranger){service, *address};
}

void table_see_real(struct table *table, const struct ipvs_service *in,
	const struct ipvs_real *seen)
{
	uint32_t service = table_index_service(table->index, in);
	const struct config_real *conf;
	struct slot *slot;
	uint32_t virtual, real;
	bool stale;

	if (service == CONFIG_NONE)
		return;
	virtual = table->config->services[service].virtual;
	real = table_index_real(table->index, virtual, &seen->address);
	if (real == CONFIG_NONE) {
		/* An entry may be a real whose name has no answer. */
		if (!table->config->virtuals[virtual].incomplete)
			see_stranger(table, service, &seen->address);
		return;
	}
	conf = &table->config->reals[real];
	slot = &table->slots[table_slot(table, service, real)];
	stale = seen->forward != conf->forward || seen->upper != conf->upper ||
		seen->lower != conf->lower;
	table->drift +=
		!slot->failed && (slot->actual != (int32_t)seen->weight ||
					 (stale && !slot->stale));
	slot->actual = (int32_t)seen->weight;
	slot->stale = stale;
	slot->seen = true;
}

static void end_service(struct table *table, uint32_t index)
{
	struct service *service = &table->services[index];

	if (!service->seen) {
		table->drift += service->present && !service->failed;
		service->present = false;
		service->stale = false;
	}
	service->failed = false;
	table_queue_service(table, index);
}

/* Call after end_service of the slot's service. */
static void end_slot(struct table *table, uint32_t index)
{
	struct slot *slot = &table->slots[index];

	if (!slot->seen) {
		/* If the whole service is gone, this has been counted. */
		table->drift +=
			slot->actual != POLICY_ABSENT && !slot->failed &&
			table->services[table->slot_service[index]].present;
		slot->actual = POLICY_ABSENT;
		slot->stale = false;
	}
	slot->failed = false;
	table_queue_slot(table, index);
}

uint32_t table_see_end(struct table *table)
{
	uint32_t drift;

	for (uint32_t i = 0; i < table->config->service_count; i++)
		end_service(table, i);
	for (uint32_t i = 0; i < table->config->slot_count; i++)
		end_slot(table, i);
	drift = table->looked ? table->drift + table->strange : 0;
	table->drift = 0;
	table->looked = true;
	return drift;
}

bool table_in_service(const struct table *table, uint32_t real)
{
	const struct config_virtual
		*virtual = &table->config->virtuals[table->config->reals[real]
							    .virtual];

	for (uint32_t i = 0; i < virtual->service_count; i++) {
		uint32_t slot = table_slot(table, virtual->service + i, real);

		if (table->slots[slot].actual > 0)
			return true;
	}
	return false;
}
