// SPDX-License-Identifier: GPL-2.0-or-later
/* The teller: from verdicts to what the keeper is told. */
#include "engine/teller.h"

#include "base/clock.h"
#include "base/text.h"
#include "policy/tally.h"

#include <assert.h>
#include <string.h>

struct teller_real {
	struct tally tally;
	uint32_t last; /* the check with the last edge */
	uint8_t told;  /* the percentage told last; DOWN or NOTHING */
};

/* Not percentages of a real that is up. */
#define TOLD_NOTHING UINT8_MAX
#define TOLD_DOWN 0

static void queue_real(
	const struct teller *teller, struct queue *queue, uint32_t real)
{
	if (tally_is_decided(&teller->reals[real].tally))
		queue_push(queue, real);
}

static struct health *scored(const struct teller *teller, uint32_t check)
{
	return &teller->scoreboard->scores[check].health;
}

static struct tally_check tally_check_of(const struct health *health)
{
	return (struct tally_check){
		.decided = health_is_settled(health),
		.up = health_is_up(health),
	};
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
		.changed = queue_create(arena, config->real_count),
		.edges = queue_create(arena, config->real_count),
	};
}

static void count_in(struct teller *teller, uint32_t check)
{
	uint32_t real = teller->config->checks[check].real;
	struct health *health = scored(teller, check);

	assert(real < teller->config->real_count);
	if (!health_is_valid(health))
		health_init(health, false, clock_ms());
	teller->unsettled += !health_is_settled(health);
	tally_add(&teller->reals[real].tally, tally_check_of(health));
}

void teller_begin(struct teller *teller)
{
	for (uint32_t i = 0; i < teller->config->check_count; i++)
		count_in(teller, i);
	for (uint32_t i = 0; i < teller->config->real_count; i++) {
		teller->reals[i].told = TOLD_NOTHING;
		teller->reals[i].last = teller->config->reals[i].check;
		queue_real(teller, &teller->changed, i);
	}
}

