/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows an error with the line of the file that it is about. */
#ifndef LVSMON_CONFIG_SHOW_H
#define LVSMON_CONFIG_SHOW_H

#include "config/config.h"

/* Reports an error at a place. The line begins at start and ends at a newline
 * or at end; if start is NULL, only place and message are reported. */
void show_error(config_report *report, void *report_arg,
	const struct config_place *place, const char *start, const char *end,
	const char *message);

/* Reports an error at a place of a configuration that was read before. The line
 * is read from the file again; if system is NULL, the line is left out. */
void config_complain(const struct system *system,
	const struct config_place *place, config_report *report,
	void *report_arg, const char *message);

#endif
