/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of a check, in flight: a probe connects, lets the checker speak, and
 * ends with a verdict, within one deadline from start to end.
 */
#ifndef LVSMON_ENGINE_PROBE_H
#define LVSMON_ENGINE_PROBE_H

#include "engine/probe_state.h"

/* Prepares a probe for its first use. input has host->input_size bytes; host
 * and input must outlive the probe. */
void probe_init(
	struct probe *probe, const struct probe_host *host, char *input);

/* Begins. The probe must come from pool_take. Returns 0. On failure returns
 * the errno of what is short on this machine; the probe is still free then and
 * the caller gives it back. */
int probe_begin(struct probe *probe, const struct probe_order *order);

/* Closes the connection of a probe that lingers, and gives the probe back. */
void probe_part(struct probe *probe);

#endif
