// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets of anybody: a reply finds a request only if number, cookie and
 * address are those of the request. The first byte chooses the address. */
#include "engine/transport/echo.h"
#include "engine/transport/slots.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SLOTS 3

static struct slots slots;
static struct address peers[SLOTS];

/* The cookies are short, so that they can be guessed. */
static void prepare(void)
{
	static const char *const texts[SLOTS] = {
		"192.0.2.1", "192.0.2.2", "2001:db8::1"};

	slots_init(&slots, arena_create(), SLOTS);
	for (uint32_t i = 0; i < SLOTS; i++) {
		if (address_parse(&peers[i], texts[i]) < 0)
			abort();
		slots_take(&slots, &peers[i], &peers[i], i)->sent = true;
	}
}

static void judge(const struct slot *slot, const struct address *from,
	const uint8_t *packet, size_t size, const struct echo *reply)
{
	if (slot->owner != (const void *)from || size < ECHO_HEAD ||
		memcmp(packet + 8, &slot->cookie, 8) != 0 ||
		(packet[6] << 8 | packet[7]) != slot->sequence)
		abort();
	if ((const uint8_t *)reply->data + reply->len != packet + size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct address *from;
	const struct slot *slot;
	struct echo reply;

	if (!slots.count)
		prepare();
	if (size == 0)
		return 0;
	from = &peers[data[0] % SLOTS];
	if (!echo_read(from->family, data + 1, size - 1, &reply))
		return 0;
	slot = slots_find(&slots, from, &reply);
	if (slot)
		judge(slot, from, data + 1, size - 1, &reply);
	return 0;
}
