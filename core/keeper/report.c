// SPDX-License-Identifier: GPL-2.0-or-later
/* What the keeper tells people. */
#include "keeper/report.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "policy/policy.h"

#include <string.h>

/* Whom an edge or a line is about, as text. */
struct subject {
	char real[ADDRESS_TEXT_MAX];
	const char *virtual;
	const char *checker; /* the last part of its path */
	const char *kind;    /* "real" or "fallback" */
};

static const char *checker_name(const struct config *config, uint32_t check)
{
	const char *name =
		config->vectors[config->checks[check].vector].argv[0];
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static struct subject subject_of(const struct config *config, uint32_t check)
{
	const struct config_real *real =
		&config->reals[config->checks[check].real];
	struct subject subject = {
		.virtual = config->virtuals[real->virtual].name,
		.checker = checker_name(config, check),
		.kind = real->fallback ? "fallback" : "real",
	};

	address_format(&real->address, subject.real);
	return subject;
}

static void add_finding(struct text *text, const char *checker,
	const struct protocol_edge *edge)
{
	text_add(text, "%s", checker);
	if (edge->code)
		text_add(text, " %d", (int)edge->code);
	/* What it last waited for is no reason to be up. */
	if (edge->up)
		return;
	if (edge->why[0] && edge->code)
		text_add(text, " (%s)", edge->why);
	else if (edge->why[0])
		text_add(text, ": %s", edge->why);
}

static void add_count(struct text *text, const struct config *config,
	const struct protocol_edge *edge)
{
	const struct config_settings *settings =
		&config->settings[config->checks[edge->check].settings];
	uint32_t of = edge->up ? settings->rise : settings->fall;

	text_add(text, ", %u ms", (unsigned int)(edge->took_us / 1000));
	if (edge->first)
		text_add(text, ", first round");
	else if (of)
		text_add(text, ", %u of %u", (unsigned int)edge->count,
			(unsigned int)of);
	else
		text_add(text, ", %u in a row", (unsigned int)edge->count);
}

/* What is up from the beginning is no news, and may be a hundred thousand
 * lines of it. */
static int edge_level(const struct protocol_edge *edge)
{
	if (!edge->up)
		return LOG_WARNING;
	return edge->first ? LOG_DEBUG : LOG_NOTICE;
}

void report_edge(const struct config *config, const struct protocol_edge *edge)
{
	struct subject subject = subject_of(config, edge->check);
	const char *health = edge->up ? "up" : "down";
	char finding[LOG_LINE_MAX], code[16];
	struct text text, number;

	if (!log_wants(edge_level(edge)))
		return;
	text_init(&text, finding, sizeof(finding));
	add_finding(&text, subject.checker, edge);
	add_count(&text, config, edge);
	text_init(&number, code, sizeof(code));
	text_add(&number, "%d", (int)edge->code);
	log_fields(edge_level(edge),
		(const struct log_field[]){
			{"LVSMON_VIRTUAL", subject.virtual},
			{"LVSMON_REAL", subject.real},
			{"LVSMON_CHECKER", subject.checker},
			{"LVSMON_HEALTH", health},
			{"LVSMON_CODE", code},
			{"LVSMON_REASON", edge->why},
		},
		6, "%s %s of %s: %s: %s", subject.kind, subject.real,
		subject.virtual, health, finding);
}

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
static void report_check(const struct generation *generation, uint32_t check)
{
	struct health health;

	memcpy(&health, &generation->scoreboard->health[check], sizeof(health));
	log_line(LOG_NOTICE,
		"status:     %s: %s, %u successes, %u failures, %u in a row",
		checker_name(generation->config, check), state_name(&health),
		health.successes, health.failures,
		health.rises ? health.rises : health.falls);
}

static void report_real(const struct generation *generation, uint32_t index)
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
		report_check(generation, real->check + i);
}

static void report_virtual(const struct generation *generation, uint32_t index)
{
	const struct config *config = generation->config;
	const struct config_virtual *virtual = &config->virtuals[index];
	char name[CONFIG_SERVICE_TEXT_MAX];

	for (uint32_t i = 0; i < virtual->service_count; i++)
		log_line(LOG_NOTICE, "status: virtual %s %s %s", virtual->name,
			config_service_format(
				&config->services[virtual->service + i], name),
			virtual->scheduler);
	for (uint32_t i = 0; i < virtual->real_count; i++)
		report_real(generation, virtual->real + i);
}

/* The engine may write while it is read: a count more or less. */
static void report_lateness(const struct histogram *late)
{
	log_line(LOG_NOTICE,
		"status: probes begin late by: median %u us, 99 of 100 at most "
		"%u us, the worst %u us",
		histogram_quantile(late, 500), histogram_quantile(late, 990),
		histogram_quantile(late, 1000));
}

void report_status(const struct generation *generation)
{
	const struct scoreboard *scoreboard = generation->scoreboard;
	char summary[REPORT_SUMMARY_MAX];

	log_line(LOG_NOTICE, "status: %s; engine %d; %llu probes, %llu put off",
		report_summary(generation, summary), (int)generation->child.pid,
		(unsigned long long)scoreboard->probes,
		(unsigned long long)scoreboard->put_off);
	report_lateness(&scoreboard->late);
	for (uint32_t i = 0; i < generation->config->virtual_count; i++)
		report_virtual(generation, i);
}

char *report_summary(const struct generation *generation, char *buf)
{
	struct text text;

	text_init(&text, buf, REPORT_SUMMARY_MAX);
	text_add(&text, "%u virtual%s, %u of %u real%s up",
		(unsigned int)generation->config->virtual_count,
		generation->config->virtual_count == 1 ? "" : "s",
		(unsigned int)generation->reals_up,
		(unsigned int)generation->reals,
		generation->reals == 1 ? "" : "s");
	return buf;
}
