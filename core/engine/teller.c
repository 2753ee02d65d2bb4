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
	uint8_t told; /* the percentage told last; DOWN or NOTHING */
};

/* Not percentages of a real that is up. */
#define TOLD_NOTHING UINT8_MAX
#define TOLD_DOWN 0

static void queue_real(struct teller *teller, uint32_t real)
{
	if (tally_is_decided(&teller->reals[real].tally))
		queue_push(&teller->changed, real);
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
		.edges = queue_create(arena, config->check_count),
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
		queue_real(teller, i);
	}
}

static uint32_t limit(uint64_t us)
{
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void note_edge(struct teller *teller, uint32_t index,
	const struct verdict *verdict, bool first)
{
	const struct health *health = scored(teller, index);
	struct check *check = &teller->checks[index];

	check->why = verdict->why;
	check->code = verdict->code;
	check->took_us = limit(verdict->ended_us - verdict->began_us);
	check->count = verdict->up ? health->rises : health->falls;
	check->up = verdict->up;
	/* A check whose last edge is not told yet keeps its place. */
	check->first =
		first || (queue_has(&teller->edges, index) && check->first);
	queue_push(&teller->edges, index);
}

static struct health_rules rules_of(const struct teller *teller, uint32_t check)
{
	const struct config_settings *settings =
		&teller->config
			 ->settings[teller->config->checks[check].settings];

	return (struct health_rules){
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

void teller_verdict(
	struct teller *teller, uint32_t check, const struct verdict *verdict)
{
	uint32_t real = teller->config->checks[check].real;
	const struct health_rules rules = rules_of(teller, check);
	struct health *health = scored(teller, check);
	const struct tally_check before = tally_check_of(health);
	enum health_edge edge = health_verdict(
		health, &rules, verdict->up, verdict->ended_us / 1000);
	const struct tally_check now = tally_check_of(health);
	bool weighs = take_percent(health, verdict);

	if (now.up != before.up || now.decided != before.decided) {
		if (tally_change(&teller->reals[real].tally, before, now))
			weighs = true;
	}
	if (weighs)
		queue_real(teller, real);
	/* The first failure of a check that still counts as up is no news. */
	if (edge != HEALTH_NO_EDGE ||
		(!before.decided && now.up == verdict->up))
		note_edge(teller, check, verdict, !before.decided);
	if (!before.decided) {
		assert(teller->unsettled > 0);
		teller->unsettled--;
	}
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

static bool send_edge(
	struct teller *teller, struct channel *channel, uint32_t index)
{
	const struct check *check = &teller->checks[index];
	union protocol_message message = {.head = {.type = PROTOCOL_EDGE}};

	message.edge.check = index;
	message.edge.took_us = check->took_us;
	message.edge.code = check->code;
	message.edge.count = check->count;
	message.edge.up = check->up;
	message.edge.first = check->first;
	text_printable(message.edge.why, sizeof(message.edge.why), check->why,
		strnlen(check->why, sizeof(message.edge.why)));
	return channel_send(channel, &message) &&
	       queue_pop(&teller->edges, &index);
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
