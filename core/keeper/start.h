/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper's beginning. */
#ifndef LVSMON_KEEPER_START_H
#define LVSMON_KEEPER_START_H

#include "engine/engine.h"
#include "process/sandbox.h"

#include <stdbool.h>

struct keeper_start {
	const char *file; /* read again at each reload */
	struct config_options options;
	const struct system *system;
	struct config *config; /* of file; the keeper takes it over */
	bool dry_run;
	enum sandbox sandbox; /* of every engine */
	/* Called once when signals are caught and the table is claimed, before
	 * privileges are dropped. Returns an exit code, and logs. */
	int (*begun)(void *arg);
	void *begun_arg;
	/* An engine's whole life, in its process. Returns the exit code. */
	int (*engine)(const struct engine_start *start);
};

#endif
