/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's event loop: the one file of this room that knows libevent.
 *
 * Time goes in ticks of 10 ms on a grid that all share, so that one wake-up
 * serves all that is due. It is kept by a wheel and one timerfd, set to an
 * absolute time and read by nobody: libevent's own timers would run by a clock
 * of 4 ms, too early or too late for the grid.
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

/* What a member belongs to. */
#define LOOP_OWNER(member, type, name)                                         \
	((type *)(void *)((char *)(member)-offsetof(type, name)))

struct loop;

/* Something on the wheel; zeroed = not set. */
struct loop_timer {
	struct wheel_timer wheel;
	void (*expired)(struct loop_timer *timer);
};

/* Something to be done once the turn's events and timers are; what is posted
 * from there has to wait for the next turn. Zeroed = not posted. */
struct loop_task {
	struct loop_task *next;
	struct loop_task **link; /* what points here; NULL = not posted */
	void (*run)(struct loop_task *task);
};

/* in: there may be something to read, or the end. A socket that has failed is
 * both. */
typedef void loop_ready(void *arg, bool in, bool out);

/* A descriptor that is waited for; zeroed = not. */
struct loop_watch {
	struct event event;
	loop_ready *ready;
	void *arg;
	bool on;
};

enum loop_interest {
	LOOP_INPUT,   /* as long as there is some */
	LOOP_ROOM,    /* once: when there is room to write */
	LOOP_CHANGES, /* input and room, whenever either comes anew */
};

/* In arena. NULL, with errno set, where the kernel has none to give. */
struct loop *loop_create(struct arena *arena);

/* Its watches are forgotten; their descriptors stay open. NULL is allowed. */
void loop_destroy(struct loop *loop);

/* Lets libevent take all the memory it will ever need for descriptors: each
 * of `count` watches once, all ready together. Best effort. Their users set
 * them anew. */
void loop_warm(struct loop *loop,
	struct loop_watch *(*watch_of)(void *arg, uint32_t index), void *arg,
	uint32_t count);

/* Runs until loop_stop; calls turn at the end of each turn. 0 or -1. */
int loop_run(struct loop *loop, void (*turn)(void *arg), void *arg);
void loop_stop(struct loop *loop);

/* The first tick not before a time of clock_us. */
uint64_t loop_tick_of(uint64_t us);

/* Sets or moves a timer to the first tick not before a time of clock_us: it
 * never expires early. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t us);
void loop_timer_clear(struct loop *loop, struct loop_timer *timer);

/* Nothing happens where it is posted already, or is not. */
void loop_post(struct loop *loop, struct loop_task *task);
void loop_unpost(struct loop *loop, struct loop_task *task);

/* 0 or -1. Nothing is called back before the loop turns. */
int loop_watch_begin(struct loop *loop, struct loop_watch *watch, int fd,
	enum loop_interest interest, loop_ready *ready, void *arg);

/* To be called before its descriptor is closed. */
void loop_watch_end(struct loop_watch *watch);

#endif
