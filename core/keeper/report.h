/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the keeper tells people: edges, the status table, the service manager.
 * All text about checks is made here, and on edges or on request only. */
#ifndef LVSMON_KEEPER_REPORT_H
#define LVSMON_KEEPER_REPORT_H

#include "keeper/generation.h"

/* "real 10.0.0.12:80 of web: down: http 404 (unexpected status), 3 ms, 3 of
 * 3", with the parts as fields LVSMON_*. */
void report_edge(const struct config *config, const struct protocol_edge *edge);

/* A line for each virtual, real and check. */
void report_status(const struct generation *generation);

/* "3 virtuals, 11 of 12 reals up" */
#define REPORT_SUMMARY_MAX 64
char *report_summary(const struct generation *generation, char *buf);

#endif
