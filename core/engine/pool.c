// SPDX-License-Identifier: GPL-2.0-or-later
/* The fixed pool of probes. */
#include "engine/pool.h"

#include "base/clock.h"
#include "engine/linger.h"

#include <assert.h>
#include <sys/random.h>

struct pool {
	struct probe_host host;
	struct probe *probes;
	uint32_t count;
	uint32_t idle; /* the probes that are not in flight */
	struct probe *free;
	/* The probes that linger, the one that began first at the front. */
	struct probe *lingering;
	struct probe **lingering_end;
	/* Probes from here on were never used. A large pool that is not needed
	 * takes addresses, but no memory. */
	uint32_t fresh;
	char *input; /* of all probes */
	/* The numbers that checkers are given: counter, mixed with both keys.
	 */
	uint64_t keys[2];
	uint64_t counter;
};

/* The clock is a poor substitute, for a kernel that has no entropy yet. */
static void seed(struct pool *pool)
{
	pool->keys[0] = clock_us();
	pool->keys[1] = (uint64_t)(uintptr_t)pool;
	(void)!getrandom(pool->keys, sizeof(pool->keys), GRND_NONBLOCK);
}

static void pool_linger(struct pool *pool, struct probe *probe)
{
	assert(!probe->link && !*pool->lingering_end);
	probe->next = NULL;
	probe->link = pool->lingering_end;
	*probe->link = probe;
	pool->lingering_end = &probe->next;
	linger_begin(probe);
}

static void forget_lingering(struct pool *pool, struct probe *probe)
{
	*probe->link = probe->next;
	if (probe->next)
		probe->next->link = probe->link;
	else
		pool->lingering_end = probe->link;
	probe->link = NULL;
}

struct pool *pool_create(
	struct arena *arena, const struct probe_host *host, uint32_t count)
{
	struct pool *pool = arena_alloc(arena, sizeof(*pool));

	pool->input = arena_array(arena, count, host->input_size);
	pool->host = *host;
	pool->host.give = pool_give;
	pool->host.linger = pool_linger;
	pool->host.pool = pool;
	pool->count = pool->idle = count;
	pool->probes = arena_array(arena, count, sizeof(*pool->probes));
	pool->lingering_end = &pool->lingering;
	seed(pool);
	return pool;
}

static struct loop_watch *watch_of(void *arg, uint32_t index)
{
	struct loop_watch *watches = arg;

	return &watches[index];
}

/* The loop needs as many watches, but not those of the probes. */
void pool_warm(const struct pool *pool)
{
	struct arena *arena = arena_create();
	struct loop_watch *watches =
		arena_array(arena, pool->count, sizeof(*watches));

	assert(pool->idle == pool->count);
	loop_warm(pool->host.loop, watch_of, watches, pool->count);
	arena_destroy(arena);
}

/* Spreads each bit of x over the upper half, then over the lower half. */
static uint64_t spread(uint64_t x)
{
	x *= 0x9e3779b97f4a7c15;
	return x ^ (x >> 32);
}

/* The second key, between two rounds, keeps a peer that has seen one number
 * from computing the others easily. */
static uint64_t next_random(struct pool *pool)
{
	return spread(spread(spread(pool->counter++ + pool->keys[0])) ^
		      pool->keys[1]);
}

static struct probe *take_fresh(struct pool *pool)
{
	size_t index = pool->fresh++;
	struct probe *probe = &pool->probes[index];

	assert(index < pool->count);
	probe_init(probe, &pool->host,
		pool->input + index * pool->host.input_size);
	return probe;
}

struct probe *pool_take(struct pool *pool)
{
	struct probe *probe;

	if (!pool->idle && pool->lingering)
		probe_part(pool->lingering);
	if (!pool->idle)
		return NULL;
	probe = pool->free;
	pool->idle--;
	if (probe)
		pool->free = probe->next;
	else
		probe = take_fresh(pool);
	assert(probe->phase == PROBE_IDLE);
	probe->random = next_random(pool);
	return probe;
}

void pool_give(struct pool *pool, struct probe *probe)
{
	assert(probe->phase == PROBE_IDLE && pool->idle < pool->count);
	assert(probe >= pool->probes && probe < pool->probes + pool->count);
	if (probe->link)
		forget_lingering(pool, probe);
	probe->next = pool->free;
	pool->free = probe;
	pool->idle++;
}

void pool_part(struct pool *pool)
{
	while (pool->lingering)
		probe_part(pool->lingering);
}

uint32_t pool_count(const struct pool *pool)
{
	return pool->count;
}

bool pool_is_empty(const struct pool *pool)
{
	return !pool->idle && !pool->lingering;
}
