// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to the service manager. */
#include "base/notify.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

void notify_send(const char *state)
{
	sd_notify(0, state);
}

bool notify_watchdog(uint64_t *interval_us)
{
	return sd_watchdog_enabled(0, interval_us) > 0;
}

#else

void notify_send(const char *state)
{
	(void)state;
}

bool notify_watchdog(uint64_t *interval_us)
{
	(void)interval_us;
	return false;
}

#endif
