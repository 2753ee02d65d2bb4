// SPDX-License-Identifier: GPL-2.0-or-later
/* The checks whose checker is broken. */
#include "keeper/broken.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "config/show.h"
#include "engine/plugin_dir.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define VECTOR_TEXT_MAX 256

static const char *checker_of(const struct config *config, uint32_t check)
{
	return config->vectors[config->checks[check].vector].argv[0];
}

/* Returns a number that changes with the file of a checker. */
static uint64_t file_of(const struct config *config, const char *name)
{
	struct stat st = {.st_size = -1};
	char path[PLUGIN_DIR_PATH_MAX];
	uint64_t parts[7];

	plugin_dir_resolve(path, config->plugin_dir, name);
	(void)stat(path, &st);
	parts[0] = (uint64_t)st.st_dev;
	parts[1] = (uint64_t)st.st_ino;
	parts[2] = (uint64_t)st.st_size;
	parts[3] = (uint64_t)st.st_mtim.tv_sec;
	parts[4] = (uint64_t)st.st_mtim.tv_nsec;
	parts[5] = (uint64_t)st.st_ctim.tv_sec;
	parts[6] = (uint64_t)st.st_ctim.tv_nsec;
	return hash_bytes(HASH_SEED, parts, sizeof(parts));
}

void broken_init(struct broken *broken, const struct config *config)
{
	*broken = (struct broken){
		.deaths = arena_array(config->arena, config->check_count,
			sizeof(*broken->deaths)),
	};
}

bool broken_is_out(const struct broken *broken, uint32_t check)
{
	return broken->deaths[check] >= BROKEN_DEATHS;
}

static bool is_held_outside(const struct config *config,
	const struct scoreboard *scoreboard, uint32_t check)
{
	const struct health *health = &scoreboard->scores[check].health;

	return config->settings[config->checks[check].settings].on_broken ==
		       CONFIG_HOLD &&
	       !health_is_up(health) && !health->successes && !health->failures;
}

bool broken_keeps_entry(const struct broken *broken,
	const struct config *config, const struct scoreboard *scoreboard,
	uint32_t real)
{
	const struct config_real *conf = &config->reals[real];

	if (!broken->noted)
		return false;
	for (uint32_t i = conf->check; i < conf->check + conf->check_count; i++)
		if (broken_is_out(broken, i) &&
			is_held_outside(config, scoreboard, i))
			return true;
	return false;
}

static struct broken_checker *find_checker_file(
	struct broken *broken, const char *name)
{
	for (uint32_t i = 0; i < broken->checker_count; i++)
		if (strcmp(broken->checkers[i].name, name) == 0)
			return &broken->checkers[i];
	return NULL;
}

static void set_deaths(struct broken *broken, uint32_t check, uint8_t deaths)
{
	broken->noted -= broken->deaths[check] > 0;
	broken->deaths[check] = deaths;
	broken->noted += deaths > 0;
}

static void forget_checker(
	struct broken *broken, const struct config *config, const char *name)
{
	for (uint32_t i = 0; i < config->check_count; i++)
		if (strcmp(checker_of(config, i), name) == 0)
			set_deaths(broken, i, 0);
}

/* The engine that died had loaded the checker after the death before it. If the
 * file is still the same, both engines had the same code. */
static void note_file(
	struct broken *broken, const struct config *config, const char *name)
{
	struct broken_checker *known = find_checker_file(broken, name);
	uint64_t file = file_of(config, name);

	if (known && known->file != file)
		forget_checker(broken, config, name);
	if (!known && broken->checker_count < BROKEN_CHECKERS_MAX)
		known = &broken->checkers[broken->checker_count++];
	if (known)
		*known = (struct broken_checker){.name = name, .file = file};
}

static char *vector_text(
	const struct config *config, uint32_t check, char *buf, size_t size)
{
	const struct config_vector *vector =
		&config->vectors[config->checks[check].vector];
	char words[VECTOR_TEXT_MAX];
	struct text text;

	text_init(&text, words, sizeof(words));
	for (int i = 1; i < vector->argc; i++)
		text_add(&text, " %s", vector->argv[i]);
	snprintf(buf, size, "%s", config_checker_name(config, check));
	text_printable(buf + strlen(buf), size - strlen(buf), words,
		strnlen(words, sizeof(words)));
	return buf;
}

static const char *outcome(const struct config *config, uint32_t check)
{
	const struct config_settings *settings =
		&config->settings[config->checks[check].settings];

	return settings->on_broken == CONFIG_HOLD
		       ? "on-broken hold: the real server stays as it is"
		       : "on-broken down: the check counts as failed";
}

