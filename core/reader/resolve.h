/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up many names at once. */
#ifndef LVSMON_READER_RESOLVE_H
#define LVSMON_READER_RESOLVE_H

#include "base/system.h"

/* Looks up each name in one of several threads, because a name server that does
 * not answer costs seconds for each name. Writes each answer to fd as soon as
 * it is there. Returns when all names have an answer. */
void resolve_all(const struct system *system, const char *const *names,
	uint32_t count, int fd);

#endif
