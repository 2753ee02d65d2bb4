/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper: holds the kernel's table, starts, watches and replaces the
 * engine, reads the configuration, and keeps no privilege but the table's. */
#ifndef LVSMON_KEEPER_KEEPER_H
#define LVSMON_KEEPER_KEEPER_H

#include "keeper/start.h"

/* Runs until SIGTERM or SIGINT. Returns an exit code of sysexits.h. */
int keeper_run(const struct keeper_start *start);

#endif
