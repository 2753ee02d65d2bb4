/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a configuration from its files. */
#ifndef LVSMON_CONFIG_READ_H
#define LVSMON_CONFIG_READ_H

#include "config/config.h"

/* Reads path and all files that it includes. Returns a configuration, which
 * the caller destroys with arena_destroy(config->arena). Returns NULL after one
 * or more reports. */
struct config *config_read(const char *path,
	const struct config_options *options, const struct system *system,
	config_report *report, void *report_arg);

/* Does the same. If it returns NULL and vectors is not NULL, *vectors is a
 * configuration that has the vectors of all check lines and the global
 * settings, so that the caller can test the vectors too. The caller destroys
 * this configuration in the same way. */
struct config *config_test(const char *path,
	const struct config_options *options, const struct system *system,
	config_report *report, void *report_arg, struct config **vectors);

/* Reads the words of path and of all files that it includes, so that system is
 * asked for all files and names. Returns 0, or -1 if they have errors. */
int config_scan(const char *path, const struct system *system);

#endif
