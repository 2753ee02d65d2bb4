/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Word to the service manager; without one, or without libsystemd, nothing. */
#ifndef LVSMON_BASE_NOTIFY_H
#define LVSMON_BASE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* As sd_notify(3): "READY=1", "STATUS=...". */
void notify_send(const char *state);

/* Whether the manager wants "WATCHDOG=1", and within what time each; at half
 * of that it should be sent. */
bool notify_watchdog(uint64_t *interval_us);

#endif
