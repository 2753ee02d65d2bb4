// SPDX-License-Identifier: GPL-2.0-or-later
/* The weights that configuration, health and operators ask for. */
#include "policy/policy.h"

#include <assert.h>

/* Whether a real counts towards the service of its virtual. */
static bool counts(const struct config_real *real)
{
	return !real->fallback && real->weight > 0;
}

static enum policy_health health_of(const struct policy_real *known)
{
	switch ((enum policy_admin)known->admin) {
	case POLICY_FORCE_UP:
		return POLICY_UP;
	case POLICY_FORCE_DOWN:
		return POLICY_DOWN;
	case POLICY_AUTO:
		break;
	}
	return (enum policy_health)known->health;
}

void policy_begin(const struct config *config, uint32_t virtual, bool cold,
	struct policy_state *state)
{
	const struct config_virtual *conf = &config->virtuals[virtual];

	*state = (struct policy_state){.service = POLICY_UNKNOWN, .cold = cold};
	for (uint32_t i = 0; i < conf->real_count; i++)
		state->undecided += counts(&config->reals[conf->real + i]);
}

static void count_change(struct policy_state *state, enum policy_health before,
	enum policy_health now)
{
	assert(before != POLICY_UNDECIDED || state->undecided > 0);
	assert(before != POLICY_UP || state->serving > 0);
	state->undecided -= before == POLICY_UNDECIDED;
	state->undecided += now == POLICY_UNDECIDED;
	state->serving -= before == POLICY_UP;
	state->serving += now == POLICY_UP;
}

/* After a cold start no undecided real is in service, so that a fallback takes
 * nothing away from them. */
static bool waits_for_reals(const struct policy_state *state)
{
	return state->undecided && !state->cold;
}

static enum policy_service service_of(
	const struct policy_state *state, const struct policy_real *fallback)
{
	bool known = !state->undecided;

	if (state->serving)
		return POLICY_REALS;
	if (fallback && !waits_for_reals(state)) {
		if (health_of(fallback) == POLICY_UP)
			return POLICY_FALLBACK;
		known = known && health_of(fallback) == POLICY_DOWN;
	}
	return known ? POLICY_NOBODY : POLICY_UNKNOWN;
}

static bool goes_later(const struct config_real *real)
{
	return real->quiet_ms && real->quiet_ms != CONFIG_QUIET_FOR_EVER;
}

/* Rounded up, so that the time is never short. */
static uint32_t second_of(uint64_t ms)
{
	return (uint32_t)((ms + 999) / 1000);
}

static uint64_t quiet_until(
	const struct config_real *real, const struct policy_real *known)
{
	return (uint64_t)known->quiet_s * 1000 + real->quiet_ms;
}

/* Begins and ends the time that a real which is down stays at weight 0. A
 * real that was down before a reload keeps its time. Returns when it ends. */
static uint64_t set_stage(const struct config_real *real,
	struct policy_real *known, uint64_t now_ms)
{
	if (health_of(known) != POLICY_DOWN) {
		known->stage = POLICY_IN;
		return POLICY_NEVER;
	}
	if (!goes_later(real) || known->stage == POLICY_OUT)
		return POLICY_NEVER;
	if (known->stage == POLICY_IN)
		known->quiet_s = second_of(now_ms);
	known->stage = POLICY_QUIET;
	return quiet_until(real, known);
}

struct policy_result policy_virtual(const struct config *config, uint32_t real,
	const struct policy_real *before, struct policy_real *now,
	const struct policy_real *fallback, struct policy_state *state,
	uint64_t now_ms)
{
	uint8_t service = state->service;
	struct policy_result result = {
		.first = real,
		.count = 1,
		.look_ms = set_stage(&config->reals[real], now, now_ms),
	};

	if (counts(&config->reals[real]))
		count_change(state, health_of(before), health_of(now));
	state->service = (uint8_t)service_of(state, fallback);
	result.edge = state->service != service;
	result.fallback = result.edge && fallback;
	return result;
}

uint64_t policy_look(const struct config *config, uint32_t real,
	struct policy_real *known, uint64_t now_ms)
{
	uint64_t until = quiet_until(&config->reals[real], known);

	if (known->stage != POLICY_QUIET)
		return POLICY_NEVER;
	if (now_ms < until)
		return until;
	known->stage = POLICY_OUT;
	return POLICY_NEVER;
}

uint32_t policy_weight_up(
	const struct config_real *real, const struct policy_real *known)
{
	/* A real that an operator holds up has its whole weight. */
	uint64_t percent = known->health == POLICY_UP ? known->percent : 100;

	assert(percent >= 1 && percent <= 100);
	return (uint32_t)((real->weight * percent + 99) / 100);
}

static int32_t weight_down(
	const struct config_real *real, const struct policy_real *known)
{
	if (!real->quiet_ms || known->stage == POLICY_OUT)
		return POLICY_ABSENT;
	return 0;
}

/* A fallback stands in while no real serves. */
static int32_t weight_of_fallback(const struct config_real *fallback,
	const struct policy_real *known, const struct policy_state *state)
{
	if (state->serving)
		return POLICY_ABSENT;
	if (waits_for_reals(state))
		return POLICY_KEEP;
	switch (health_of(known)) {
	case POLICY_UP:
		return (int32_t)policy_weight_up(fallback, known);
	case POLICY_DOWN:
		return POLICY_ABSENT;
	case POLICY_UNDECIDED:
		break;
	}
	return POLICY_KEEP;
}

int32_t policy_weight(const struct config *config, uint32_t real,
	const struct policy_real *known, const struct policy_state *state)
{
	const struct config_real *conf = &config->reals[real];

	if (conf->fallback)
		return weight_of_fallback(conf, known, state);
	switch (health_of(known)) {
	case POLICY_UP:
		return (int32_t)policy_weight_up(conf, known);
	case POLICY_DOWN:
		return weight_down(conf, known);
	case POLICY_UNDECIDED:
		break;
	}
	return POLICY_KEEP;
}
