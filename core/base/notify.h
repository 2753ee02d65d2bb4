/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages to the service manager, as sd_notify(3) describes them. That
 * function waits for a manager that does not read, so it is not used. If there
 * is no manager, these functions do nothing. None of them waits. */
#ifndef LVSMON_BASE_NOTIFY_H
#define LVSMON_BASE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Opens a socket to the manager that NOTIFY_SOCKET names, if it names any.
 * Nothing is opened or allocated after this call. */
void notify_open(void);

/* Sends "READY=1", "STATUS=..." and so on. A message that the manager does not
 * take waits for notify_pulse, except "WATCHDOG=1", which is worth nothing
 * later. A status takes the place of one that waits at the end. If too many
 * messages wait, the oldest is lost. */
void notify_send(const char *state);

/* Sends the messages that wait, in their order, as far as possible. */
void notify_pulse(void);

/* Returns whether the manager expects "WATCHDOG=1", and sets the longest time
 * between two of these messages. Send one after half of that time. */
bool notify_watchdog(uint64_t *interval_us);

#endif
