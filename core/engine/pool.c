// SPDX-License-Identifier: GPL-2.0-or-later
/* The fixed pool of probes. */
#include "engine/pool.h"

struct pool {
	struct probe_host host;
	struct probe *probes;
	uint32_t count;
	struct probe *free;
};

struct pool *pool_create(
	struct arena *arena, const struct probe_host *host, uint32_t count)
{
	struct pool *pool = arena_alloc(arena, sizeof(*pool));
	char *input = arena_array(arena, count, host->input_size);

	pool->host = *host;
	pool->count = count;
	pool->probes = arena_array(arena, count, sizeof(*pool->probes));
	for (uint32_t i = count; i > 0; i--) {
		struct probe *probe = &pool->probes[i - 1];

		probe->pool = pool;
		probe->fd = -1;
		probe->input = input + (size_t)(i - 1) * host->input_size;
		pool_give(pool, probe);
	}
	return pool;
}

static struct loop_watch *watch_of(void *arg, uint32_t index)
{
	struct pool *pool = arg;

	return &pool->probes[index].watch;
}

void pool_warm(struct pool *pool)
{
	loop_warm(pool->host.loop, watch_of, pool, pool->count);
}

const struct probe_host *pool_host(const struct pool *pool)
{
	return &pool->host;
}

struct probe *pool_take(struct pool *pool)
{
	struct probe *probe = pool->free;

	if (probe)
		pool->free = probe->next;
	return probe;
}

void pool_give(struct pool *pool, struct probe *probe)
{
	probe->next = pool->free;
	pool->free = probe;
}

bool pool_is_empty(const struct pool *pool)
{
	return !pool->free;
}
