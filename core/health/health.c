// SPDX-License-Identifier: GPL-2.0-or-later
/* Health: verdicts in, edges out, with hysteresis. */
#include "health/health.h"

static void count(uint32_t *counter)
{
	if (*counter < UINT32_MAX)
		(*counter)++;
}

void health_init(struct health *health, bool in_service, uint64_t now_ms)
{
	*health = (struct health){
		.seen_ms = now_ms,
		.state = in_service ? HEALTH_ASSUMED : HEALTH_UNKNOWN,
	};
}

static bool has_risen(
	const struct health *health, const struct health_rules *rules)
{
	return health->state == HEALTH_UNKNOWN || health->rises >= rules->rise;
}

/* Adds the time since the verdict before. */
static void last_longer(struct health *health, const struct health_rules *rules,
	uint64_t now_ms)
{
	uint64_t gap = now_ms - health->seen_ms;
	uint64_t lasts;

	if (gap > rules->gap_ms)
		gap = rules->gap_ms;
	lasts = health->lasts_ms + gap;
	health->lasts_ms = lasts < UINT32_MAX ? (uint32_t)lasts : UINT32_MAX;
	health->seen_ms = now_ms;
}

static bool has_fallen(
	const struct health *health, const struct health_rules *rules)
{
	if (health->state == HEALTH_UNKNOWN)
		return true;
	if (rules->fall && health->falls >= rules->fall)
		return true;
	return rules->fall_after_ms && health->lasts_ms >= rules->fall_after_ms;
}

static enum health_edge settle(
	struct health *health, enum health_state state, uint64_t now_ms)
{
	enum health_edge edge =
		state == HEALTH_UP ? HEALTH_EDGE_UP : HEALTH_EDGE_DOWN;

	/* That an assumption was right is no news. */
	if (health->state == HEALTH_ASSUMED && state == HEALTH_UP)
		edge = HEALTH_NO_EDGE;
	health->state = (uint8_t)state;
	if (edge != HEALTH_NO_EDGE)
		health->changed_ms = now_ms;
	return edge;
}

static enum health_edge succeed(struct health *health,
	const struct health_rules *rules, uint64_t now_ms)
{
	/* In this order a reader finds valid health at any time. */
	health->falls = 0;
	count(&health->successes);
	count(&health->rises);
	health->lasts_ms = 0;
	health->seen_ms = now_ms;
	if (health->state == HEALTH_ASSUMED)
		return settle(health, HEALTH_UP, now_ms);
	if (health->state == HEALTH_UP || !has_risen(health, rules))
		return HEALTH_NO_EDGE;
	return settle(health, HEALTH_UP, now_ms);
}

static enum health_edge fail(struct health *health,
	const struct health_rules *rules, uint64_t now_ms)
{
	health->rises = 0;
	count(&health->failures);
	count(&health->falls);
	last_longer(health, rules, now_ms);
	if (health->state == HEALTH_DOWN)
		return HEALTH_NO_EDGE;
	if (has_fallen(health, rules))
		return settle(health, HEALTH_DOWN, now_ms);
	if (health->state == HEALTH_ASSUMED)
		return settle(health, HEALTH_UP, now_ms);
	return HEALTH_NO_EDGE;
}

enum health_edge health_verdict(struct health *health,
	const struct health_rules *rules, bool up, uint64_t now_ms)
{
	return up ? succeed(health, rules, now_ms)
		  : fail(health, rules, now_ms);
}

bool health_is_up(const struct health *health)
{
	return health->state == HEALTH_UP || health->state == HEALTH_ASSUMED;
}

bool health_is_settled(const struct health *health)
{
	return health->state == HEALTH_UP || health->state == HEALTH_DOWN;
}

bool health_is_valid(const struct health *health)
{
	return health->state <= HEALTH_DOWN && health->percent <= 100 &&
	       !(health->rises && health->falls) &&
	       health->rises <= health->successes &&
	       health->falls <= health->failures;
}
