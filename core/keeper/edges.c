// SPDX-License-Identifier: GPL-2.0-or-later
/* Edges and lines of engines on their way to the log. */
#include "keeper/edges.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "keeper/tell.h"

#include <string.h>

enum { EDGE_DOWN, EDGE_UP, EDGE_VIRTUAL };

void edges_check(
	struct generation *generation, const struct protocol_edge *edge)
{
	struct fold *fold = &generation->keeper->edges;
	int level = tell_edge_level(edge);

	if (!log_wants(level))
		return;
	if (level == LOG_DEBUG ||
		fold_admit(fold, edge->up ? EDGE_UP : EDGE_DOWN, clock_ms()))
		tell_edge(generation->config, edge);
}

void edges_virtual(struct generation *generation, uint32_t virtual)
{
	struct fold *fold = &generation->keeper->edges;

	if (fold_admit(fold, EDGE_VIRTUAL, clock_ms()))
		tell_service(generation, virtual);
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
		"further edges of this second: %u checks down, %u checks up, "
		"%u virtuals with another server",
		held[EDGE_DOWN], held[EDGE_UP], held[EDGE_VIRTUAL]);
}

void edges_pulse(struct keeper *keeper, bool last)
{
	uint64_t now = last ? UINT64_MAX : clock_ms();
	uint32_t held[FOLD_KINDS];

	if (fold_due(&keeper->edges, now, held))
		tell_edges(held);
	if (fold_due(&keeper->lines, now, held))
		log_line(LOG_WARNING,
			"%u further lines of engines in this second are left "
			"out",
			held[0]);
}
