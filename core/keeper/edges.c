// SPDX-License-Identifier: GPL-2.0-or-later
/* Edges and lines of engines on their way to the log. */
#include "keeper/edges.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "keeper/tell.h"

#include <string.h>

enum { EDGE_DOWN, EDGE_UP, EDGE_VIRTUAL, EDGE_WEIGHT };

static bool admit(struct generation *generation, unsigned int kind)
{
	return fold_admit(&generation->keeper->edges, kind, clock_ms());
}

static uint32_t weight_of(const struct generation *generation, uint32_t real)
{
	return policy_weight_up(
		&generation->config->reals[real], &generation->reals[real]);
}

/* A real that is up from the beginning is no news; there may be a hundred
 * thousand such lines. */
static int level_of(const struct told_real *told, bool up)
{
	if (!up)
		return LOG_WARNING;
	return told->health == POLICY_UNDECIDED ? LOG_DEBUG : LOG_NOTICE;
}

static bool admit_edge(struct generation *generation, int level, bool up)
{
	if (level == LOG_DEBUG)
		return log_wants_topic(LOG_TOPIC_ENGINE);
	return log_wants(level) && admit(generation, up ? EDGE_UP : EDGE_DOWN);
}

void edges_explain(
	struct generation *generation, const struct protocol_edge *edge)
{
	const struct policy_real *known = &generation->reals[edge->real];
	struct told_real *told = &generation->told.reals[edge->real];
	int level = level_of(told, edge->up);

	if (known->health != (edge->up ? POLICY_UP : POLICY_DOWN) ||
		told->health == known->health)
		return;
	told->health = known->health;
	told->weight = weight_of(generation, edge->real);
	if (admit_edge(generation, level, edge->up))
		tell_edge(generation->config, level, edge);
}

static void tell_new_weight(struct generation *generation, uint32_t real)
{
	struct told_real *told = &generation->told.reals[real];
	uint32_t before = told->weight, now = weight_of(generation, real);

	if (now == before || told->health != POLICY_UP)
		return;
	told->weight = now;
	if (admit(generation, EDGE_WEIGHT))
		tell_weight(generation->config, real, before, now);
}

/* Logs who serves a virtual from now on, if that was not told. */
static void tell_virtual(struct generation *generation, uint32_t virtual)
{
	uint8_t *told = &generation->told.services[virtual];
	uint8_t now = generation->virtuals[virtual].service;

	if (now == *told || now == POLICY_UNKNOWN)
		return;
	*told = now;
	if (admit(generation, EDGE_VIRTUAL))
		tell_service(generation, virtual);
}

void edges_real(struct generation *generation, uint32_t real)
{
	if (generation->reals[real].health !=
		generation->told.reals[real].health)
		told_await(&generation->told, real);
	else
		tell_new_weight(generation, real);
	if (generation->announced)
		tell_virtual(
			generation, generation->config->reals[real].virtual);
}

void edges_round(struct generation *generation)
{
	for (uint32_t i = 0; i < generation->config->virtual_count; i++)
		tell_virtual(generation, i);
}

/* Tells the edges whose engine ended before it gave the reasons. */
static void tell_unexplained(struct generation *generation)
{
	struct protocol_edge edge = {.count = 0};

	while (told_due(&generation->told, &edge.real)) {
		edge.up = generation->reals[edge.real].health == POLICY_UP;
		edges_explain(generation, &edge);
	}
}

/* Some lines begin with the engine's mark already. */
static const char *skip_mark(const char *line, const char *mark)
{
	size_t len = strlen(mark);

	return strncmp(line, mark, len) == 0 ? line + len : line;
}

void edges_line(struct generation *generation, const struct protocol_log *log)
{
	struct fold *fold = &generation->keeper->lines;
	char mark[32];
	struct text text;

	if (!log_wants(log->level) || !fold_admit(fold, 0, clock_ms()))
		return;
	text_init(&text, mark, sizeof(mark));
	text_add(&text, "engine %d: ", (int)generation->child.pid);
	log_line(log->level, "%s%s", mark, skip_mark(log->line, mark));
}

static void tell_edges(const uint32_t held[FOLD_KINDS])
{
	log_line(held[EDGE_DOWN] ? LOG_WARNING : LOG_NOTICE,
		"further edges of this second: %u reals down, %u reals up, "
		"%u virtuals with another server, %u other weights",
		held[EDGE_DOWN], held[EDGE_UP], held[EDGE_VIRTUAL],
		held[EDGE_WEIGHT]);
}

void edges_pulse(struct keeper *keeper, bool last)
{
	uint64_t now = last ? UINT64_MAX : clock_ms();
	uint32_t held[FOLD_KINDS];

	if (keeper->current)
		tell_unexplained(keeper->current);
	if (fold_due(&keeper->edges, now, held))
		tell_edges(held);
	if (fold_due(&keeper->lines, now, held))
		log_line(LOG_WARNING,
			"%u further lines of engines in this second are left "
			"out",
			held[0]);
}
