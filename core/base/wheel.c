// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hierarchical timing wheel. A slot of level 0 is one tick, and a slot of
 * level n is 256^n ticks. A timer lies at the lowest level whose whole turn
 * reaches its tick. At the first tick of an upper slot the wheel moves the
 * slot's timers to lower levels. The slot of level 0 at `now` holds the timers
 * that are due and not yet taken out.
 */
#include "base/wheel.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define SLOT_MASK (WHEEL_SLOTS - 1)
#define WORD_BITS 64
#define WORDS (WHEEL_SLOTS / WORD_BITS)
#define FARTHEST (((uint64_t)1 << (WHEEL_BITS * WHEEL_LEVELS)) - 1)

static unsigned int slot_of(uint64_t tick, unsigned int level)
{
	return (unsigned int)(tick >> (WHEEL_BITS * level)) & SLOT_MASK;
}

void wheel_init(struct wheel *wheel, uint64_t now)
{
	memset(wheel, 0, sizeof(*wheel));
	wheel->now = now;
}

bool wheel_is_set(const struct wheel_timer *timer)
{
	return timer->link != NULL;
}

static void wheel_put(struct wheel *wheel, struct wheel_timer *timer)
{
	uint64_t ahead = timer->tick - wheel->now;
	unsigned int level = 0;
	unsigned int slot;

	while (ahead >> (WHEEL_BITS * (level + 1)))
		level++;
	assert(level < WHEEL_LEVELS);
	slot = slot_of(timer->tick, level);
	timer->link = &wheel->slots[level][slot];
	timer->next = *timer->link;
	if (timer->next)
		timer->next->link = &timer->next;
	*timer->link = timer;
	wheel->used[level][slot / WORD_BITS] |= (uint64_t)1
						<< (slot % WORD_BITS);
}

void wheel_set(struct wheel *wheel, struct wheel_timer *timer, uint64_t tick)
{
	wheel_clear(wheel, timer);
	if (tick <= wheel->now)
		tick = wheel->now + 1;
	if (tick - wheel->now > FARTHEST)
		tick = wheel->now + FARTHEST;
	timer->tick = tick;
	wheel_put(wheel, timer);
}

/* Marks a slot as empty, if link is the head of a slot. */
static void wheel_empty(struct wheel *wheel, struct wheel_timer **link)
{
	uintptr_t offset = (uintptr_t)link - (uintptr_t)wheel->slots;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): the slots are pointers */
	size_t index = offset / sizeof(*link);

	if (offset >= sizeof(wheel->slots))
		return;
	wheel->used[index / WHEEL_SLOTS][index % WHEEL_SLOTS / WORD_BITS] &=
		~((uint64_t)1 << (index % WORD_BITS));
}

void wheel_clear(struct wheel *wheel, struct wheel_timer *timer)
{
	if (!timer->link)
		return;
	assert(*timer->link == timer);
	assert(!timer->next || timer->next->link == &timer->next);
	*timer->link = timer->next;
	if (timer->next)
		timer->next->link = timer->link;
	else
		wheel_empty(wheel, timer->link);
	timer->link = NULL;
	timer->next = NULL;
}

/* Returns the distance from slot `from` to the next used slot of the level: 1
 * to 256. If no slot is used, returns 0. */
static unsigned int used_after(const uint64_t *used, unsigned int from)
{
	unsigned int start = (from + 1) & SLOT_MASK;

	for (unsigned int i = 0; i <= WORDS; i++) {
		unsigned int word = (start / WORD_BITS + i) % WORDS;
		uint64_t bits = used[word];

		if (i == 0)
			bits &= UINT64_MAX << (start % WORD_BITS);
		if (bits) {
			unsigned int slot = word * WORD_BITS +
					    (unsigned int)__builtin_ctzll(bits);

			return ((slot - start) & SLOT_MASK) + 1;
		}
	}
	return 0;
}

uint64_t wheel_next(const struct wheel *wheel)
{
	uint64_t next = UINT64_MAX;

	if (wheel->slots[0][slot_of(wheel->now, 0)])
		return wheel->now;
	for (unsigned int level = 0; level < WHEEL_LEVELS; level++) {
		unsigned int shift = WHEEL_BITS * level;
		unsigned int from = slot_of(wheel->now, level);
		uint64_t turn = wheel->now >> shift;
		unsigned int steps;

		/* The slots of upper levels begin no sooner. */
		if (next <= (turn + 1) << shift)
			break;
		steps = used_after(wheel->used[level], from);
		if (steps && (turn + steps) << shift < next)
			next = (turn + steps) << shift;
	}
	return next;
}

/* Moves the timers of the upper slots that begin with this tick to lower
 * levels.
 */
static void wheel_cascade(struct wheel *wheel)
{
	for (unsigned int level = 1; level < WHEEL_LEVELS; level++) {
		struct wheel_timer **head;

		if (slot_of(wheel->now, level - 1) != 0)
			return;
		head = &wheel->slots[level][slot_of(wheel->now, level)];
		while (*head) {
			struct wheel_timer *timer = *head;

			wheel_clear(wheel, timer);
			wheel_put(wheel, timer);
		}
	}
}

struct wheel_timer *wheel_expire(struct wheel *wheel, uint64_t now)
{
	struct wheel_timer *due;
	uint64_t next;

	while (!(due = wheel->slots[0][slot_of(wheel->now, 0)])) {
		next = wheel_next(wheel);
		if (next > now) {
			if (now > wheel->now)
				wheel->now = now;
			return NULL;
		}
		wheel->now = next;
		wheel_cascade(wheel);
	}
	assert(due->tick <= wheel->now);
	wheel_clear(wheel, due);
	return due;
}
