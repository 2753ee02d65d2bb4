/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fixed pool of probes. */
#ifndef LVSMON_ENGINE_POOL_H
#define LVSMON_ENGINE_POOL_H

#include "engine/probe.h"

struct pool;

/* Creates a pool of count probes in arena. Copies host. */
struct pool *pool_create(
	struct arena *arena, const struct probe_host *host, uint32_t count);

/* Warms the loop for all probes (see loop_warm). Takes memory and gives it
 * back. Must precede the first probe. */
void pool_warm(const struct pool *pool);

/* Takes the probe that was given back last. If there is none, ends the probe
 * that has lingered for the longest time, and takes it. Returns NULL if all
 * probes are in flight. */
struct probe *pool_take(struct pool *pool);

/* Gives a probe of this pool back. The probe must not be in flight. */
void pool_give(struct pool *pool, struct probe *probe);

/* Ends all probes that linger. */
void pool_part(struct pool *pool);

/* Returns the number of probes, in flight or not. */
uint32_t pool_count(const struct pool *pool);

/* Whether all probes are in flight. A probe that lingers is not. */
bool pool_is_empty(const struct pool *pool);

#endif
