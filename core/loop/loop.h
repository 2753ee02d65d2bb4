/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop of every long-lived process; the one room that knows libevent.
 *
 * Time goes in ticks of 10 ms on a grid that all timers share, so that one
 * wake-up serves all that is due. A wheel and one timerfd keep the time. The
 * timerfd is set to an absolute time and nobody reads it: libevent's own timers
 * run by a clock of 4 ms, too early or too late for the grid.
 */
#ifndef LVSMON_LOOP_LOOP_H
#define LVSMON_LOOP_LOOP_H

#include "base/arena.h"
#include "base/wheel.h"

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOP_TICK_US 10000

/* A loop that turns so many ticks after a timer was due stood still: the
 * process was stopped, or something held it up. */
#define LOOP_LATE_TICKS 10

/* The struct that a member belongs to. */
#define LOOP_OWNER(member, type, name)                                         \
	((type *)(void *)((char *)(member)-offsetof(type, name)))

struct loop;

/* A timer on the wheel; zeroed = not set. */
struct loop_timer {
	struct wheel_timer wheel;
	void (*expired)(struct loop_timer *timer);
};

/* Work to be done at the end of the turn, after its events and timers. A task
 * that is posted by a task waits for the next turn. Zeroed = not posted. */
struct loop_task {
	struct loop_task *next;
	struct loop_task **link; /* what points here; NULL = not posted */
	void (*run)(struct loop_task *task);
};

/* in: there may be input, or its end. out: there may be room. If a socket has
 * failed both are true. */
typedef void loop_ready(void *arg, bool in, bool out);

/* A descriptor that the loop waits for; zeroed = none. */
struct loop_watch {
	struct event event;
	loop_ready *ready;
	void *arg;
	bool on;
	/* LOOP_CHANGES: the other side sends nothing more, although input may
	 * still be there. A socket that has failed need not say so. */
	bool ended;
};

typedef void loop_caught(void *arg, int number);

/* A signal that the loop waits for; zeroed = none. */
struct loop_signal {
	struct event event;
	loop_caught *caught;
	void *arg;
};

enum loop_interest {
	LOOP_INPUT,    /* as long as there is input */
	LOOP_ROOM,     /* once, when there is room to write */
	LOOP_CHANGES,  /* input and room, each time either appears */
	LOOP_ARRIVALS, /* input, each time more of it appears */
};

/* Creates a loop in arena. Returns NULL with errno set if the kernel refuses
 * what the loop needs. */
struct loop *loop_create(struct arena *arena);

/* Forgets all watches; their descriptors stay open. NULL is allowed. */
void loop_destroy(struct loop *loop);

/* Makes libevent take all the memory that it will ever need for descriptors:
 * begins each of `count` watches once, all ready together, and ends them. Best
 * effort. */
void loop_warm(struct loop *loop,
	struct loop_watch *(*watch_of)(void *arg, uint32_t index), void *arg,
	uint32_t count);

/* Runs until loop_stop and calls turn at the end of each turn. Returns 0, or
 * -1 if the kernel fails the loop. */
int loop_run(struct loop *loop, void (*turn)(void *arg), void *arg);
void loop_stop(struct loop *loop);

/* Returns the microseconds for which the loop stood still since it was made. A
 * pause counts from the turn before it. It is added after the events of the
 * first turn behind it, and before the timers that were due in it. */
uint64_t loop_lost(const struct loop *loop);

/* Returns the first tick not before a time of clock_us. */
uint64_t loop_tick_of(uint64_t us);

/* Sets or moves a timer to the first tick not before a time of clock_us. A
 * timer never expires early. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t us);
void loop_timer_clear(struct loop *loop, struct loop_timer *timer);

/* Posting a posted task, or unposting one that is not, does nothing. */
void loop_post(struct loop *loop, struct loop_task *task);
void loop_unpost(struct loop *loop, struct loop_task *task);

/* Begins to watch a descriptor. Returns 0 or -1. Calls ready only from the
 * loop, never from here. */
int loop_watch_begin(struct loop *loop, struct loop_watch *watch, int fd,
	enum loop_interest interest, loop_ready *ready, void *arg);

/* Ends a watch. The caller must do so before it closes the descriptor. Ending
 * a watch twice does nothing. */
void loop_watch_end(struct loop_watch *watch);

/* Begins to catch a signal, until the loop is destroyed. Returns 0 or -1.
 * Allocates: for the start of a process only. The caller keeps watch as long as
 * the loop lives. */
int loop_signal_begin(struct loop *loop, struct loop_signal *watch, int number,
	loop_caught *caught, void *arg);

#endif
