// SPDX-License-Identifier: GPL-2.0-or-later
/* What verdicts lead to. */
#include "engine/judge.h"

#include "base/clock.h"
#include "base/text.h"
#include "model/policy.h"

#include <string.h>

struct judge_real {
	struct judge_real *next; /* in the queue of wants */
	uint32_t failing;        /* of its checks, those that are not up */
	int32_t told;            /* the weight the keeper was told last */
	bool queued;
};

#define TOLD_NOTHING INT32_MIN

static bool real_is_up(const struct judge *judge, uint32_t real)
{
	return judge->reals[real].failing == 0;
}

static bool real_serves(const struct judge *judge, uint32_t real)
{
	const struct config_real *about = &judge->config->reals[real];

	return !about->fallback && policy_serves(about) &&
	       real_is_up(judge, real);
}

static int32_t real_weight(const struct judge *judge, uint32_t real)
{
	const struct config_real *about = &judge->config->reals[real];
	bool up = real_is_up(judge, real);

	if (about->fallback)
		return policy_fallback(
			about, up, judge->serving[about->virtual]);
	return policy_real(about, up);
}

static void queue_want(struct judge *judge, uint32_t index)
{
	struct judge_real *real = &judge->reals[index];

	if (real->queued || !judge->stated)
		return;
	real->queued = true;
	real->next = NULL;
	*judge->wants_end = real;
	judge->wants_end = &real->next;
}

static void queue_edge(struct judge *judge, struct check *check)
{
	if (check->edge)
		return; /* not told yet: the newer one takes its place */
	check->edge = true;
	check->next_edge = NULL;
	*judge->edges_end = check;
	judge->edges_end = &check->next_edge;
}

/* The first full statement. */
static void judge_state(struct judge *judge)
{
	judge->stated = true;
	for (uint32_t i = 0; i < judge->config->real_count; i++)
		queue_want(judge, i);
}

static void count_in(struct judge *judge, uint32_t check)
{
	struct health *health = &judge->board->health[check];

	if (!health_is_valid(health))
		health_init(health, false, clock_ms());
	judge->unsettled += !health_is_settled(health);
	judge->reals[judge->config->checks[check].real].failing +=
		!health_is_up(health);
}

void judge_init(struct judge *judge, struct arena *arena,
	const struct config *config, struct board *board, struct check *checks)
{
	*judge = (struct judge){
		.config = config,
		.board = board,
		.checks = checks,
		.reals = arena_array(
			arena, config->real_count, sizeof(*judge->reals)),
		.serving = arena_array(
			arena, config->virtual_count, sizeof(*judge->serving)),
		.wants_end = &judge->wants,
		.edges_end = &judge->edges,
	};
	for (uint32_t i = 0; i < config->check_count; i++)
		count_in(judge, i);
	for (uint32_t i = 0; i < config->real_count; i++) {
		judge->reals[i].told = TOLD_NOTHING;
		judge->serving[config->reals[i].virtual] +=
			real_serves(judge, i);
	}
	if (!judge->unsettled)
		judge_state(judge);
}

/* One of its checks has come up or gone down. */
static void real_changed(struct judge *judge, uint32_t real, bool up)
{
	uint32_t virtual = judge->config->reals[real].virtual;
	uint32_t fallback = judge->config->virtuals[virtual].fallback;
	bool served = real_serves(judge, real);

	judge->reals[real].failing += up ? (uint32_t)-1 : 1;
	queue_want(judge, real);
	judge->serving[virtual] -= served;
	judge->serving[virtual] += real_serves(judge, real);
	if (fallback != CONFIG_NONE)
		queue_want(judge, fallback);
}

static uint32_t limit(uint64_t us)
{
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void note_edge(struct judge *judge, uint32_t index,
	const struct verdict *verdict, bool first)
{
	const struct health *health = &judge->board->health[index];
	struct check *check = &judge->checks[index];

	check->why = verdict->why;
	check->code = verdict->code;
	check->took_us = limit(verdict->ended_us - verdict->began_us);
	check->count = verdict->up ? health->rises : health->falls;
	check->up = verdict->up;
	check->first = first || (check->edge && check->first);
	queue_edge(judge, check);
}

void judge_verdict(
	struct judge *judge, uint32_t check, const struct verdict *verdict)
{
	const struct config_check *about = &judge->config->checks[check];
	const struct config_settings *settings =
		&judge->config->settings[about->settings];
	const struct health_rules rules = {
		.rise = settings->rise,
		.fall = settings->fall,
		.fall_after_ms = settings->fall_after_ms,
	};
	struct health *health = &judge->board->health[check];
	bool first = !health_is_settled(health);
	bool was_up = health_is_up(health);
	enum health_edge edge = health_verdict(
		health, &rules, verdict->up, verdict->ended_us / 1000);
	bool is_up = health_is_up(health);

	if (is_up != was_up)
		real_changed(judge, about->real, is_up);
	/* A first failure of what is still taken for up is no news yet. */
	if (edge != HEALTH_NO_EDGE || (first && is_up == verdict->up))
		note_edge(judge, check, verdict, first);
	if (first && --judge->unsettled == 0)
		judge_state(judge);
}

static bool tell_wants(struct judge *judge, struct outbox *outbox)
{
	union protocol_message message = {.head = {.type = PROTOCOL_WANT}};
	struct protocol_want *want = &message.want;
	struct judge_real *after = judge->wants;

	for (; after && want->count < PROTOCOL_WANTS_MAX; after = after->next) {
		uint32_t real = (uint32_t)(after - judge->reals);
		int32_t weight = real_weight(judge, real);

		if (weight == after->told)
			continue;
		want->want[want->count].real = real;
		want->want[want->count++].weight = weight;
	}
	if (want->count && !outbox_send(outbox, &message))
		return false;
	for (uint32_t i = 0; i < want->count; i++)
		judge->reals[want->want[i].real].told = want->want[i].weight;
	while (judge->wants != after) {
		judge->wants->queued = false;
		judge->wants = judge->wants->next;
	}
	if (!after)
		judge->wants_end = &judge->wants;
	return true;
}

static bool tell_edge(struct judge *judge, struct outbox *outbox)
{
	struct check *check = judge->edges;
	union protocol_message message = {.head = {.type = PROTOCOL_EDGE}};

	message.edge.check = (uint32_t)(check - judge->checks);
	message.edge.took_us = check->took_us;
	message.edge.code = check->code;
	message.edge.count = check->count;
	message.edge.up = check->up;
	message.edge.first = check->first;
	text_printable(message.edge.why, sizeof(message.edge.why), check->why,
		strnlen(check->why, sizeof(message.edge.why)));
	if (!outbox_send(outbox, &message))
		return false;
	check->edge = false;
	judge->edges = check->next_edge;
	if (!judge->edges)
		judge->edges_end = &judge->edges;
	return true;
}

void judge_tell(struct judge *judge, struct outbox *outbox)
{
	union protocol_message round = {.head = {.type = PROTOCOL_ROUND}};

	while (judge->wants)
		if (!tell_wants(judge, outbox))
			return;
	while (judge->edges)
		if (!tell_edge(judge, outbox))
			return;
	if (judge->stated && !judge->round_told)
		judge->round_told = outbox_send(outbox, &round);
}
