/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trial of the checkers in a child process: a checker that ends the process
 * or never returns harms the child only. */
#ifndef LVSMON_ENGINE_TRIAL_H
#define LVSMON_ENGINE_TRIAL_H

#include "config/config.h"

/* The time that a checker may take to load or to read one vector. */
#define TRIAL_MS 5000

struct trial_job {
	const struct config *config;
	const struct system *system;
	/* The child becomes this user, as an engine does: a checker may read
	 * files that the engine's user cannot read. NULL = it stays. */
	const char *user;
	config_report *report;
	void *report_arg;
};

/*
 * Loads the checkers of config and configures all vectors. Reports every error,
 * also a checker that ends the process, dies or hangs. report is called in the
 * child too. Returns 0 if all is well, otherwise -1.
 */
int trial_run(const struct trial_job *job);

#endif
