// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper tells: edges to the log, its state to the service manager. */
#include "keeper/tell.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/text.h"

#include <string.h>

#define LABEL_MAX 64

/* Whether the real has another check of the same checker. */
static bool has_twin(const struct config *config, uint32_t check)
{
	const struct config_real *real =
		&config->reals[config->checks[check].real];
	const char *name = config_checker_name(config, check);

	for (uint32_t i = real->check; i < real->check + real->check_count; i++)
		if (i != check &&
			strcmp(config_checker_name(config, i), name) == 0)
			return true;
	return false;
}

/* Returns where the letter of an option is that may carry a password, in a word
 * of one option or of several; 0 = nowhere. */
static size_t secret_at(const char *word)
{
	size_t at = *word == '-' ? strcspn(word, "aAU") : 0;

	return word[at] ? at : 0;
}

/* Values that may be passwords are not for the log: those of some options, and
 * bytes that a checker sends. */
static void add_arguments(struct text *text, const struct config_vector *vector)
{
	for (int i = 1; i < vector->argc; i++) {
		const char *word = vector->argv[i];
		size_t at = secret_at(word);

		if (at) {
			text_add(text, " %.*s ...", (int)at + 1, word);
			i += !word[at + 1];
		} else {
			text_add(text, " %s",
				strpbrk(word, " \\") ? "..." : word);
		}
	}
}

/* Names a check among those of its real. */
static void add_label(
	struct text *text, const struct config *config, uint32_t check)
{
	const struct config_vector *vector =
		&config->vectors[config->checks[check].vector];
	char label[LABEL_MAX];
	struct text words;

	text_init(&words, label, sizeof(label));
	text_add(&words, "%s", config_checker_name(config, check));
	if (has_twin(config, check))
		add_arguments(&words, vector);
	text_add(text, "%s%s", label, words.cut ? "..." : "");
}

static void add_result(struct text *text, const struct protocol_edge *edge,
	const struct protocol_finding *finding)
{
	if (finding->code)
		text_add(text, " %d", (int)finding->code);
	/* A check that is up has no reason for it. */
	if (edge->up)
		return;
	if (finding->why[0] && finding->code)
		text_add(text, " (%s)", finding->why);
	else if (finding->why[0])
		text_add(text, ": %s", finding->why);
}

static void add_count(struct text *text, const struct config *config,
	const struct protocol_edge *edge,
	const struct protocol_finding *finding)
{
	const struct config_settings *settings =
		&config->settings[config->checks[finding->check].settings];
	uint32_t of = edge->up ? settings->rise : settings->fall;

	text_add(text, ", %u ms", (unsigned int)(finding->took_us / 1000));
	if (finding->first)
		text_add(text, ", first round");
	else if (of)
		text_add(text, ", %u of %u", (unsigned int)finding->count,
			(unsigned int)of);
	else
		text_add(text, ", %u in a row", (unsigned int)finding->count);
}

static void add_findings(struct text *text, const struct config *config,
	const struct protocol_edge *edge)
{
	for (uint32_t i = 0; i < edge->count; i++) {
		const struct protocol_finding *finding = &edge->findings[i];

		text_add(text, "%s", i ? "; " : ": ");
		add_label(text, config, finding->check);
		add_result(text, edge, finding);
		add_count(text, config, edge, finding);
	}
	if (!edge->up && !edge->count)
		text_add(text, ": its engine gave no reason");
	else if (edge->failing > edge->count)
		text_add(text, "; %u more of its checks fail",
			(unsigned int)(edge->failing - edge->count));
}

static const char *kind_of(const struct config_real *real)
{
	return real->fallback ? "fallback" : "real";
}

void tell_edge(const struct config *config, int level,
	const struct protocol_edge *edge)
{
	const struct config_real *real = &config->reals[edge->real];
	const char *virtual = config->virtuals[real->virtual].name;
	const char *health = edge->up ? "up" : "down";
	const struct protocol_finding nothing = {.code = 0};
	const struct protocol_finding *first =
		edge->count ? &edge->findings[0] : &nothing;
	char address[ADDRESS_TEXT_MAX], findings[LOG_LINE_MAX], code[16];
	struct text text, number;

	text_init(&text, findings, sizeof(findings));
	add_findings(&text, config, edge);
	text_init(&number, code, sizeof(code));
	text_add(&number, "%d", (int)first->code);
	address_format(&real->address, address);
	log_fields(level,
		(const struct log_field[]){
			{"LVSMON_VIRTUAL", virtual},
			{"LVSMON_REAL", address},
			{"LVSMON_CHECKER", edge->count
						   ? config_checker_name(config,
							     first->check)
						   : ""},
			{"LVSMON_HEALTH", health},
			{"LVSMON_CODE", code},
			{"LVSMON_REASON", first->why},
		},
		6, "%s %s of %s: %s%s", kind_of(real), address, virtual, health,
		findings);
}

void tell_weight(const struct config *config, uint32_t real, uint32_t before,
	uint32_t now)
{
	const struct config_real *conf = &config->reals[real];
	const char *virtual = config->virtuals[conf->virtual].name;
	char address[ADDRESS_TEXT_MAX], weight[16];
	struct text text;

	text_init(&text, weight, sizeof(weight));
	text_add(&text, "%u", (unsigned int)now);
	address_format(&conf->address, address);
	log_fields(LOG_NOTICE,
		(const struct log_field[]){
			{"LVSMON_VIRTUAL", virtual},
			{"LVSMON_REAL", address},
			{"LVSMON_WEIGHT", weight},
		},
		3, "virtual %s: %s %s has weight %s instead of %u", virtual,
		kind_of(conf), address, weight, (unsigned int)before);
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
			kind_of(real), address_format(&real->address, address),
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

	if (!keeper->current->announced)
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
