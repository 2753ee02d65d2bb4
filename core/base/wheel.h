/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers on a grid of ticks: a hierarchical timing wheel. Setting, clearing
 * and expiring cost the same however many there are; nothing walks them all.
 * It knows no clock: whoever runs it says what tick it is.
 */
#ifndef LVSMON_BASE_WHEEL_H
#define LVSMON_BASE_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

struct wheel_timer {
	struct wheel_timer *next;
	struct wheel_timer **link; /* what points here; NULL = not set */
	uint64_t tick;             /* when it is due */
};

#define WHEEL_BITS 8
#define WHEEL_SLOTS (1 << WHEEL_BITS)
#define WHEEL_LEVELS 4 /* 2^32 ticks ahead at the most */

struct wheel {
	uint64_t now; /* every timer due by this tick has expired */
	uint64_t used[WHEEL_LEVELS][WHEEL_SLOTS / 64]; /* one bit a slot */
	struct wheel_timer *slots[WHEEL_LEVELS][WHEEL_SLOTS];
};

void wheel_init(struct wheel *wheel, uint64_t now);

/* Sets a timer, or moves it. A tick not after now is due at the next tick; one
 * more than 2^32 - 1 ticks ahead is due then. */
void wheel_set(struct wheel *wheel, struct wheel_timer *timer, uint64_t tick);

/* Nothing happens where it is not set. */
void wheel_clear(struct wheel *wheel, struct wheel_timer *timer);

bool wheel_is_set(const struct wheel_timer *timer);

/* Moves on towards `now` and takes out one timer that is due by it, or
 * returns NULL once there is none and wheel->now is `now`. Between two calls
 * timers may be set and cleared. Timers of one tick come in no order; those
 * of an earlier tick come first. */
struct wheel_timer *wheel_expire(struct wheel *wheel, uint64_t now);

/* The tick by which wheel_expire has to be called next, never later than the
 * first due timer (but maybe earlier: work of the wheel's own). UINT64_MAX
 * where no timer is set. */
uint64_t wheel_next(const struct wheel *wheel);

#endif
