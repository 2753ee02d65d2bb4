/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: a process that probes and decides, and can do nothing else. */
#ifndef LVSMON_ENGINE_ENGINE_H
#define LVSMON_ENGINE_ENGINE_H

#include "model/protocol.h"

/* Runs in a process of its own until the keeper says LEAVE or is gone. Returns
 * the exit code: EX_OK, EX_CONFIG (a plugin or its vector; each was logged),
 * EX_OSERR. */
int engine_run(const struct engine_start *start);

#endif
