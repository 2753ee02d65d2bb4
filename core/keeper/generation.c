// SPDX-License-Identifier: GPL-2.0-or-later
/* One configuration with its table, its scoreboard and its engine. */
#include "keeper/generation.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static struct scoreboard *make_board(size_t size)
{
	void *scoreboard = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return scoreboard == MAP_FAILED ? NULL : scoreboard;
}

static void fill_board(
	struct generation *generation, const struct generation *older)
{
	const struct config *config = generation->config;
	uint64_t now = clock_ms();
	struct arena *scratch;

	for (uint32_t i = 0; i < config->check_count; i++)
		health_init(&generation->scoreboard->health[i],
			table_in_service(
				generation->table, config->checks[i].real),
			now);
	if (!older)
		return;
	scratch = arena_create();
	scoreboard_take_over(generation->scoreboard, config, older->scoreboard,
		older->config, scratch);
	arena_destroy(scratch);
}

static void count_reals(struct generation *generation)
{
	const struct config *config = generation->config;

	for (uint32_t i = 0; i < config->real_count; i++)
		generation->reals += !config->reals[i].fallback;
}

struct generation *generation_create(struct keeper *keeper,
	struct config *config, struct ipvs *ipvs,
	const struct generation *older)
{
	struct generation *generation =
		arena_alloc(config->arena, sizeof(*generation));

	generation->keeper = keeper;
	generation->config = config;
	generation->child.channel = -1;
	generation->table = table_create(config->arena, config);
	generation->scoreboard_size = scoreboard_size(config);
	generation->scoreboard = make_board(generation->scoreboard_size);
	count_reals(generation);
	if (!generation->scoreboard)
		log_line(LOG_ERR, "scoreboard: %s", strerror(errno));
	if (!generation->scoreboard || ipvs_look(ipvs, generation->table) < 0) {
		generation_destroy(generation);
		return NULL;
	}
	fill_board(generation, older);
	arena_seal(config->arena);
	return generation;
}

void generation_destroy(struct generation *generation)
{
	if (!generation)
		return;
	if (generation->scoreboard)
		munmap(generation->scoreboard, generation->scoreboard_size);
	arena_destroy(generation->config->arena);
}

void generation_forget(
	const struct generation *list, const struct generation *but)
{
	for (; list; list = list->next)
		if (list != but)
			munmap(list->scoreboard, list->scoreboard_size);
}

static bool stands(const struct generation *generation, uint32_t real)
{
	const struct config_real *conf = &generation->config->reals[real];

	return !conf->fallback && table_decided(generation->table, real) &&
	       table_wanted(generation->table, real) == (int32_t)conf->weight;
}

void generation_want(
	struct generation *generation, const struct protocol_want *want)
{
	for (uint32_t i = 0; i < want->count; i++) {
		uint32_t real = want->want[i].real;

		generation->reals_up -= stands(generation, real);
		table_want(generation->table, real, want->want[i].weight);
		generation->reals_up += stands(generation, real);
	}
}
