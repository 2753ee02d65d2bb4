/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trial of the checkers in a child process: a checker that ends the process
 * or never returns harms the child only. */
#ifndef LVSMON_ENGINE_TRIAL_H
#define LVSMON_ENGINE_TRIAL_H

#include "config/config.h"

/* The time that a checker may take to load or to read one vector. */
#define TRIAL_MS 5000

/*
 * Loads the checkers of config and configures all vectors. Reports every error,
 * also a checker that ends the process, dies or hangs. report is called in the
 * child too. If root is the caller, the checkers read their vectors as `user`,
 * so that files closed to the engine are errors; NULL = as the caller. Returns
 * 0 if all is well, otherwise -1.
 */
int trial_run(const struct config *config, const struct system *system,
	const char *user, config_report *report, void *report_arg);

#endif
