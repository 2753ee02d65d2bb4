/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages to the service manager. If there is none, or lvsmon was built
 * without libsystemd, these functions do nothing. */
#ifndef LVSMON_BASE_NOTIFY_H
#define LVSMON_BASE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Sends "READY=1", "STATUS=..." and so on, as sd_notify(3). */
void notify_send(const char *state);

/* Returns whether the manager expects "WATCHDOG=1", and sets the longest time
 * between two of these messages. Send one after half of that time. */
bool notify_watchdog(uint64_t *interval_us);

#endif
