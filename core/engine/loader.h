/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checkers from the plugin directory; the one place that knows dlopen. */
#ifndef LVSMON_ENGINE_LOADER_H
#define LVSMON_ENGINE_LOADER_H

#include "config/config.h"
#include "lvsmon/checker.h"

/* A checker with one configured vector. */
struct instance {
	const struct checker *checker;
	void *conf;
	uint16_t port;   /* that the vector names, or 0 */
	bool configured; /* release has something to give back */
};

/* Loads what config's vectors need and configures each. Returns an array of
 * config->vector_count in arena, or NULL after reporting every error. */
struct instance *loader_load(const struct config *config,
	const struct system *system, struct arena *arena, config_report *report,
	void *report_arg);

/* Lets every checker give back what it took; the vectors are of no use any
 * more. NULL is allowed. */
void loader_release(const struct config *config, struct instance *loaded);

/* Prints name, summary, usage and path of every plugin in dir; what cannot be
 * loaded is said on stderr. Returns an exit code. */
int loader_list(const char *dir);

#endif
