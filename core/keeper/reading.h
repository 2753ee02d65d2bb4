/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phase of a reload in which the reader reads the file and looks up names.
 * The keeper goes on with everything else meanwhile. While names are
 * unresolved, the keeper repeats a reading on its own.
 */
#ifndef LVSMON_KEEPER_READING_H
#define LVSMON_KEEPER_READING_H

#include "keeper/state.h"

/* Unresolved names are looked up again after this time. */
#define READING_AGAIN_MS 10000

/* Begins a reading for a reload that somebody asked for. If such a reading is
 * under way, another one follows it. done is called from the loop. Returns 0,
 * or -1 and logs. */
int reading_begin(struct keeper *keeper, reading_done *done);

/* Ends a reading whose limit has passed. Begins a reading if a name of the
 * current configuration has been unresolved for long enough. Such a reading
 * calls done only if the files are the same and a name has got an answer. */
void reading_pulse(struct keeper *keeper, reading_done *done);

/* A process was reaped. It may be a reader. */
void reading_bury(struct keeper *keeper, pid_t pid);

/* Gives up a reading that is under way. */
void reading_stop(struct keeper *keeper);

/* Logs what is left out of a configuration that comes into force, because names
 * have no answer. */
void reading_warn(const struct config *config);

#endif
