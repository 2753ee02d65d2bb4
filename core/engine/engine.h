/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: a process that runs probes and decides health, and can do nothing
 * else. */
#ifndef LVSMON_ENGINE_ENGINE_H
#define LVSMON_ENGINE_ENGINE_H

#include "base/system.h"
#include "ipc/scoreboard.h"

/* An engine's beginning. */
struct engine_start {
	const struct config *config;
	const struct system *system; /* to show the line of an error */
	struct scoreboard *scoreboard;
	int channel; /* to the keeper: one end of channel_pair */
	/* Give up privileges: isolate before code of a plugin runs, confine
	 * once plugins are configured. Each returns 0, or -1 and logs. */
	int (*isolate)(void *arg);
	int (*confine)(void *arg);
	void *confine_arg;
};

/*
 * Runs in a process of its own. It loads its plugins, confines itself, says
 * READY, and waits for GO: until then the keeper may write the scoreboard. It
 * ends if the keeper says LEAVE or is gone. Returns the exit code: EX_OK,
 * EX_CONFIG (a plugin or its vector is wrong; each error was logged), or
 * EX_OSERR.
 */
int engine_run(const struct engine_start *start);

#endif