static void log_check_broken(
	const struct config *config, uint32_t check, uint8_t deaths)
{
	const struct config_real *real =
		&config->reals[config->checks[check].real];
	char address[ADDRESS_TEXT_MAX];
	char vector[VECTOR_TEXT_MAX];

	address_format(&real->address, address);
	vector_text(config, check, vector, sizeof(vector));
	if (deaths < BROKEN_DEATHS)
		log_line(LOG_ERR,
			"%s %s of %s: the engine died in a step of checker %s, "
			"check '%s'",
			real->fallback ? "fallback" : "real", address,
			config->virtuals[real->virtual].name,
			checker_of(config, check), vector);
	else
		log_line(LOG_ERR,
			"%s %s of %s: checker %s is broken: the engine died "
			"%u times in a step of check '%s'; the check is left "
			"out until a reload with another plugin or other "
			"arguments; %s",
			real->fallback ? "fallback" : "real", address,
			config->virtuals[real->virtual].name,
			checker_of(config, check), (unsigned int)deaths, vector,
			outcome(config, check));
}

/* If several checks of a checker are fatal and none has ever succeeded, the
 * checker works for nobody. */
static void judge_checker(struct broken *broken, const struct config *config,
	const struct scoreboard *scoreboard, const char *name)
{
	uint32_t fatal = 0, all = 0;

	for (uint32_t i = 0; i < config->check_count; i++) {
		if (strcmp(checker_of(config, i), name) != 0)
			continue;
		if (scoreboard->scores[i].health.successes > 0)
			return;
		fatal += broken->deaths[i] > 0;
		all++;
	}
	if (fatal < BROKEN_CHECKS)
		return;
	for (uint32_t i = 0; i < config->check_count; i++)
		if (strcmp(checker_of(config, i), name) == 0)
			set_deaths(broken, i, BROKEN_DEATHS);
	log_line(LOG_ERR,
		"checker %s is broken: the engine died in steps of %u of its "
		"checks, and none of them has ever succeeded; all %u checks of "
		"this checker are left out",
		name, (unsigned int)fatal, (unsigned int)all);
}

bool broken_note(struct broken *broken, const struct config *config,
	struct scoreboard *scoreboard)
{
	uint32_t inside = scoreboard->inside;
	uint32_t check = inside - 1;

	scoreboard->inside = 0;
	if (!inside || check >= config->check_count ||
		broken_is_out(broken, check))
		return false;
	note_file(broken, config, checker_of(config, check));
	set_deaths(broken, check, (uint8_t)(broken->deaths[check] + 1));
	log_check_broken(config, check, broken->deaths[check]);
	judge_checker(broken, config, scoreboard, checker_of(config, check));
	return true;
}

bool broken_name_vector(
	const struct config *config, const struct scoreboard *scoreboard)
{
	uint32_t inside = scoreboard->inside;
	const struct config_vector *vector;
	char message[VECTOR_TEXT_MAX];
	struct text text;

	if (!inside || inside > config->vector_count)
		return false;
	vector = &config->vectors[inside - 1];
	text_init(&text, message, sizeof(message));
	text_add(&text,
		"%s: the engine ended while this checker was loaded or read "
		"its arguments",
		vector->argv[0]);
	config_complain(NULL, &vector->place, log_lines, NULL, message);
	return true;
}

/* A check without a verdict counts as the kernel's table had its real. */
static void leave_out(
	const struct config *config, struct scoreboard *scoreboard, uint32_t i)
{
	const struct config_settings *settings =
		&config->settings[config->checks[i].settings];
	struct health *health = &scoreboard->scores[i].health;
	bool up = settings->on_broken == CONFIG_HOLD && health_is_up(health);

	if (!health_is_valid(health))
		health_init(health, false, 0);
	scoreboard->scores[i].due_us = SCORE_LEFT_OUT;
	health->state = up ? HEALTH_UP : HEALTH_DOWN;
}

void broken_apply(const struct broken *broken, const struct config *config,
	struct scoreboard *scoreboard)
{
	scoreboard->inside = 0;
	for (uint32_t i = 0; i < config->check_count; i++) {
		if (broken_is_out(broken, i))
			leave_out(config, scoreboard, i);
		else if (scoreboard->scores[i].due_us == SCORE_LEFT_OUT)
			scoreboard->scores[i].due_us = 0;
	}
}

static bool is_same_file(
	const struct broken *from, const struct config *config, uint32_t check)
{
	const char *name = checker_of(config, check);

	for (uint32_t i = 0; i < from->checker_count; i++)
		if (strcmp(from->checkers[i].name, name) == 0)
			return from->checkers[i].file == file_of(config, name);
	return false;
}

void broken_take_over(struct broken *to, const struct config *to_config,
	const struct broken *from, const uint32_t *matches)
{
	if (!from->noted)
		return;
	for (uint32_t i = 0; i < to_config->check_count; i++) {
		if (matches[i] == CONFIG_NONE || !from->deaths[matches[i]] ||
			!is_same_file(from, to_config, i))
			continue;
		note_file(to, to_config, checker_of(to_config, i));
		set_deaths(to, i, from->deaths[matches[i]]);
	}
	if (to->noted)
		log_line(LOG_WARNING,
			"%u check%s of a broken checker %s known from before "
			"the reload",
			(unsigned int)to->noted, to->noted == 1 ? "" : "s",
			to->noted == 1 ? "is" : "are");
}
