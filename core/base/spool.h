/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines on their way to a sink. A short burst waits here for its reader. If the
 * sink takes nothing for SPOOL_PATIENCE_MS, the lines that wait are given up
 * and counted: a reader that stamps lines with the time of their arrival would
 * show an old line as new.
 */
#ifndef LVSMON_BASE_SPOOL_H
#define LVSMON_BASE_SPOOL_H

#include "base/sink.h"

#include <stdint.h>

#define SPOOL_SIZE 32768
#define SPOOL_PATIENCE_MS 1000

struct spool {
	uint64_t lost; /* lines that were given up */
	uint64_t
		refused_ms; /* since when the sink takes nothing; 0 = it does */
	uint32_t count;     /* lines that wait */
	size_t begin, end;  /* of them, in bytes */
	size_t taken;       /* bytes of the first line that the sink has */
	char bytes[SPOOL_SIZE];
};

/* Appends a line. Returns false if there is no room. */
bool spool_put(struct spool *spool, const char *line, size_t len);

/* Hands lines to the sink until it takes no more. Returns whether no line
 * waits any longer. */
bool spool_drain(struct spool *spool, const struct sink *sink);

/* Gives all lines up, and counts them. */
void spool_clear(struct spool *spool);

#endif
