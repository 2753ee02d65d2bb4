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

void policy_begin(const struct config *config, uint32_t virtual,
	struct policy_state *state)
{
	const struct config_virtual *conf = &config->virtuals[virtual];

	*state = (struct policy_state){.service = POLICY_UNKNOWN};
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

static enum policy_service service_of(
	const struct policy_state *state, const struct policy_real *fallback)
{
	if (state->serving)
		return POLICY_REALS;
	if (state->undecided)
		return POLICY_UNKNOWN;
	if (!fallback)
		return POLICY_NOBODY;
	switch (health_of(fallback)) {
	case POLICY_UP:
		return POLICY_FALLBACK;
	case POLICY_DOWN:
		return POLICY_NOBODY;
	case POLICY_UNDECIDED:
		break;
	}
	return POLICY_UNKNOWN;
}

struct policy_result policy_virtual(const struct config *config, uint32_t real,
	const struct policy_real *before, const struct policy_real *now,
	const struct policy_real *fallback, struct policy_state *state,
	uint64_t now_ms)
{
	uint8_t service = state->service;
	struct policy_result result = {
		.first = real,
		.count = 1,
		.look_ms = POLICY_NEVER,
	};

	(void)now_ms; /* for policies that wait */
	if (counts(&config->reals[real]))
		count_change(state, health_of(before), health_of(now));
	state->service = (uint8_t)service_of(state, fallback);
	result.edge = state->service != service;
	result.fallback = result.edge && fallback;
	return result;
}

/* A real that an operator holds up has its whole weight. */
static int32_t weight_up(
	const struct config_real *real, const struct policy_real *known)
{
	uint64_t percent = known->health == POLICY_UP ? known->percent : 100;

	assert(percent >= 1 && percent <= 100);
	return (int32_t)((real->weight * percent + 99) / 100);
}

/* A fallback stands in while no real serves. */
static int32_t weight_of_fallback(const struct config_real *fallback,
	const struct policy_real *known, const struct policy_state *state)
{
	if (state->serving)
		return POLICY_ABSENT;
	if (state->undecided)
		return POLICY_KEEP;
	switch (health_of(known)) {
	case POLICY_UP:
		return weight_up(fallback, known);
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
		return weight_up(conf, known);
	case POLICY_DOWN:
		return conf->on_fail == CONFIG_REMOVE ? POLICY_ABSENT : 0;
	case POLICY_UNDECIDED:
		break;
	}
	return POLICY_KEEP;
}
