// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper at work: what engines say, made into the kernel's table. */
#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/text.h"
#include "keeper/state.h"
#include "policy/policy.h"

#include <string.h>

/* Messages taken in one turn of the loop, so that no engine can hold it. */
#define HEAR_MAX 256

static void on_failure(void *arg, const struct ipvs_op *op, const char *why)
{
	struct keeper *keeper = arg;
	char service[CONFIG_SERVICE_TEXT_MAX], real[ADDRESS_TEXT_MAX];
	const struct config_service named = {
		.address = op->service.address,
		.fwmark = op->service.fwmark,
		.family = op->service.family,
		.protocol = op->service.protocol,
	};

	keeper->refused = true;
	config_service_format(&named, service);
	if (op->verb < IPVS_NEW_REAL)
		log_line(LOG_ERR, "table: %s %s: %s", ipvs_verb_name(op->verb),
			service, why);
	else
		log_line(LOG_ERR, "table: %s %s of %s: %s",
			ipvs_verb_name(op->verb),
			address_format(&op->real.address, real), service, why);
}

void keeper_apply(struct keeper *keeper, struct generation *generation)
{
	if (ipvs_apply(keeper->ipvs, generation->table, on_failure, keeper) < 0)
		log_line(LOG_ERR, "table: the kernel does not answer; tried "
				  "again at the next audit");
	keeper_tell_summary(keeper);
}

void keeper_audit(struct keeper *keeper)
{
	struct generation *current = keeper->current;
	int strange = ipvs_look(keeper->ipvs, current->table);

	keeper->audited_ms = clock_ms();
	keeper->refused = false;
	if (strange < 0)
		return;
	if (strange > 0)
		log_line(LOG_WARNING,
			"table: somebody else changed %d entr%s: put right",
			strange, strange == 1 ? "y" : "ies");
	keeper_apply(keeper, current);
}

static void leave_services(
	struct keeper *keeper, const struct table *old, const struct table *new)
{
	struct ipvs_op op;
	uint32_t cursor = 0;

	while (table_leave(old, new, &cursor, &op))
		ipvs_apply_op(keeper->ipvs, &op, on_failure, keeper);
}

void keeper_clear(struct keeper *keeper)
{
	leave_services(keeper, keeper->current->table, NULL);
}

/* The next generation's table was looked at when its engine was born; the
 * current one has gone on since. */
static void take_over(struct keeper *keeper)
{
	struct generation *old = keeper->current;
	struct generation *new = keeper->next;

	ipvs_look(keeper->ipvs, new->table);
	keeper->current = new;
	keeper->next = NULL;
	keeper_apply(keeper, new);
	leave_services(keeper, old->table, new->table);
	old->next = keeper->leaving;
	keeper->leaving = old;
	if (old->child.pid)
		child_ask_to_leave(&old->child);
	else
		keeper_bury(keeper, 0, 0);
}

void keeper_round(struct keeper *keeper, struct generation *generation)
{
	bool first = !generation->applied;
	bool reloaded = generation == keeper->next;
	char summary[REPORT_SUMMARY_MAX];

	generation->child.round = true;
	generation->applied = true;
	keeper->audited_ms = clock_ms();
	if (reloaded)
		take_over(keeper);
	else
		keeper_apply(keeper, generation);
	if (!first)
		return;
	log_line(LOG_NOTICE, "%s: %s", reloaded ? "reloaded" : "ready",
		report_summary(generation, summary));
	keeper_tell_ready(keeper);
	if (keeper->reload_wanted)
		keeper_reload(keeper);
}

static void on_message(struct keeper *keeper, struct generation *generation,
	const union protocol_message *message)
{
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_READY:
		generation->child.ready = true;
		generation->lived = true;
		break;
	case PROTOCOL_WANT:
		generation_want(generation, &message->want);
		break;
	case PROTOCOL_ROUND:
		keeper_round(keeper, generation);
		break;
	case PROTOCOL_EDGE:
		report_edge(generation->config, &message->edge);
		break;
	case PROTOCOL_LOG:
		log_line(message->log.level, "%s", message->log.line);
		break;
	case PROTOCOL_LEAVE:
		break; /* protocol_check lets none through */
	}
}

/* A leaving engine is heard out, but not obeyed. */
void keeper_hear(struct generation *generation)
{
	struct keeper *keeper = generation->keeper;
	struct child *child = &generation->child;
	union protocol_message message;

	for (int i = 0; i < HEAR_MAX; i++) {
		if (child_hear(child, &keeper->privileges, generation->config,
			    &message) <= 0)
			break;
		if (!child->leaving)
			on_message(keeper, generation, &message);
	}
	if (generation == keeper->current && child->round)
		keeper_apply(keeper, generation);
}

static void on_readable(void *arg, int fd)
{
	(void)fd;
	keeper_hear(arg);
}

/* A scoreboard is for its own engine alone. Not MADV_DONTFORK: user-mode Linux
 * leaves the pages behind in the child, where the next mapping finds them. */
static void forget_others(void *arg)
{
	const struct generation *mine = arg;
	const struct keeper *keeper = mine->keeper;

	generation_forget(keeper->current, mine);
	generation_forget(keeper->next, mine);
	generation_forget(keeper->leaving, mine);
}

int keeper_begin(struct keeper *keeper, struct generation *generation)
{
	const struct child_birth birth = {
		.loop = keeper->loop,
		.privileges = &keeper->privileges,
		.config = generation->config,
		.system = keeper->start->system,
		.scoreboard = generation->scoreboard,
		.engine = keeper->start->engine,
		.forget = forget_others,
		.readable = on_readable,
		.arg = generation,
	};

	return child_begin(&generation->child, &birth);
}

void keeper_tell_summary(struct keeper *keeper)
{
	char summary[REPORT_SUMMARY_MAX], state[REPORT_SUMMARY_MAX + 8];
	struct text text;

	if (!keeper->current->applied)
		return;
	report_summary(keeper->current, summary);
	if (strcmp(summary, keeper->told) == 0)
		return;
	strcpy(keeper->told, summary);
	text_init(&text, state, sizeof(state));
	text_add(&text, "STATUS=%s", summary);
	notify_send(state);
}

void keeper_tell_ready(struct keeper *keeper)
{
	char summary[REPORT_SUMMARY_MAX], state[REPORT_SUMMARY_MAX + 16];
	struct text text;

	text_init(&text, state, sizeof(state));
	text_add(&text, "READY=1\nSTATUS=%s",
		report_summary(keeper->current, summary));
	notify_send(state);
}
