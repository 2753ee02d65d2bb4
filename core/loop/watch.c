// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper's event loop. */
#include "loop/watch.h"

#include <event2/event.h>
#include <stdlib.h>

struct watch_loop {
	struct event_base *base;
};

struct watch {
	struct event *event;
	watch_call *call;
	void *arg;
};

struct watch_loop *watch_loop_create(void)
{
	struct watch_loop *loop = calloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();

	if (loop && config) {
		event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
		loop->base = event_base_new_with_config(config);
	}
	if (config)
		event_config_free(config);
	if (loop && loop->base)
		return loop;
	free(loop);
	return NULL;
}

void watch_loop_destroy(struct watch_loop *loop)
{
	if (!loop)
		return;
	event_base_free(loop->base);
	free(loop);
}

int watch_loop_run(struct watch_loop *loop)
{
	return event_base_dispatch(loop->base) < 0 ? -1 : 0;
}

void watch_loop_stop(struct watch_loop *loop)
{
	event_base_loopbreak(loop->base);
}

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	const struct watch *watch = arg;

	(void)what;
	watch->call(watch->arg, (int)fd);
}

static struct watch *watch_create(struct watch_loop *loop, int fd, short what,
	const struct timeval *period, watch_call *call, void *arg)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->call = call;
	watch->arg = arg;
	watch->event = event_new(
		loop->base, fd, (short)(what | EV_PERSIST), on_event, watch);
	if (watch->event && event_add(watch->event, period) == 0)
		return watch;
	watch_drop(watch);
	return NULL;
}

struct watch *watch_signal(
	struct watch_loop *loop, int signal, watch_call *call, void *arg)
{
	return watch_create(loop, signal, EV_SIGNAL, NULL, call, arg);
}

struct watch *watch_readable(
	struct watch_loop *loop, int fd, watch_call *call, void *arg)
{
	return watch_create(loop, fd, EV_READ, NULL, call, arg);
}

struct watch *watch_every(
	struct watch_loop *loop, uint32_t ms, watch_call *call, void *arg)
{
	struct timeval period = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000) * 1000,
	};

	return watch_create(loop, -1, 0, &period, call, arg);
}

void watch_drop(struct watch *watch)
{
	if (!watch)
		return;
	if (watch->event)
		event_free(watch->event);
	free(watch);
}
