/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers on a grid of ticks: a hierarchical timing wheel. The cost of setting,
 * clearing and expiring a timer does not depend on the number of timers. The
 * wheel has no clock; the caller passes the current tick.
 */
#ifndef LVSMON_BASE_WHEEL_H
#define LVSMON_BASE_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

struct wheel_timer {
	struct wheel_timer *next;
	struct wheel_timer **link; /* points here; NULL = timer not set */
	uint64_t tick;             /* due at this tick */
};

#define WHEEL_BITS 8
#define WHEEL_SLOTS (1 << WHEEL_BITS)
#define WHEEL_LEVELS 4 /* reach 2^32 ticks ahead */

struct wheel {
	uint64_t now; /* every timer due by this tick has expired */
	uint64_t used[WHEEL_LEVELS][WHEEL_SLOTS / 64]; /* a bit for each slot */
	struct wheel_timer *slots[WHEEL_LEVELS][WHEEL_SLOTS];
};

/* Makes an empty wheel at tick now. */
void wheel_init(struct wheel *wheel, uint64_t now);

/* Sets a timer, or moves it if it is set. A tick that is not after now means
 * the next tick. A tick farther than 2^32 - 1 ahead means 2^32 - 1 ahead. */
void wheel_set(struct wheel *wheel, struct wheel_timer *timer, uint64_t tick);

/* Clears a timer. Does nothing if the timer is not set. */
void wheel_clear(struct wheel *wheel, struct wheel_timer *timer);

bool wheel_is_set(const struct wheel_timer *timer);

/* Advances towards tick `now` and returns one timer that is due by then, which
 * is no longer set. Returns NULL if no timer is due and wheel->now has reached
 * `now`. Between two calls timers may be set and cleared. Timers of an earlier
 * tick come first; timers of the same tick come in any order. */
struct wheel_timer *wheel_expire(struct wheel *wheel, uint64_t now);

/* Returns the tick by which wheel_expire must be called next. The tick is never
 * later than the first due timer. It may be earlier, if the wheel must move
 * timers to a lower level. Returns UINT64_MAX if no timer is set. */
uint64_t wheel_next(const struct wheel *wheel);

#endif