static uint32_t limit(uint64_t us)
{
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* Keeps what is to be told of a check's edge. */
static void note_edge(struct teller *teller, uint32_t index,
	const struct verdict *verdict, bool first)
{
	const struct health *health = scored(teller, index);
	struct check *check = &teller->checks[index];

	check->why = verdict->why;
	check->code = verdict->code;
	check->took_us = limit(verdict->ended_us - verdict->began_us);
	check->count = verdict->up ? health->rises : health->falls;
	check->first = first;
	teller->reals[teller->config->checks[index].real].last = index;
}

/* Between two verdicts there is an interval, and the time of a probe. */
static uint32_t gap_of(
	const struct config_settings *settings, const struct verdict *verdict)
{
	uint64_t took = (verdict->ended_us - verdict->began_us) / 1000;

	if (took > settings->timeout_ms)
		took = settings->timeout_ms;
	return limit(settings->interval_ms + took + 1);
}

static struct health_rules rules_of(const struct teller *teller, uint32_t check,
	const struct verdict *verdict)
{
	const struct config_settings *settings =
		&teller->config
			 ->settings[teller->config->checks[check].settings];

	return (struct health_rules){
		.gap_ms = gap_of(settings, verdict),
		.rise = settings->rise,
		.fall = settings->fall,
		.fall_after_ms = settings->fall_after_ms,
	};
}

/* Returns whether the check asks for another weight than before. */
static bool take_percent(struct health *health, const struct verdict *verdict)
{
	uint8_t before = health->percent;

	if (verdict->up)
		health->percent = verdict->weight;
	return health->percent != before;
}

/* Takes in the change of a check. Returns whether its real has changed. */
static bool take_change(struct teller *teller, uint32_t real,
	struct tally_check before, struct tally_check now)
{
	if (now.up == before.up && now.decided == before.decided)
		return false;
	if (!before.decided) {
		assert(teller->unsettled > 0);
		teller->unsettled--;
	}
	return tally_change(&teller->reals[real].tally, before, now);
}

void teller_verdict(
	struct teller *teller, uint32_t check, const struct verdict *verdict)
{
	uint32_t real = teller->config->checks[check].real;
	const struct health_rules rules = rules_of(teller, check, verdict);
	struct health *health = scored(teller, check);
	const struct tally_check before = tally_check_of(health);
	enum health_edge edge = health_verdict(
		health, &rules, verdict->up, verdict->ended_us / 1000);
	const struct tally_check now = tally_check_of(health);
	bool weighs = take_percent(health, verdict);

	/* The first failure of a check that still counts as up is no news. */
	if (edge != HEALTH_NO_EDGE ||
		(!before.decided && now.up == verdict->up))
		note_edge(teller, check, verdict, !before.decided);
	if (take_change(teller, real, before, now)) {
		queue_real(teller, &teller->edges, real);
		weighs = true;
	}
	if (weighs)
		queue_real(teller, &teller->changed, real);
}

/* The least percentage that the checks of a real ask for. */
static uint8_t percent_of(const struct teller *teller, uint32_t real)
{
	const struct config_real *conf = &teller->config->reals[real];
	uint8_t least = PROTOCOL_PERCENT_MAX;

	for (uint32_t i = 0; i < conf->check_count; i++) {
		uint8_t percent = scored(teller, conf->check + i)->percent;

		if (percent && percent < least)
			least = percent;
	}
	return least;
}

static uint8_t to_tell(const struct teller *teller, uint32_t real)
{
	return tally_is_up(&teller->reals[real].tally)
		       ? percent_of(teller, real)
		       : TOLD_DOWN;
}

/* Fills a message from the front of the queue. Returns how many reals of the
 * queue it deals with: a real whose health was told needs no room. */
static uint32_t fill(
	const struct teller *teller, struct protocol_health *health)
{
	uint32_t real, reals = 0;
	bool more = queue_first(&teller->changed, &real);

	for (; more && health->count < PROTOCOL_REALS_MAX; reals++) {
		uint8_t percent = to_tell(teller, real);

		if (percent != teller->reals[real].told) {
			health->reals[health->count].real = real;
			health->reals[health->count].up = percent != TOLD_DOWN;
			health->reals[health->count++].percent =
				percent == TOLD_DOWN ? PROTOCOL_PERCENT_MAX
						     : percent;
		}
		more = queue_next(&teller->changed, &real);
	}
	return reals;
}

static bool send_health(struct teller *teller, struct channel *channel)
{
	union protocol_message message = {.head = {.type = PROTOCOL_HEALTH}};
	struct protocol_health *health = &message.health;
	uint32_t reals = fill(teller, health), real;

	if (health->count && !channel_send(channel, &message))
		return false;
	for (uint32_t i = 0; i < health->count; i++)
		teller->reals[health->reals[i].real].told =
			health->reals[i].up ? (uint8_t)health->reals[i].percent
					    : TOLD_DOWN;
	while (reals-- > 0)
		queue_pop(&teller->changed, &real);
	return true;
}

static void add_finding(
	const struct teller *teller, struct protocol_edge *edge, uint32_t index)
{
	const struct check *check = &teller->checks[index];
	struct protocol_finding *finding;

	/* An earlier engine knew why. */
	if (!check->why || edge->count == PROTOCOL_FINDINGS_MAX)
		return;
	finding = &edge->findings[edge->count++];
	finding->check = index;
	finding->took_us = check->took_us;
	finding->code = check->code;
	finding->count = check->count;
	finding->first = check->first;
	text_printable(finding->why, sizeof(finding->why), check->why,
		strnlen(check->why, sizeof(finding->why)));
}

static void add_failing(const struct teller *teller, struct protocol_edge *edge)
{
	const struct config_real *real = &teller->config->reals[edge->real];

	for (uint32_t i = real->check; i < real->check + real->check_count; i++)
		if (!health_is_up(scored(teller, i)))
			add_finding(teller, edge, i);
}

static bool send_edge(
	struct teller *teller, struct channel *channel, uint32_t real)
{
	const struct teller_real *known = &teller->reals[real];
	union protocol_message message = {.head = {.type = PROTOCOL_EDGE}};
	struct protocol_edge *edge = &message.edge;

	edge->real = real;
	edge->failing = known->tally.failing;
	edge->up = tally_is_up(&known->tally);
	if (edge->up)
		add_finding(teller, edge, known->last);
	else
		add_failing(teller, edge);
	return channel_send(channel, &message) &&
	       queue_pop(&teller->edges, &real);
}

void teller_tell(struct teller *teller, struct channel *channel)
{
	uint32_t index;

	while (queue_first(&teller->changed, &index))
		if (!send_health(teller, channel))
			return;
	while (queue_first(&teller->edges, &index))
		if (!send_edge(teller, channel, index))
			return;
	if (!teller->unsettled && !teller->round_told)
		teller->round_told = channel_send_type(channel, PROTOCOL_ROUND);
}
