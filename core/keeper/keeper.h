/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper: holds the kernel's table, starts, watches and replaces the
 * engine, reads the configuration, and keeps no privilege but the table's. */
#ifndef LVSMON_KEEPER_KEEPER_H
#define LVSMON_KEEPER_KEEPER_H

#include "engine/engine.h"
#include "process/sandbox.h"

#include <stdbool.h>

struct keeper_start {
	const char *file;
	struct config_options options;
	const struct system *system;
	struct config *config; /* of file; the keeper's from now on */
	bool dry_run;
	enum sandbox sandbox; /* of every engine */
	/* An engine's whole child, in the new process; its exit code. */
	int (*engine)(const struct engine_start *start);
};

/* Runs until SIGTERM or SIGINT. Returns an exit code of sysexits.h. */
int keeper_run(const struct keeper_start *start);

#endif
