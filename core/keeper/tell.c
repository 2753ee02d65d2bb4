// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper tells: edges to the log, its state to the service manager. */
#include "keeper/tell.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/text.h"

#include <string.h>

/* The subject of an edge, as text. */
struct subject {
	char real[ADDRESS_TEXT_MAX];
	const char *virtual;
	const char *checker; /* the last part of its path */
	const char *kind;    /* "real" or "fallback" */
};

static struct subject subject_of(const struct config *config, uint32_t check)
{
	const struct config_real *real =
		&config->reals[config->checks[check].real];
	struct subject subject = {
		.virtual = config->virtuals[real->virtual].name,
		.checker = config_checker_name(config, check),
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
	/* A check that is up has no reason for it. */
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

/* A check that is up from the beginning is no news; there may be a hundred
 * thousand such lines. */
int tell_edge_level(const struct protocol_edge *edge)
{
	if (!edge->up)
		return LOG_WARNING;
	return edge->first ? LOG_DEBUG : LOG_NOTICE;
}

static bool wants_edge(const struct protocol_edge *edge)
{
	int level = tell_edge_level(edge);

	return level == LOG_DEBUG ? log_wants_topic(LOG_TOPIC_ENGINE)
				  : log_wants(level);
}

void tell_edge(const struct config *config, const struct protocol_edge *edge)
{
	struct subject subject = subject_of(config, edge->check);
	const char *health = edge->up ? "up" : "down";
	char finding[LOG_LINE_MAX], code[16];
	struct text text, number;

	if (!wants_edge(edge))
		return;
	text_init(&text, finding, sizeof(finding));
	add_finding(&text, subject.checker, edge);
	add_count(&text, config, edge);
	text_init(&number, code, sizeof(code));
	text_add(&number, "%d", (int)edge->code);
	log_fields(tell_edge_level(edge),
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

static void add_service(struct text *text, const struct generation *generation,
	uint32_t virtual)
{
	const struct config *config = generation->config;
	uint32_t fallback = config->virtuals[virtual].fallback;
	char address[ADDRESS_TEXT_MAX];

	switch ((enum policy_service)generation->virtuals[virtual].service) {
	case POLICY_UNKNOWN:
		text_add(text, "not decided yet");
		break;
	case POLICY_REALS:
		text_add(text, "served by its reals");
		break;
	case POLICY_FALLBACK:
		text_add(text, "no real is up, the fallback %s serves",
			address_format(
				&config->reals[fallback].address, address));
		break;
	case POLICY_NOBODY:
		text_add(text, "no server is up");
		break;
	}
}

void tell_service(const struct generation *generation, uint32_t virtual)
{
	const char *name = generation->config->virtuals[virtual].name;
	uint8_t service = generation->virtuals[virtual].service;
	const struct log_field field = {"LVSMON_VIRTUAL", name};
	char line[128];
	struct text text;

	text_init(&text, line, sizeof(line));
	add_service(&text, generation, virtual);
	log_fields(service == POLICY_REALS ? LOG_NOTICE : LOG_WARNING, &field,
		1, "virtual %s: %s", name, line);
}

/* Lines about reals without a verdict; the rest is a number. */
#define UNDECIDED_MAX 10

void tell_undecided(const struct generation *generation)
{
	const struct config *config = generation->config;
	uint32_t undecided = 0;
	char address[ADDRESS_TEXT_MAX];

	for (uint32_t i = 0; i < config->real_count; i++) {
		const struct config_real *real = &config->reals[i];

		if (generation->reals[i].health != POLICY_UNDECIDED ||
			++undecided > UNDECIDED_MAX)
			continue;
		log_line(LOG_WARNING,
			"%s %s of %s: no verdict yet, its table entry stays as "
			"it is",
			real->fallback ? "fallback" : "real",
			address_format(&real->address, address),
			config->virtuals[real->virtual].name);
	}
	if (undecided > UNDECIDED_MAX)
		log_line(LOG_WARNING, "%u more reals have no verdict yet",
			(unsigned int)(undecided - UNDECIDED_MAX));
}

void tell_reloading(void)
{
	char state[64];
	struct text text;

	text_init(&text, state, sizeof(state));
	text_add(&text, "RELOADING=1\nMONOTONIC_USEC=%llu",
		(unsigned long long)clock_us());
	notify_send(state);
}

void tell_ready(const struct keeper *keeper)
{
	char summary[GENERATION_SUMMARY_MAX];
	char state[GENERATION_SUMMARY_MAX + 16];
	struct text text;

	text_init(&text, state, sizeof(state));
	text_add(&text, "READY=1\nSTATUS=%s",
		generation_summary(keeper->current, summary));
	notify_send(state);
}

void tell_summary(struct keeper *keeper)
{
	char summary[GENERATION_SUMMARY_MAX];
	char state[GENERATION_SUMMARY_MAX + 8];
	struct text text;

	if (!keeper->current->told)
		return;
	generation_summary(keeper->current, summary);
	if (strcmp(summary, keeper->told) == 0)
		return;
	strcpy(keeper->told, summary);
	text_init(&text, state, sizeof(state));
	text_add(&text, "STATUS=%s", summary);
	notify_send(state);
}

void tell_lines(struct keeper *keeper, bool more)
{
	if (!log_flush() || more)
		loop_timer_set(keeper->loop, &keeper->flush,
			clock_us() + LOOP_TICK_US);
}
