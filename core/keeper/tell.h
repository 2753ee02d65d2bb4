/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper tells: edges to the log, its state to the service manager. All
 * text about checks is made here or in the status, on edges or on request
 * only. */
#ifndef LVSMON_KEEPER_TELL_H
#define LVSMON_KEEPER_TELL_H

#include "ipc/protocol.h"
#include "keeper/state.h"

/* Logs "real 10.0.0.12:80 of web: down: http 404 (unexpected status), 3 ms, 3
 * of 3", with its parts as fields LVSMON_*. The fields are of the first
 * finding. */
void tell_edge(const struct config *config, int level,
	const struct protocol_edge *edge);

/* Logs that a real that is up has another weight than before. */
void tell_weight(const struct config *config, uint32_t real, uint32_t before,
	uint32_t now);

/* Logs who serves a virtual from now on. */
void tell_service(const struct generation *generation, uint32_t virtual);

/* Logs the reals about which nothing is known, up to a number of them. */
void tell_undecided(const struct generation *generation);

/* Tells the service manager that a reload begins; that the keeper is ready; and
 * its summary, if that is another than the last one. */
void tell_reloading(void);
void tell_ready(const struct keeper *keeper);
void tell_summary(struct keeper *keeper);

/* Delivers the lines of this turn. If the log does not take all of them, or if
 * `more` are to come, the timer keeper->flush turns the loop again soon. */
void tell_lines(struct keeper *keeper, bool more);

#endif
