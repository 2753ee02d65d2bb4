/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The succession of generations and of their engines.
 *
 * A reload makes the next generation and starts its engine. Once that engine
 * is ready, the current one is told to leave. When it has ended, the next
 * generation takes over health, counters and due times, takes its place, and
 * its engine is told to go. So no check is probed by two engines, and no
 * verdict is lost. A failure before that changes nothing.
 */
#ifndef LVSMON_KEEPER_SUCCESSION_H
#define LVSMON_KEEPER_SUCCESSION_H

#include "keeper/state.h"

/* Makes the first generation of a configuration and starts its engine. Returns
 * an exit code, and logs. */
int succession_begin(struct keeper *keeper, struct config *config);

/* Begins a reload, if the file and the checkers allow it. */
void succession_reload(struct keeper *keeper);

/* Takes a configuration that was read for a reload and begins its generation.
 * If config is NULL, the reload is refused because of why. */
void succession_take(
	struct keeper *keeper, struct config *config, const char *why);

/* Does what has become possible since the last turn: hands over, starts and
 * sends off engines, completes a round. */
void succession_proceed(struct keeper *keeper);

/* Kills engines that hang. */
void succession_pulse(struct keeper *keeper);

/* An engine was reaped. */
void succession_bury(struct keeper *keeper, pid_t pid, int status);

/* Makes every engine leave, and waits for them for a time; then kills them. */
void succession_end(struct keeper *keeper);

#endif
