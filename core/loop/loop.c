// SPDX-License-Identifier: GPL-2.0-or-later
/* The event loop. */
#include "loop/loop.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct loop {
	struct event_base *base;
	struct wheel wheel;
	int clock;       /* the timerfd */
	uint64_t armed;  /* the tick that the clock is set to; UINT64_MAX = none
			  */
	uint64_t turned; /* the tick of the last turn */
	uint64_t lost;   /* ticks, see loop_lost */
	struct loop_watch clock_watch;
	struct loop_task *tasks;
	struct loop_task **tasks_end;
	bool stopped;
};

static uint64_t tick_now(void)
{
	return clock_us() / LOOP_TICK_US;
}

static void clock_ready(void *arg, bool in, bool out)
{
	struct loop *loop = arg;

	(void)in;
	(void)out;
	loop->armed = UINT64_MAX;
}

/* One thread needs no locks. Without timers of libevent's no time is cached. */
static struct event_base *base_create(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (!config)
		return NULL;
	if (event_config_set_flag(config,
		    EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV |
			    EVENT_BASE_FLAG_NO_CACHE_TIME) == 0 &&
		event_config_require_features(config, EV_FEATURE_ET) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

struct loop *loop_create(struct arena *arena)
{
	struct loop *loop = arena_alloc(arena, sizeof(*loop));

	loop->clock =
		timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	loop->base = base_create();
	wheel_init(&loop->wheel, tick_now());
	loop->turned = loop->wheel.now;
	loop->armed = UINT64_MAX;
	loop->tasks_end = &loop->tasks;
	if (loop->clock >= 0 && loop->base &&
		loop_watch_begin(loop, &loop->clock_watch, loop->clock,
			LOOP_CHANGES, clock_ready, loop) == 0)
		return loop;
	loop_destroy(loop);
	return NULL;
}

void loop_destroy(struct loop *loop)
{
	int error = errno;

	if (!loop)
		return;
	if (loop->base)
		event_base_free(loop->base);
	if (loop->clock >= 0)
		close(loop->clock);
	errno = error;
}

static void be_ready(void *arg, bool in, bool out)
{
	(void)arg;
	(void)in;
	(void)out;
}

/* epoll's array of results has 32 entries at first and doubles whenever it
 * comes back full, up to 4096. */
#define WARM_TURNS 8

/* Gives up a descriptor that was not watched: its number, the lowest, is the
 * first that a probe gets. */
static void warm_number(struct loop *loop, struct loop_watch *watch, int fd)
{
	if (loop_watch_begin(loop, watch, fd, LOOP_INPUT, be_ready, NULL) == 0)
		loop_watch_end(watch);
	close(fd);
}

void loop_warm(struct loop *loop,
	struct loop_watch *(*watch_of)(void *arg, uint32_t index), void *arg,
	uint32_t count)
{
	int ready = count ? eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC) : -1;
	uint32_t begun = 0;

	while (ready >= 0 && begun < count) {
		struct loop_watch *watch = watch_of(arg, begun);
		int fd = dup(ready);

		if (fd < 0)
			break;
		if (loop_watch_begin(
			    loop, watch, fd, LOOP_INPUT, be_ready, NULL) < 0) {
			close(fd);
			break;
		}
		begun++;
	}
	for (int i = 0; i < WARM_TURNS; i++)
		event_base_loop(loop->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	while (begun > 0) {
		struct loop_watch *watch = watch_of(arg, --begun);

		loop_watch_end(watch);
		close(event_get_fd(&watch->event));
	}
	if (ready >= 0)
		warm_number(loop, watch_of(arg, 0), ready);
}

/* Moves the clock to an earlier time only. A cleared timer may therefore wake
 * the loop once in vain, which is cheaper than a system call for each probe. */
static void arm_clock(struct loop *loop)
{
	uint64_t next = wheel_next(&loop->wheel);
	struct itimerspec at = {0};

	if (next >= loop->armed)
		return;
	/* A time of 0 would disarm the clock. */
	at.it_value.tv_sec = (time_t)(next * LOOP_TICK_US / 1000000);
	at.it_value.tv_nsec = (long)(next * LOOP_TICK_US % 1000000 * 1000 + 1);
	if (timerfd_settime(loop->clock, TFD_TIMER_ABSTIME, &at, NULL) == 0)
		loop->armed = next;
}

/* The loop had to wake at the tick `armed`, unless events woke it before that.
 * The pause may have begun at any time since the last turn. */
static void expire_timers(struct loop *loop, uint64_t armed)
{
	uint64_t now = tick_now();
	struct wheel_timer *due;

	if (now > armed && now - armed >= LOOP_LATE_TICKS)
		loop->lost += now - loop->turned;
	loop->turned = now;
	while (!loop->stopped && (due = wheel_expire(&loop->wheel, now))) {
		struct loop_timer *timer =
			LOOP_OWNER(due, struct loop_timer, wheel);

		timer->expired(timer);
	}
}

/* Runs what was posted before; tasks posted meanwhile wait for the next turn.
 */
static void run_tasks(struct loop *loop)
{
	struct loop_task *tasks = loop->tasks;

	if (!tasks)
		return;
	tasks->link = &tasks;
	loop->tasks = NULL;
	loop->tasks_end = &loop->tasks;
	while (tasks) {
		struct loop_task *task = tasks;

		tasks = task->next;
		if (tasks)
			tasks->link = &tasks;
		task->link = NULL;
		task->run(task);
	}
}

int loop_run(struct loop *loop, void (*turn)(void *arg), void *arg)
{
	while (!loop->stopped) {
		int flags = EVLOOP_ONCE;
		uint64_t armed;

		if (loop->tasks)
			flags |= EVLOOP_NONBLOCK;
		arm_clock(loop);
		armed = loop->armed;
		if (event_base_loop(loop->base, flags) < 0)
			return -1;
		expire_timers(loop, armed);
		run_tasks(loop);
		turn(arg);
	}
	return 0;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

uint64_t loop_lost(const struct loop *loop)
{
	return loop->lost * LOOP_TICK_US;
}

uint64_t loop_tick_of(uint64_t us)
{
	return us / LOOP_TICK_US + (us % LOOP_TICK_US != 0);
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t us)
{
	wheel_set(&loop->wheel, &timer->wheel, loop_tick_of(us));
}

void loop_timer_clear(struct loop *loop, struct loop_timer *timer)
{
	wheel_clear(&loop->wheel, &timer->wheel);
}

void loop_post(struct loop *loop, struct loop_task *task)
{
	if (task->link)
		return;
	assert(!*loop->tasks_end);
	task->next = NULL;
	task->link = loop->tasks_end;
	*task->link = task;
	loop->tasks_end = &task->next;
}

void loop_unpost(struct loop *loop, struct loop_task *task)
{
	if (!task->link)
		return;
	*task->link = task->next;
	if (task->next)
		task->next->link = task->link;
	else if (loop->tasks_end == &task->next)
		loop->tasks_end = task->link;
	task->link = NULL;
}

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *watch = arg;

	(void)fd;
	/* libevent has taken out an event that is not persistent by now. */
	if (!(event_get_events(&watch->event) & EV_PERSIST))
		watch->on = false;
	watch->ended |= (what & EV_CLOSED) != 0;
	watch->ready(watch->arg, what & EV_READ, what & EV_WRITE);
}

int loop_watch_begin(struct loop *loop, struct loop_watch *watch, int fd,
	enum loop_interest interest, loop_ready *ready, void *arg)
{
	static const short events[] = {
		[LOOP_INPUT] = EV_READ | EV_PERSIST,
		[LOOP_ROOM] = EV_WRITE,
		[LOOP_ARRIVALS] = EV_READ | EV_ET | EV_PERSIST,
		[LOOP_CHANGES] =
			EV_READ | EV_WRITE | EV_CLOSED | EV_ET | EV_PERSIST,
	};

	watch->ready = ready;
	watch->arg = arg;
	watch->ended = false;
	if (event_assign(&watch->event, loop->base, fd, events[interest],
		    on_event, watch) < 0 ||
		event_add(&watch->event, NULL) < 0)
		return -1;
	watch->on = true;
	return 0;
}

void loop_watch_end(struct loop_watch *watch)
{
	if (watch->on)
		event_del(&watch->event);
	watch->on = false;
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	const struct loop_signal *watch = arg;

	(void)what;
	watch->caught(watch->arg, (int)number);
}

int loop_signal_begin(struct loop *loop, struct loop_signal *watch, int number,
	loop_caught *caught, void *arg)
{
	watch->caught = caught;
	watch->arg = arg;
	if (evsignal_assign(
		    &watch->event, loop->base, number, on_signal, watch) < 0)
		return -1;
	return evsignal_add(&watch->event, NULL);
}
