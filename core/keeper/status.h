/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status table. */
#ifndef LVSMON_KEEPER_STATUS_H
#define LVSMON_KEEPER_STATUS_H

#include "keeper/generation.h"

/* Logs a summary, then a line for each virtual, real and check. */
void status_log(const struct generation *generation);

#endif
