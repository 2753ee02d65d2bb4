/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: a process that probes and decides, and can do nothing else. */
#ifndef LVSMON_ENGINE_ENGINE_H
#define LVSMON_ENGINE_ENGINE_H

#include "base/system.h"
#include "ipc/scoreboard.h"

/* What an engine is started with. */
struct engine_start {
	const struct config *config;
	const struct system *system; /* to show the line of an error */
	struct scoreboard *scoreboard;
	int channel; /* to the keeper, SOCK_SEQPACKET, non-blocking */
	/* Gives up privileges once plugins are loaded. 0, or -1 and logged. */
	int (*confine)(void *arg);
	void *confine_arg;
};

/* Runs in a process of its own until the keeper says LEAVE or is gone. Returns
 * the exit code: EX_OK, EX_CONFIG (a plugin or its vector; each was logged),
 * EX_OSERR. */
int engine_run(const struct engine_start *start);

#endif
