// SPDX-License-Identifier: GPL-2.0-or-later
/* The status table, as SIGUSR1 asks for it. */
#include "keeper/status.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

/* Reals of one turn of the loop. */
#define STEPS_MAX 500

static const char *state_name(const struct health *health)
{
	if (!health_is_valid(health))
		return "unreadable";
	switch ((enum health_state)health->state) {
	case HEALTH_UNKNOWN:
		return "not yet checked";
	case HEALTH_ASSUMED:
		return "assumed up";
	case HEALTH_UP:
		return "up";
	case HEALTH_DOWN:
		return "down";
	}
	return "unreadable";
}

/* The scoreboard belongs to the engine: read once, then judged. */
static void log_check(const struct generation *generation, uint32_t check)
{
	struct health health;

	memcpy(&health, &generation->scoreboard->scores[check].health,
		sizeof(health));
	log_line(LOG_NOTICE,
		"status:     %s: %s, %u successes, %u failures, %u in a row",
		config_checker_name(generation->config, check),
		broken_is_out(&generation->broken, check)
			? "left out, its checker is broken"
			: state_name(&health),
		health.successes, health.failures,
		health.rises ? health.rises : health.falls);
}

static void log_real(const struct generation *generation, uint32_t index)
{
	const struct config_real *real = &generation->config->reals[index];
	int32_t wanted = table_wanted(generation->table, index);
	char address[ADDRESS_TEXT_MAX], weight[16];
	struct text text;

	text_init(&text, weight, sizeof(weight));
	if (wanted == POLICY_ABSENT)
		text_add(&text, "none");
	else
		text_add(&text, "%d", (int)wanted);
	log_line(LOG_NOTICE, "status:   %s %s %s, weight %s of %u",
		real->fallback ? "fallback" : "real",
		address_format(&real->address, address),
		config_forward_name(real->forward),
		table_decided(generation->table, index) ? weight : "undecided",
		(unsigned int)real->weight);
	for (uint32_t i = 0; i < real->check_count; i++)
		log_check(generation, real->check + i);
}

static void log_services(
	const struct config *config, const struct config_virtual *virtual)
{
	char name[CONFIG_SERVICE_TEXT_MAX];

	for (uint32_t i = 0; i < virtual->service_count; i++)
		log_line(LOG_NOTICE, "status: virtual %s %s %s", virtual->name,
			config_service_format(
				&config->services[virtual->service + i], name),
			virtual->scheduler);
}

/* Logs the next real, and the virtual before its first real. */
static void log_next(
	const struct generation *generation, struct status_place *place)
{
	const struct config *config = generation->config;
	const struct config_virtual
		*virtual = &config->virtuals[place->virtual];

	if (place->real == 0)
		log_services(config, virtual);
	if (place->real < virtual->real_count)
		log_real(generation, virtual->real + place->real++);
	if (place->real < virtual->real_count)
		return;
	place->virtual ++;
	place->real = 0;
}

/* The engine may write meanwhile: a count may be off by one. */
static void log_lateness(const struct histogram *late)
{
	log_line(LOG_NOTICE,
		"status: probes begin late by: median %u us, 99 of 100 at most "
		"%u us, the worst %u us",
		histogram_quantile(late, 500), histogram_quantile(late, 990),
		histogram_quantile(late, 1000));
}

static void log_unresolved(const struct config *config)
{
	for (uint32_t i = 0; i < config->unresolved_count; i++) {
		const struct config_unresolved *gap = &config->unresolved[i];

		log_line(LOG_NOTICE, "status: '%s'%s%s: unresolved: %s",
			gap->text, gap->virtual ? " of " : "",
			gap->virtual ? gap->virtual : "", gap->why);
	}
}

void status_begin(struct keeper *keeper)
{
	const struct generation *generation = keeper->current;
	const struct scoreboard_counters *counters =
		&generation->scoreboard->counters;
	char summary[GENERATION_SUMMARY_MAX];

	log_line(LOG_NOTICE, "status: %s; engine %d; %llu probes, %llu put off",
		generation_summary(generation, summary),
		(int)generation->child.pid,
		(unsigned long long)counters->probes,
		(unsigned long long)counters->put_off);
	log_lateness(&counters->late);
	log_unresolved(generation->config);
	keeper->status = (struct status_place){.of = generation};
}

bool status_proceed(struct keeper *keeper)
{
	struct status_place *place = &keeper->status;
	uint32_t steps = 0;

	if (!place->of)
		return false;
	if (place->of != keeper->current) {
		log_line(LOG_NOTICE, "status: not complete, because the "
				     "configuration was reloaded");
		place->of = NULL;
		return false;
	}
	while (place->virtual < place->of->config->virtual_count) {
		if (steps++ == STEPS_MAX || !log_has_room())
			return true;
		log_next(place->of, place);
	}
	place->of = NULL;
	return false;
}
