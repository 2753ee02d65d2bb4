/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probe's members at its beginning, from the order. */
#ifndef LVSMON_ENGINE_PREPARE_H
#define LVSMON_ENGINE_PREPARE_H

#include "engine/probe_state.h"

/* Sets what the probe's transport finds at its begin. Returns the target, which
 * refers to the order. */
struct transport_target prepare_transport(
	struct probe *probe, const struct probe_order *order);

/* Sets all other members, and the deadline. The transport has begun. */
void prepare_probe(struct probe *probe, const struct probe_order *order);

#endif
