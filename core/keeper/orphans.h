/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orphans: services of the kernel's table that an earlier lvsmon made, and that
 * left the configuration while lvsmon was stopped. A file under /run, which
 * lives as long as the kernel's table, holds the services that lvsmon made: one
 * a line, as config_service_format writes them. Each network namespace has a
 * file of its own. A dry run, and a keeper without root, has none.
 */
#ifndef LVSMON_KEEPER_ORPHANS_H
#define LVSMON_KEEPER_ORPHANS_H

#include "keeper/state.h"

/* Reports or deletes each orphan, as `orphans` says, then remembers the
 * services of the current generation and the orphans that stay. To be called at
 * the start, before the table is changed. Failures are logged and change
 * nothing else. */
void orphans_settle(struct keeper *keeper);

/* Remembers the services of the current generation. Logs a failure. */
void orphans_remember(struct keeper *keeper);

#endif
