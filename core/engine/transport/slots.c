// SPDX-License-Identifier: GPL-2.0-or-later
/* The echo requests that wait for a reply. */
#include "engine/transport/slots.h"

#include <assert.h>

void slots_init(struct slots *slots, struct arena *arena, uint32_t count)
{
	assert(count > 0 && count <= SLOTS_MAX);
	*slots = (struct slots){
		.slots = arena_array(arena, count, sizeof(*slots->slots)),
		.count = count,
	};
	for (uint32_t i = 0; i < count; i++)
		slots->slots[i].next = i + 1 < count ? i + 1 : SLOTS_MAX;
}

/* All numbers with the same remainder belong to one slot. */
static uint16_t next_sequence(const struct slots *slots, struct slot *slot)
{
	uint32_t index = (uint32_t)(slot - slots->slots);
	uint32_t turns = SLOTS_MAX / slots->count;

	return (uint16_t)(index + slots->count * (slot->uses++ % turns));
}

struct slot *slots_take(struct slots *slots, void *owner,
	const struct address *to, uint64_t cookie)
{
	struct slot *slot;

	assert(owner);
	if (slots->free == SLOTS_MAX)
		return NULL;
	slot = &slots->slots[slots->free];
	assert(!slot->owner);
	slots->free = slot->next;
	slot->owner = owner;
	slot->to = *to;
	slot->to.port = 0;
	slot->cookie = cookie;
	slot->sequence = next_sequence(slots, slot);
	slot->sent = false;
	return slot;
}

void slots_give(struct slots *slots, struct slot *slot)
{
	assert(slot->owner);
	slot->owner = NULL;
	slot->next = slots->free;
	slots->free = (uint32_t)(slot - slots->slots);
}

struct slot *slots_find(const struct slots *slots, const struct address *from,
	const struct echo *reply)
{
	struct slot *slot = &slots->slots[reply->sequence % slots->count];

	if (!slot->owner || !slot->sent || slot->sequence != reply->sequence ||
		slot->cookie != reply->cookie ||
		address_compare(&slot->to, from) != 0)
		return NULL;
	return slot;
}
