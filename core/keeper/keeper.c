// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper: start, signals, the pulse, the end. */
#include "keeper/keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/slice.h"
#include "keeper/audit.h"
#include "keeper/edges.h"
#include "keeper/reading.h"
#include "keeper/state.h"
#include "keeper/status.h"
#include "keeper/succession.h"
#include "keeper/tell.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

static void on_stop(void *arg, int number)
{
	log_line(LOG_NOTICE, "stopping: %s", strsignal(number));
	state_stop(arg, EX_OK);
}

static void on_reload(void *arg, int number)
{
	(void)number;
	succession_reload(arg);
}

static void on_status(void *arg, int number)
{
	(void)number;
	status_begin(arg);
}

static void reap(struct keeper *keeper)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		reading_bury(keeper, pid);
		succession_bury(keeper, pid, status);
	}
}

static void on_child(void *arg, int number)
{
	(void)number;
	reap(arg);
}

static void feed_watchdog(struct keeper *keeper)
{
	uint64_t now = clock_ms();

	if (!keeper->watchdog_ms || now - keeper->fed_ms < keeper->watchdog_ms)
		return;
	keeper->fed_ms = now;
	notify_send("WATCHDOG=1");
}

static void on_pulse(struct loop_timer *timer)
{
	struct keeper *keeper = LOOP_OWNER(timer, struct keeper, pulse);

	loop_timer_set(keeper->loop, timer,
		clock_us() + (uint64_t)KEEPER_PULSE_MS * 1000);
	/* A SIGCHLD can be lost. */
	reap(keeper);
	succession_pulse(keeper);
	reading_pulse(keeper, succession_take);
	feed_watchdog(keeper);
	notify_pulse();
	edges_pulse(keeper, false);
	claim_pulse(&keeper->claim);
}

static void on_look(struct loop_timer *timer)
{
	struct keeper *keeper = LOOP_OWNER(timer, struct keeper, look);

	if (clock_ms() >= keeper->current->look_ms)
		generation_look(keeper->current);
}

static void look_in_time(struct keeper *keeper)
{
	uint64_t look_ms = keeper->current->look_ms;

	if (look_ms != POLICY_NEVER &&
		(!wheel_is_set(&keeper->look.wheel) ||
			keeper->look.wheel.tick > loop_tick_of(look_ms * 1000)))
		loop_timer_set(keeper->loop, &keeper->look, look_ms * 1000);
}

/* The turn that follows does the work. */
static void on_flush(struct loop_timer *timer)
{
	(void)timer;
}

/* Acts on what the turn's messages, signals and timers have noted: the table
 * first, then words. */
static void on_turn(void *arg)
{
	struct keeper *keeper = arg;

	if (keeper->stopping)
		return;
	succession_proceed(keeper);
	audit_apply(keeper);
	look_in_time(keeper);
	tell_summary(keeper);
	tell_lines(keeper, status_proceed(keeper));
}

/* A signal that came before, and was blocked, is caught now. */
static int catch_signals(struct keeper *keeper)
{
	static const struct {
		int number;
		loop_caught *caught;
	} signals[] = {
		{SIGTERM, on_stop},
		{SIGINT, on_stop},
		{SIGHUP, on_reload},
		{SIGUSR1, on_status},
		{SIGCHLD, on_child},
	};
	size_t count = sizeof(signals) / sizeof(signals[0]);
	sigset_t caught;

	_Static_assert(
		sizeof(signals) / sizeof(signals[0]) <= KEEPER_SIGNALS_MAX,
		"room for every signal");
	sigemptyset(&caught);
	for (size_t i = 0; i < count; i++) {
		sigaddset(&caught, signals[i].number);
		if (loop_signal_begin(keeper->loop, &keeper->signals[i],
			    signals[i].number, signals[i].caught, keeper) < 0)
			return -1;
	}
	return sigprocmask(SIG_UNBLOCK, &caught, NULL);
}

