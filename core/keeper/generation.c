// SPDX-License-Identifier: GPL-2.0-or-later
/* One configuration with its table, its policy, its scoreboard, its engine. */
#include "keeper/generation.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "config/identity.h"

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

struct making {
	struct config *config;
	struct generation *generation;
};

static void make_generation(void *arg)
{
	struct making *making = arg;
	struct config *config = making->config;
	struct arena *arena = config->arena;
	struct generation *generation = arena_alloc(arena, sizeof(*generation));

	generation->config = config;
	child_init(&generation->child);
	generation->table = table_create(arena, config);
	generation->reals = arena_array(
		arena, config->real_count, sizeof(*generation->reals));
	generation->virtuals = arena_array(
		arena, config->virtual_count, sizeof(*generation->virtuals));
	generation->quiet = queue_create(arena, config->real_count);
	generation->look_ms = POLICY_NEVER;
	for (uint32_t i = 0; i < config->real_count; i++)
		generation->real_count += !config->reals[i].fallback;
	broken_init(&generation->broken, config);
	told_init(&generation->told, config);
	making->generation = generation;
}

/* Returns NULL, or why the generation cannot begin. */
static const char *begin_generation(
	struct generation *generation, struct ipvs *ipvs)
{
	generation->scoreboard_size = scoreboard_size(generation->config);
	generation->scoreboard = map_scoreboard(generation->scoreboard_size);
	if (!generation->scoreboard)
		return "no memory for the scoreboard";
	if (ipvs_look(ipvs, generation->table) < 0)
		return "the table cannot be read";
	return NULL;
}

struct generation *generation_create(struct keeper *keeper,
	struct config *config, struct ipvs *ipvs, const char **why)
{
	struct making making = {.config = config};

	if (!arena_try(make_generation, &making)) {
		*why = "out of memory";
		arena_destroy(config->arena);
		return NULL;
	}
	making.generation->keeper = keeper;
	*why = begin_generation(making.generation, ipvs);
	if (*why) {
		generation_destroy(making.generation);
		return NULL;
	}
	arena_seal(config->arena);
	return making.generation;
}

/* Returns whether no server of a virtual is in service. */
static bool is_cold(const struct generation *generation, uint32_t virtual)
{
	const struct config_virtual *conf =
		&generation->config->virtuals[virtual];

	for (uint32_t i = 0; i < conf->real_count; i++)
		if (table_in_service(generation->table, conf->real + i))
			return false;
	return true;
}

void generation_assume(struct generation *generation)
{
	const struct config *config = generation->config;
	uint64_t now = clock_ms();

	for (uint32_t i = 0; i < config->virtual_count; i++)
		policy_begin(config, i, is_cold(generation, i),
			&generation->virtuals[i]);
	for (uint32_t i = 0; i < config->check_count; i++) {
		struct health *health =
			&generation->scoreboard->scores[i].health;

		if (!health_is_settled(health))
			health_init(health,
				table_in_service(generation->table,
					config->checks[i].real),
				now);
	}
}

/* Reals that are down do not begin anew to leave the table. */
static void take_stages(struct generation *to, const struct generation *from,
	const uint32_t *matches)
{
	for (uint32_t i = 0; i < to->config->check_count; i++) {
		const struct policy_real *old;
		struct policy_real *new =
			&to->reals[to->config->checks[i].real];

		if (matches[i] == CONFIG_NONE)
			continue;
		old = &from->reals[from->config->checks[matches[i]].real];
		new->stage = old->stage;
		new->quiet_s = old->quiet_s;
	}
}

struct taking {
	struct generation *to;
	const struct generation *from;
};

static void take_over(void *arg)
{
	const struct taking *taking = arg;
	struct generation *to = taking->to;
	const struct generation *from = taking->from;
	struct arena *scratch = arena_create();
	uint32_t count = to->config->check_count;
	uint32_t *matches = arena_array(scratch, count, sizeof(*matches));

	identity_match(to->config, from->config, matches, scratch);
	scoreboard_take_over(to->scoreboard, from->scoreboard, matches, count);
	broken_take_over(&to->broken, to->config, &from->broken, matches);
	told_take_over(
		&to->told, to->config, &from->told, from->config, matches);
	take_stages(to, from, matches);
	arena_destroy(scratch);
}

int generation_take_over(
	struct generation *generation, const struct generation *older)
{
	struct taking taking = {generation, older};

	assert(!older->child.pid);
	return arena_try(take_over, &taking) ? 0 : -1;
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

/* Notes when policy wants to be asked again about a real. */
static void look_later(
	struct generation *generation, uint32_t real, uint64_t look_ms)
{
	queue_push(&generation->quiet, real);
	if (look_ms < generation->look_ms)
		generation->look_ms = look_ms;
}

void generation_learn(
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
	if (result.look_ms != POLICY_NEVER)
		look_later(generation, real, result.look_ms);
	generation->changed = true;
}

/* Each real that waits is asked once; one that goes on to wait is queued
 * again, behind the last. */
void generation_look(struct generation *generation)
{
	uint32_t last = generation->quiet.last, real;
	uint64_t now = clock_ms();

	generation->look_ms = POLICY_NEVER;
	while (last && queue_pop(&generation->quiet, &real)) {
		uint64_t look_ms = policy_look(generation->config, real,
			&generation->reals[real], now);

		if (look_ms != POLICY_NEVER)
			look_later(generation, real, look_ms);
		else
			want(generation, real);
		generation->changed = true;
		if (real + 1 == last)
			break;
	}
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
