/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper's event loop: the one file of this room that knows libevent. */
#ifndef LVSMON_LOOP_WATCH_H
#define LVSMON_LOOP_WATCH_H

#include <stdint.h>

struct watch_loop;
struct watch;

/* what: the signal's number, or the descriptor. */
typedef void watch_call(void *arg, int what);

struct watch_loop *watch_loop_create(void);
void watch_loop_destroy(struct watch_loop *loop);

/* Runs until watch_loop_stop, which may be called from a watch. 0 or -1. */
int watch_loop_run(struct watch_loop *loop);
void watch_loop_stop(struct watch_loop *loop);

/* Each calls back from now on, until its watch is dropped. NULL where that
 * cannot be had. They allocate: for start and reload only. */
struct watch *watch_signal(
	struct watch_loop *loop, int signal, watch_call *call, void *arg);
struct watch *watch_readable(
	struct watch_loop *loop, int fd, watch_call *call, void *arg);
struct watch *watch_every(
	struct watch_loop *loop, uint32_t ms, watch_call *call, void *arg);

/* NULL is allowed. */
void watch_drop(struct watch *watch);

#endif
