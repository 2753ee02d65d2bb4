// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hierarchical timing wheel. A timer hangs in the level of the highest digit
 * (base WHEEL_SLOTS) in which its tick differs from now; when now comes to
 * that digit the slot is emptied and its timers find their place anew, a level
 * lower at least. So a timer moves WHEEL_LEVELS - 1 times at the most.
 */
#include "base/wheel.h"

#include <string.h>

#define MASK ((uint64_t)WHEEL_SLOTS - 1)
#define AHEAD_MAX UINT32_MAX

void wheel_init(struct wheel *wheel, uint64_t now)
{
	memset(wheel, 0, sizeof(*wheel));
	wheel->now = now;
}

static unsigned int digit(uint64_t tick, unsigned int level)
{
	return (unsigned int)(tick >> (level * WHEEL_BITS) & MASK);
}

static void set_used(struct wheel *wheel, unsigned int level, unsigned int slot)
{
	wheel->used[level][slot / 64] |= UINT64_C(1) << slot % 64;
}

static void set_unused(
	struct wheel *wheel, unsigned int level, unsigned int slot)
{
	wheel->used[level][slot / 64] &= ~(UINT64_C(1) << slot % 64);
}

/* The level whose digit is the highest that differs. A tick 2^32 - 1 ahead may
 * differ above the last level: it then waits in the last level's slot, which
 * comes round once before, and is hung up again. */
static unsigned int level_of(uint64_t now, uint64_t tick)
{
	uint64_t differs = now ^ tick;
	unsigned int level = 0;

	while (level < WHEEL_LEVELS - 1 &&
		differs >> ((level + 1) * WHEEL_BITS))
		level++;
	return level;
}

static void hang_up(struct wheel *wheel, struct wheel_timer *timer)
{
	unsigned int level = level_of(wheel->now, timer->tick);
	unsigned int slot = digit(timer->tick, level);
	struct wheel_timer **head = &wheel->slots[level][slot];

	timer->next = *head;
	if (timer->next)
		timer->next->link = &timer->next;
	timer->link = head;
	*head = timer;
	set_used(wheel, level, slot);
}

/* The slot's bit is cleared when it is found empty, not here: whose slot this
 * is would have to be worked out. */
static void take_down(struct wheel_timer *timer)
{
	*timer->link = timer->next;
	if (timer->next)
		timer->next->link = timer->link;
	timer->next = NULL;
	timer->link = NULL;
}

void wheel_set(struct wheel *wheel, struct wheel_timer *timer, uint64_t tick)
{
	if (timer->link)
		take_down(timer);
	if (tick <= wheel->now)
		tick = wheel->now + 1;
	if (tick - wheel->now > AHEAD_MAX)
		tick = wheel->now + AHEAD_MAX;
	timer->tick = tick;
	hang_up(wheel, timer);
}

void wheel_clear(struct wheel *wheel, struct wheel_timer *timer)
{
	(void)wheel;
	if (timer->link)
		take_down(timer);
}

bool wheel_is_set(const struct wheel_timer *timer)
{
	return timer->link != NULL;
}

/* The first used slot of a level after `from`, up to the end of its circle
 * and round once; WHEEL_SLOTS where there is none. Returns how far ahead. */
static unsigned int slots_ahead(
	const struct wheel *wheel, unsigned int level, unsigned int from)
{
	for (unsigned int ahead = 1; ahead <= WHEEL_SLOTS;) {
		unsigned int slot = (from + ahead) % WHEEL_SLOTS;
		uint64_t bits = wheel->used[level][slot / 64] >> slot % 64;

		if (bits) {
			ahead += (unsigned int)__builtin_ctzll(bits);
			return ahead <= WHEEL_SLOTS ? ahead : 0;
		}
		ahead += 64 - slot % 64;
	}
	return 0;
}

uint64_t wheel_next(const struct wheel *wheel)
{
	uint64_t next = UINT64_MAX;

	for (unsigned int level = 0; level < WHEEL_LEVELS; level++) {
		unsigned int shift = level * WHEEL_BITS;
		unsigned int ahead =
			slots_ahead(wheel, level, digit(wheel->now, level));
		uint64_t tick;

		if (!ahead)
			continue;
		tick = ((wheel->now >> shift) + ahead) << shift;
		if (tick < next)
			next = tick;
	}
	return next;
}

/* now has come to a slot of a higher level: its timers hang lower now. */
static void empty_slot(struct wheel *wheel, unsigned int level)
{
	unsigned int slot = digit(wheel->now, level);
	struct wheel_timer *timer = wheel->slots[level][slot];

	wheel->slots[level][slot] = NULL;
	set_unused(wheel, level, slot);
	while (timer) {
		struct wheel_timer *next = timer->next;

		hang_up(wheel, timer);
		timer = next;
	}
}

static void step_to(struct wheel *wheel, uint64_t tick)
{
	wheel->now = tick;
	for (unsigned int level = WHEEL_LEVELS - 1; level > 0; level--)
		if (!(tick & ((UINT64_C(1) << level * WHEEL_BITS) - 1)))
			empty_slot(wheel, level);
}

struct wheel_timer *wheel_expire(struct wheel *wheel, uint64_t now)
{
	for (;;) {
		unsigned int slot = digit(wheel->now, 0);
		struct wheel_timer *timer = wheel->slots[0][slot];
		uint64_t next;

		if (timer) {
			take_down(timer);
			return timer;
		}
		set_unused(wheel, 0, slot);
		next = wheel_next(wheel);
		if (next > now) {
			if (now > wheel->now)
				wheel->now = now;
			return NULL;
		}
		step_to(wheel, next);
	}
}
