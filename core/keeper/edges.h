/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What engines report goes to the log here: edges and lines. A storm of either
 * is folded, so that neither a bad network nor a bad engine fills the log. */
#ifndef LVSMON_KEEPER_EDGES_H
#define LVSMON_KEEPER_EDGES_H

#include "ipc/protocol.h"
#include "keeper/state.h"

/* Logs the edge of a check. */
void edges_check(
	struct generation *generation, const struct protocol_edge *edge);

/* Logs who serves a virtual from now on. */
void edges_virtual(struct generation *generation, uint32_t virtual);

/* Logs a line of an engine's, marked as the engine's. */
void edges_line(struct generation *generation, const struct protocol_log *log);

/* Logs the numbers of what was folded. To be called once a second, and with
 * `last` at the end. */
void edges_pulse(struct keeper *keeper, bool last);

#endif
