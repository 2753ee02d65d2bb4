// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper: start, signals, the pulse, the end. */
#include "keeper/keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/slice.h"
#include "keeper/state.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* How long engines may take to leave at the end. */
#define END_MS 1000

void keeper_stop(struct keeper *keeper, int code)
{
	keeper->stopping = true;
	keeper->code = code;
	watch_loop_stop(keeper->loop);
}

static void on_stop(void *arg, int signal)
{
	log_line(LOG_NOTICE, "stopping: %s", strsignal(signal));
	keeper_stop(arg, EX_OK);
}

static void on_reload(void *arg, int signal)
{
	(void)signal;
	keeper_reload(arg);
}

static void on_status(void *arg, int signal)
{
	const struct keeper *keeper = arg;

	(void)signal;
	report_status(keeper->current);
}

static void on_child(void *arg, int signal)
{
	pid_t pid;
	int status;

	(void)signal;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		keeper_bury(arg, pid, status);
}

static void check_engines(struct keeper *keeper)
{
	struct generation *current = keeper->current;
	struct generation *next = keeper->next;

	child_check(&current->child, &keeper->privileges, current->scoreboard);
	if (next && child_check(&next->child, &keeper->privileges,
			    next->scoreboard))
		keeper_abandon(keeper, "its engine hung");
	for (struct generation *old = keeper->leaving; old; old = old->next)
		child_check(&old->child, &keeper->privileges, old->scoreboard);
	if (!current->child.pid && clock_ms() >= current->child.again_ms)
		keeper_begin(keeper, current);
}

static void feed_watchdog(struct keeper *keeper)
{
	uint64_t now = clock_ms();

	if (!keeper->watchdog_ms || now - keeper->fed_ms < keeper->watchdog_ms)
		return;
	keeper->fed_ms = now;
	notify_send("WATCHDOG=1");
}

/* 0 = never. What failed is asked for again only after a look. */
static uint32_t audit_period(const struct keeper *keeper)
{
	uint32_t ms = keeper->current->config->audit_ms;

	return !ms && keeper->refused ? KEEPER_AGAIN_MS : ms;
}

static void on_pulse(void *arg, int fd)
{
	struct keeper *keeper = arg;
	uint32_t audit_ms = audit_period(keeper);

	(void)fd;
	check_engines(keeper);
	if (audit_ms && keeper->current->applied &&
		clock_ms() - keeper->audited_ms >= audit_ms)
		keeper_audit(keeper);
	feed_watchdog(keeper);
	keeper_tell_summary(keeper);
}

static int watch_all(struct keeper *keeper)
{
	static const struct {
		int signal;
		watch_call *call;
	} signals[] = {
		{SIGTERM, on_stop},
		{SIGINT, on_stop},
		{SIGHUP, on_reload},
		{SIGUSR1, on_status},
		{SIGCHLD, on_child},
	};

	keeper->loop = watch_loop_create();
	if (!keeper->loop)
		return -1;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!watch_signal(keeper->loop, signals[i].signal,
			    signals[i].call, keeper))
			return -1;
	return watch_every(keeper->loop, KEEPER_PULSE_MS, on_pulse, keeper)
		       ? 0
		       : -1;
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
	return keeper->ipvs ? EX_OK : EX_OSERR;
}

/* All that needs root, then none of it. */
static int prepare(struct keeper *keeper)
{
	const struct config *config = keeper->start->config;
	uint64_t watchdog_us;
	int code;

	signal(SIGPIPE, SIG_IGN);
	slice_shorten();
	code = privileges_prepare(
		&keeper->privileges, keeper->start->sandbox, config->user);
	if (code == EX_OK)
		code = open_table(keeper);
	if (code != EX_OK)
		return code;
	privileges_raise_files(config->pool + CHILD_FILES_BESIDE_PROBES);
	if (notify_watchdog(&watchdog_us))
		keeper->watchdog_ms = watchdog_us / 2000;
	if (privileges_keep(&keeper->privileges) < 0)
		return EX_NOPERM;
	return watch_all(keeper) < 0 ? EX_OSERR : EX_OK;
}

static int begin(struct keeper *keeper)
{
	keeper->current = generation_create(
		keeper, keeper->start->config, keeper->ipvs, NULL);
	if (!keeper->current)
		return EX_UNAVAILABLE;
	return keeper_begin(keeper, keeper->current) < 0 ? EX_OSERR : EX_OK;
}

static void each_life(
	struct keeper *keeper, void (*call)(struct keeper *, struct child *))
{
	if (keeper->current)
		call(keeper, &keeper->current->child);
	if (keeper->next)
		call(keeper, &keeper->next->child);
	for (struct generation *old = keeper->leaving; old; old = old->next)
		call(keeper, &old->child);
}

static void ask_to_leave(struct keeper *keeper, struct child *child)
{
	(void)keeper;
	child_ask_to_leave(child);
}

static void kill_now(struct keeper *keeper, struct child *child)
{
	child_kill(child, &keeper->privileges);
}

/* Waits for every engine, but not for ever. */
static void end_engines(struct keeper *keeper)
{
	uint64_t until = clock_ms() + END_MS;
	pid_t pid;

	each_life(keeper, ask_to_leave);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && clock_ms() < until)
		if (pid == 0)
			clock_sleep_ms(10);
	if (pid < 0)
		return;
	each_life(keeper, kill_now);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void end(struct keeper *keeper)
{
	notify_send("STOPPING=1");
	end_engines(keeper);
	if (keeper->current && keeper->code == EX_OK &&
		keeper->current->config->on_exit == CONFIG_CLEAR)
		keeper_clear(keeper);
	if (keeper->ipvs)
		ipvs_close(keeper->ipvs);
}

int keeper_run(const struct keeper_start *start)
{
	struct keeper keeper = {.start = start};
	int code = prepare(&keeper);

	if (code == EX_OK)
		code = begin(&keeper);
	if (code == EX_OK && watch_loop_run(keeper.loop) < 0)
		code = EX_SOFTWARE;
	if (code != EX_OK)
		keeper.code = code;
	end(&keeper);
	return keeper.code;
}
