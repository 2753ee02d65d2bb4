// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to the service manager. */
#include "base/notify.h"

#include "base/log.h"
#include "base/sink.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#define STATE_MAX 160
#define WAITING_MAX 8

static struct sink manager;
static char waiting[WAITING_MAX][STATE_MAX]; /* the oldest first */
static unsigned int waiting_count;

void notify_open(void)
{
	const char *name = getenv("NOTIFY_SOCKET");

	if (name && sink_open_socket(&manager, name) < 0)
		log_line(LOG_WARNING,
			"NOTIFY_SOCKET '%s' cannot be used: the service "
			"manager hears nothing",
			name);
}

static bool is_status(const char *state)
{
	return strncmp(state, "STATUS=", strlen("STATUS=")) == 0;
}

static void drop_oldest(void)
{
	assert(waiting_count > 0);
	waiting_count--;
	memmove(waiting[0], waiting[1], waiting_count * sizeof(waiting[0]));
}

static void let_wait(const char *state)
{
	if (waiting_count && is_status(state) &&
		is_status(waiting[waiting_count - 1]))
		waiting_count--;
	if (waiting_count == WAITING_MAX)
		drop_oldest();
	assert(strlen(state) < STATE_MAX);
	strcpy(waiting[waiting_count++], state);
}

static bool deliver(const char *state)
{
	return sink_write(&manager, state, strlen(state)) > 0;
}

void notify_pulse(void)
{
	while (waiting_count && deliver(waiting[0]))
		drop_oldest();
}

void notify_send(const char *state)
{
	if (manager.kind == SINK_CLOSED)
		return;
	notify_pulse();
	if (strcmp(state, "WATCHDOG=1") == 0)
		deliver(state);
	else if (waiting_count || !deliver(state))
		let_wait(state);
}

bool notify_watchdog(uint64_t *interval_us)
{
#ifdef HAVE_SYSTEMD
	return sd_watchdog_enabled(0, interval_us) > 0;
#else
	(void)interval_us;
	return false;
#endif
}
