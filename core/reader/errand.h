/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The work of the reader's process. */
#ifndef LVSMON_READER_ERRAND_H
#define LVSMON_READER_ERRAND_H

#include "base/system.h"

#include <stdbool.h>

/* Reads file and what it includes from system, and looks up all names. Writes
 * each answer to fd. If the text has errors, names are looked up only with
 * all_names. Returns an exit code. */
int errand_run(
	const struct system *system, const char *file, bool all_names, int fd);

#endif
