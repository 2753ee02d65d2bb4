// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper and the kernel's table. */
#include "keeper/audit.h"

#include "base/clock.h"
#include "base/log.h"

static void on_refused(void *arg, const struct ipvs_op *op, const char *why)
{
	struct keeper *keeper = arg;
	char text[IPVS_OP_TEXT_MAX];

	keeper->refused = true;
	log_line(LOG_ERR, "table: %s: %s", ipvs_op_format(op, text), why);
}

void audit_apply(struct keeper *keeper)
{
	struct generation *current = keeper->current;

	if (!current->applied || !current->changed)
		return;
	current->changed = false;
	if (ipvs_apply(keeper->ipvs, current->table, on_refused, keeper) < 0)
		log_line(LOG_ERR, "table: the kernel does not answer; tried "
				  "again at the next audit");
}

static void audit_now(struct keeper *keeper)
{
	int strange = ipvs_look(keeper->ipvs, keeper->current->table);

	keeper->audited_ms = clock_ms();
	keeper->refused = false;
	if (strange < 0)
		return;
	if (strange > 0)
		log_line(LOG_WARNING,
			"table: somebody else changed %d entr%s: put right",
			strange, strange == 1 ? "y" : "ies");
	keeper->current->changed = true;
}

/* 0 = never. A failed operation is asked for again only after a look. */
static uint32_t audit_period(const struct keeper *keeper)
{
	uint32_t ms = keeper->current->config->audit_ms;

	return !ms && keeper->refused ? KEEPER_AGAIN_MS : ms;
}

void audit_pulse(struct keeper *keeper)
{
	uint32_t ms = audit_period(keeper);

	if (ms && keeper->current->applied &&
		clock_ms() - keeper->audited_ms >= ms)
		audit_now(keeper);
}

void audit_leave(struct keeper *keeper, const struct generation *old,
	const struct generation *new)
{
	const struct table *table = new ? new->table : NULL;
	struct ipvs_op op;
	uint32_t cursor = 0;

	while (table_leave(old->table, table, &cursor, &op))
		ipvs_apply_op(keeper->ipvs, &op, on_refused, keeper);
	cursor = 0;
	while (table && table_leave_real(old->table, table, &cursor, &op))
		ipvs_apply_op(keeper->ipvs, &op, on_refused, keeper);
}
