// SPDX-License-Identifier: GPL-2.0-or-later
/* One configuration with its table, its policy, its scoreboard, its engine. */
#include "keeper/generation.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static struct scoreboard *map_scoreboard(size_t size)
{
	void *scoreboard = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return scoreboard == MAP_FAILED ? NULL : scoreboard;
}

/* Nothing is known of any real yet. */
static void begin_policy(struct generation *generation)
{
	const struct config *config = generation->config;

	generation->reals = arena_array(
		config->arena, config->real_count, sizeof(*generation->reals));
	generation->virtuals = arena_array(config->arena, config->virtual_count,
		sizeof(*generation->virtuals));
	for (uint32_t i = 0; i < config->virtual_count; i++)
		policy_begin(config, i, &generation->virtuals[i]);
	for (uint32_t i = 0; i < config->real_count; i++)
		generation->real_count += !config->reals[i].fallback;
}

struct generation *generation_create(
	struct keeper *keeper, struct config *config, struct ipvs *ipvs)
{
	struct generation *generation =
		arena_alloc(config->arena, sizeof(*generation));

	generation->keeper = keeper;
	generation->config = config;
	child_init(&generation->child);
	generation->table = table_create(config->arena, config);
	begin_policy(generation);
	broken_init(&generation->broken, config);
	generation->scoreboard_size = scoreboard_size(config);
	generation->scoreboard = map_scoreboard(generation->scoreboard_size);
	if (!generation->scoreboard)
		log_line(LOG_ERR, "scoreboard: %s", strerror(errno));
	if (!generation->scoreboard || ipvs_look(ipvs, generation->table) < 0) {
		generation_destroy(generation);
		return NULL;
	}
	arena_seal(config->arena);
	return generation;
}

void generation_fill(
	struct generation *generation, const struct generation *older)
{
	const struct config *config = generation->config;
	uint64_t now = clock_ms();
	struct arena *scratch;

	for (uint32_t i = 0; i < config->check_count; i++)
		health_init(&generation->scoreboard->scores[i].health,
			table_in_service(
				generation->table, config->checks[i].real),
			now);
	if (!older)
		return;
	assert(!older->child.pid);
	scratch = arena_create();
	scoreboard_take_over(generation->scoreboard, config, older->scoreboard,
		older->config, scratch);
	broken_take_over(&generation->broken, config, &older->broken,
		older->config, scratch);
	arena_destroy(scratch);
}

void generation_destroy(struct generation *generation)
{
	if (!generation)
		return;
	assert(!generation->child.pid);
	if (generation->scoreboard)
		munmap(generation->scoreboard, generation->scoreboard_size);
	arena_destroy(generation->config->arena);
}

void generation_forget(struct generation *list, const struct generation *except)
{
	while (list) {
		struct generation *next = list->next;

		if (list != except) {
			munmap(list->scoreboard, list->scoreboard_size);
			arena_destroy(list->config->arena);
		}
		list = next;
	}
}

static void want(struct generation *generation, uint32_t real)
{
	uint32_t virtual = generation->config->reals[real].virtual;
	int32_t weight = policy_weight(generation->config, real,
		&generation->reals[real], &generation->virtuals[virtual]);

	if (weight != POLICY_KEEP &&
		!broken_keeps_entry(&generation->broken, generation->config,
			generation->scoreboard, real))
		table_want(generation->table, real, weight);
}

static bool counts_as_up(const struct generation *generation, uint32_t real)
{
	return !generation->config->reals[real].fallback &&
	       generation->reals[real].health == POLICY_UP;
}

struct policy_result generation_learn(
	struct generation *generation, uint32_t real, bool up, uint8_t percent)
{
	const struct config *config = generation->config;
	uint32_t virtual = config->reals[real].virtual;
	uint32_t fallback = config->virtuals[virtual].fallback;
	struct policy_real *known = &generation->reals[real];
	struct policy_real before = *known;
	struct policy_result result;

	generation->reals_up -= counts_as_up(generation, real);
	known->health = up ? POLICY_UP : POLICY_DOWN;
	known->percent = percent;
	generation->reals_up += counts_as_up(generation, real);
	assert(generation->reals_up <= generation->real_count);
	result = policy_virtual(config, real, &before, known,
		fallback == CONFIG_NONE ? NULL : &generation->reals[fallback],
		&generation->virtuals[virtual], clock_ms());
	for (uint32_t i = 0; i < result.count; i++)
		want(generation, result.first + i);
	if (result.fallback)
		want(generation, fallback);
	generation->changed = true;
	return result;
}

char *generation_summary(const struct generation *generation, char *buf)
{
	struct text text;

	text_init(&text, buf, GENERATION_SUMMARY_MAX);
	text_add(&text, "%u virtual%s, %u of %u real%s up",
		(unsigned int)generation->config->virtual_count,
		generation->config->virtual_count == 1 ? "" : "s",
		(unsigned int)generation->reals_up,
		(unsigned int)generation->real_count,
		generation->real_count == 1 ? "" : "s");
	return buf;
}
