/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The echo requests that wait for a reply: a fixed table. The sequence number
 * of a reply leads to its slot, and the cookie proves that it belongs there. */
#ifndef LVSMON_ENGINE_TRANSPORT_SLOTS_H
#define LVSMON_ENGINE_TRANSPORT_SLOTS_H

#include "base/address.h"
#include "base/arena.h"
#include "engine/transport/echo.h"

/* Sequence numbers have 16 bits (RFC 792). */
#define SLOTS_MAX 65536

struct slot {
	void *owner;       /* NULL = free */
	struct address to; /* without a port */
	uint64_t cookie;
	uint32_t socket; /* the owner's to use */
	uint32_t next;   /* while it is free; SLOTS_MAX = none */
	uint32_t uses;   /* so often was it taken */
	uint16_t sequence;
	bool sent; /* a reply can come */
};

struct slots {
	struct slot *slots;
	uint32_t count;
	uint32_t free; /* the first free slot; SLOTS_MAX = none */
};

/* Makes count slots in arena, from 1 to SLOTS_MAX. */
void slots_init(struct slots *slots, struct arena *arena, uint32_t count);

/* Takes a slot for a request to an address, and gives it a sequence number that
 * its last use did not have, if there are numbers enough. Returns NULL if no
 * slot is free. */
struct slot *slots_take(struct slots *slots, void *owner,
	const struct address *to, uint64_t cookie);

/* Gives a slot back. Replies that are on their way lead nowhere. */
void slots_give(struct slots *slots, struct slot *slot);

/* Returns the slot whose request was sent and has this reply from this address,
 * or NULL. */
struct slot *slots_find(const struct slots *slots, const struct address *from,
	const struct echo *reply);

#endif
