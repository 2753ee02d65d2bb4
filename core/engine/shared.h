/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that the probes of many checks share. They are opened before the
 * engine is confined, and only if a check needs them. */
#ifndef LVSMON_ENGINE_SHARED_H
#define LVSMON_ENGINE_SHARED_H

#include "engine/loader.h"
#include "loop/loop.h"

/*
 * Opens what the checks of config share. A vector that was skipped has no
 * transport. Returns 0. On failure reports the first error at the place of its
 * vector and returns -1.
 */
int shared_open(const struct config *config, const struct instance *instances,
	const struct system *system, config_report *report, void *report_arg);

/* Watches what is open, for `probes` probes at once; takes memory. Returns 0 or
 * -1. */
int shared_start(struct loop *loop, struct arena *arena, uint32_t probes);

/* Closes what is open. Must precede the end of the loop. */
void shared_close(void);

#endif
