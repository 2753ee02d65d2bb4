/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fixed pool that probes come from and go back to. */
#ifndef LVSMON_ENGINE_POOL_H
#define LVSMON_ENGINE_POOL_H

#include "engine/probe.h"

struct pool;

/* count probes, in arena. host is copied. */
struct pool *pool_create(
	struct arena *arena, const struct probe_host *host, uint32_t count);

/* See loop_warm; before the first probe. */
void pool_warm(struct pool *pool);

const struct probe_host *pool_host(const struct pool *pool);

/* The probe given back last, or NULL where all are in flight. */
struct probe *pool_take(struct pool *pool);
void pool_give(struct pool *pool, struct probe *probe);
bool pool_is_empty(const struct pool *pool);

#endif