static int begin_loop(struct keeper *keeper)
{
	keeper->arena = arena_create();
	keeper->loop = loop_create(keeper->arena);
	if (!keeper->loop || catch_signals(keeper) < 0) {
		log_line(LOG_ERR, "the keeper's loop: %s", strerror(errno));
		return EX_OSERR;
	}
	keeper->flush.expired = on_flush;
	keeper->pulse.expired = on_pulse;
	keeper->audit.expired = audit_expired;
	keeper->look.expired = on_look;
	loop_timer_set(keeper->loop, &keeper->pulse,
		clock_us() + (uint64_t)KEEPER_PULSE_MS * 1000);
	return EX_OK;
}

/* The version as in IP_VS_VERSION: a byte each for major, minor, patch. */
static int greet_table(struct ipvs *ipvs)
{
	struct ipvs_info info;

	if (ipvs_info(ipvs, &info) < 0)
		return EX_UNAVAILABLE;
	log_line(LOG_INFO, "IPVS %u.%u.%u, a connection table of %u buckets",
		info.version >> 16, info.version >> 8 & 0xff,
		info.version & 0xff, info.conn_size);
	return EX_OK;
}

static int open_kernel(struct keeper *keeper)
{
	char why[256];

	if (claim_begin(&keeper->claim) < 0)
		return EX_TEMPFAIL;
	keeper->ipvs = ipvs_open_kernel(
		keeper->start->config->modprobe, why, sizeof(why));
	if (keeper->ipvs)
		return greet_table(keeper->ipvs);
	log_line(LOG_ERR, "cannot open the IPVS table: %s", why);
	return EX_UNAVAILABLE;
}

static int open_table(struct keeper *keeper)
{
	if (!keeper->start->dry_run)
		return open_kernel(keeper);
	log_line(LOG_NOTICE,
		"dry run: the table is in memory, the kernel's stays as it is");
	keeper->ipvs = ipvs_open_memory();
	if (keeper->ipvs)
		return EX_OK;
	log_line(LOG_ERR, "no memory for a table");
	return EX_OSERR;
}

/* Does all that needs root, then gives it up. Signals are caught first of all,
 * so that whoever sees the pidfile may send them. */
static int prepare(struct keeper *keeper)
{
	const struct config *config = keeper->start->config;
	uint64_t watchdog_us;
	int code = begin_loop(keeper);

	slice_shorten();
	if (code == EX_OK)
		code = privileges_prepare(&keeper->privileges,
			keeper->start->sandbox, config->user);
	if (code == EX_OK)
		code = open_table(keeper);
	if (code == EX_OK && keeper->start->begun)
		code = keeper->start->begun(keeper->start->begun_arg);
	if (code != EX_OK)
		return code;
	privileges_raise_files(config->pool + CHILD_FILES_BESIDE_PROBES);
	notify_open();
	if (notify_watchdog(&watchdog_us))
		keeper->watchdog_ms = watchdog_us / 2000;
	return privileges_keep(&keeper->privileges) < 0 ? EX_NOPERM : EX_OK;
}

static void end(struct keeper *keeper)
{
	log_defer(false);
	edges_pulse(keeper, true);
	notify_send("STOPPING=1");
	succession_end(keeper);
	if (keeper->current && keeper->code == EX_OK &&
		keeper->current->config->on_exit == CONFIG_CLEAR)
		audit_leave(keeper, keeper->current, NULL);
	if (keeper->ipvs)
		ipvs_close(keeper->ipvs);
	notify_pulse();
	loop_destroy(keeper->loop);
	arena_destroy(keeper->arena);
}

int keeper_run(const struct keeper_start *start)
{
	struct keeper keeper = {.start = start};
	int code = prepare(&keeper);

	if (code == EX_OK)
		code = succession_begin(&keeper, start->config);
	/* From now on the table comes first. */
	log_defer(true);
	if (code == EX_OK && loop_run(keeper.loop, on_turn, &keeper) < 0) {
		log_line(LOG_ERR, "the keeper's loop has failed");
		code = EX_SOFTWARE;
	}
	if (code != EX_OK)
		keeper.code = code;
	end(&keeper);
	return keeper.code;
}
