/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What engines report goes to the log here: edges and lines. A storm of either
 * is folded, so that neither a bad network nor a bad engine fills the log. */
#ifndef LVSMON_KEEPER_EDGES_H
#define LVSMON_KEEPER_EDGES_H

#include "ipc/protocol.h"
#include "keeper/state.h"

/* Takes in that policy has learned something of a real. The edge of a real
 * waits for its reasons; another weight and the edge of the virtual are logged
 * at once. */
void edges_real(struct generation *generation, uint32_t real);

/* Takes in the reasons for the edge of a real, and logs the edge, unless it was
 * told already. */
void edges_explain(
	struct generation *generation, const struct protocol_edge *edge);

/* Logs who serves each virtual, if that was not told: at the end of a first
 * round. */
void edges_round(struct generation *generation);

/* Logs a line of an engine's, marked as the engine's. */
void edges_line(struct generation *generation, const struct protocol_log *log);

/* Logs edges whose reasons do not come, and the numbers of what was folded. To
 * be called once a second, and with `last` at the end. */
void edges_pulse(struct keeper *keeper, bool last);

#endif
