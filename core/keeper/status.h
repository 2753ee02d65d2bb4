/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status table. */
#ifndef LVSMON_KEEPER_STATUS_H
#define LVSMON_KEEPER_STATUS_H

#include "keeper/state.h"

/* Logs a summary, and begins with the lines for each virtual, real and check. A
 * status that is not complete begins again. */
void status_begin(struct keeper *keeper);

/* Logs as many further lines as the log takes now. Returns whether lines are
 * left. A reload ends the status. */
bool status_proceed(struct keeper *keeper);

#endif
