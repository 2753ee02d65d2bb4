// SPDX-License-Identifier: GPL-2.0-or-later
/* What verdicts lead to. */
#include "engine/teller.h"

#include "base/clock.h"
#include "base/text.h"
#include "policy/policy.h"

#include <string.h>

struct teller_real {
	struct teller_real *next; /* in the queue of wants */
	uint32_t failing;         /* of its checks, those that are not up */
	int32_t told;             /* the weight the keeper was told last */
	bool queued;
};

#define TOLD_NOTHING INT32_MIN

static bool real_is_up(const struct teller *teller, uint32_t real)
{
	return teller->reals[real].failing == 0;
}

static bool real_serves(const struct teller *teller, uint32_t real)
{
	const struct config_real *about = &teller->config->reals[real];

	return !about->fallback && policy_serves(about) &&
	       real_is_up(teller, real);
}

static int32_t real_weight(const struct teller *teller, uint32_t real)
{
	const struct config_real *about = &teller->config->reals[real];
	bool up = real_is_up(teller, real);

	if (about->fallback)
		return policy_fallback(
			about, up, teller->serving[about->virtual]);
	return policy_real(about, up);
}

static void queue_want(struct teller *teller, uint32_t index)
{
	struct teller_real *real = &teller->reals[index];

	if (real->queued || !teller->stated)
		return;
	real->queued = true;
	real->next = NULL;
	*teller->wants_end = real;
	teller->wants_end = &real->next;
}

static void queue_edge(struct teller *teller, struct check *check)
{
	if (check->edge)
		return; /* not told yet: the newer one takes its place */
	check->edge = true;
	check->next_edge = NULL;
	*teller->edges_end = check;
	teller->edges_end = &check->next_edge;
}

/* The first full statement. */
static void teller_state(struct teller *teller)
{
	teller->stated = true;
	for (uint32_t i = 0; i < teller->config->real_count; i++)
		queue_want(teller, i);
}

static void count_in(struct teller *teller, uint32_t check)
{
	struct health *health = &teller->scoreboard->health[check];

	if (!health_is_valid(health))
		health_init(health, false, clock_ms());
	teller->unsettled += !health_is_settled(health);
	teller->reals[teller->config->checks[check].real].failing +=
		!health_is_up(health);
}

void teller_init(struct teller *teller, struct arena *arena,
	const struct config *config, struct scoreboard *scoreboard,
	struct check *checks)
{
	*teller = (struct teller){
		.config = config,
		.scoreboard = scoreboard,
		.checks = checks,
		.reals = arena_array(
			arena, config->real_count, sizeof(*teller->reals)),
		.serving = arena_array(
			arena, config->virtual_count, sizeof(*teller->serving)),
		.wants_end = &teller->wants,
		.edges_end = &teller->edges,
	};
	for (uint32_t i = 0; i < config->check_count; i++)
		count_in(teller, i);
	for (uint32_t i = 0; i < config->real_count; i++) {
		teller->reals[i].told = TOLD_NOTHING;
		teller->serving[config->reals[i].virtual] +=
			real_serves(teller, i);
	}
	if (!teller->unsettled)
		teller_state(teller);
}

/* One of its checks has come up or gone down. */
static void real_changed(struct teller *teller, uint32_t real, bool up)
{
	uint32_t virtual = teller->config->reals[real].virtual;
	uint32_t fallback = teller->config->virtuals[virtual].fallback;
	bool served = real_serves(teller, real);

	teller->reals[real].failing += up ? (uint32_t)-1 : 1;
	queue_want(teller, real);
	teller->serving[virtual] -= served;
	teller->serving[virtual] += real_serves(teller, real);
	if (fallback != CONFIG_NONE)
		queue_want(teller, fallback);
}

static uint32_t limit(uint64_t us)
{
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void note_edge(struct teller *teller, uint32_t index,
	const struct verdict *verdict, bool first)
{
	const struct health *health = &teller->scoreboard->health[index];
	struct check *check = &teller->checks[index];

	check->why = verdict->why;
	check->code = verdict->code;
	check->took_us = limit(verdict->ended_us - verdict->began_us);
	check->count = verdict->up ? health->rises : health->falls;
	check->up = verdict->up;
	check->first = first || (check->edge && check->first);
	queue_edge(teller, check);
}

void teller_verdict(
	struct teller *teller, uint32_t check, const struct verdict *verdict)
{
	const struct config_check *about = &teller->config->checks[check];
	const struct config_settings *settings =
		&teller->config->settings[about->settings];
	const struct health_rules rules = {
		.rise = settings->rise,
		.fall = settings->fall,
		.fall_after_ms = settings->fall_after_ms,
	};
	struct health *health = &teller->scoreboard->health[check];
	bool first = !health_is_settled(health);
	bool was_up = health_is_up(health);
	enum health_edge edge = health_verdict(
		health, &rules, verdict->up, verdict->ended_us / 1000);
	bool is_up = health_is_up(health);

	if (is_up != was_up)
		real_changed(teller, about->real, is_up);
	/* A first failure of what is still taken for up is no news yet. */
	if (edge != HEALTH_NO_EDGE || (first && is_up == verdict->up))
		note_edge(teller, check, verdict, first);
	if (first && --teller->unsettled == 0)
		teller_state(teller);
}

static bool tell_wants(struct teller *teller, struct channel *channel)
{
	union protocol_message message = {.head = {.type = PROTOCOL_WANT}};
	struct protocol_want *want = &message.want;
	struct teller_real *after = teller->wants;

	for (; after && want->count < PROTOCOL_WANTS_MAX; after = after->next) {
		uint32_t real = (uint32_t)(after - teller->reals);
		int32_t weight = real_weight(teller, real);

		if (weight == after->told)
			continue;
		want->want[want->count].real = real;
		want->want[want->count++].weight = weight;
	}
	if (want->count && !channel_send(channel, &message))
		return false;
	for (uint32_t i = 0; i < want->count; i++)
		teller->reals[want->want[i].real].told = want->want[i].weight;
	while (teller->wants != after) {
		teller->wants->queued = false;
		teller->wants = teller->wants->next;
	}
	if (!after)
		teller->wants_end = &teller->wants;
	return true;
}

static bool tell_edge(struct teller *teller, struct channel *channel)
{
	struct check *check = teller->edges;
	union protocol_message message = {.head = {.type = PROTOCOL_EDGE}};

	message.edge.check = (uint32_t)(check - teller->checks);
	message.edge.took_us = check->took_us;
	message.edge.code = check->code;
	message.edge.count = check->count;
	message.edge.up = check->up;
	message.edge.first = check->first;
	text_printable(message.edge.why, sizeof(message.edge.why), check->why,
		strnlen(check->why, sizeof(message.edge.why)));
	if (!channel_send(channel, &message))
		return false;
	check->edge = false;
	teller->edges = check->next_edge;
	if (!teller->edges)
		teller->edges_end = &teller->edges;
	return true;
}

void teller_tell(struct teller *teller, struct channel *channel)
{
	union protocol_message round = {.head = {.type = PROTOCOL_ROUND}};

	while (teller->wants)
		if (!tell_wants(teller, channel))
			return;
	while (teller->edges)
		if (!tell_edge(teller, channel))
			return;
	if (teller->stated && !teller->round_told)
		teller->round_told = channel_send(channel, &round);
}
