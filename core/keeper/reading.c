// SPDX-License-Identifier: GPL-2.0-or-later
/* The phase of a reload in which the reader works. */
#include "keeper/reading.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <string.h>

/* The reader has no business with scoreboards. */
static void forget_all(void *arg)
{
	const struct keeper *keeper = arg;

	generation_forget(keeper->current, NULL);
	generation_forget(keeper->next, NULL);
	generation_forget(keeper->leaving, NULL);
}

static void on_readable(void *arg, bool in, bool out);

static int begin_reading(struct keeper *keeper, reading_done *done, bool own)
{
	const struct reader_job job = {
		.file = keeper->start->file,
		.system = keeper->start->system,
		.limit_ms = keeper->current->config->read_timeout_ms,
		.quiet = own,
		.forget = forget_all,
		.arg = keeper,
	};
	struct reading *reading = &keeper->reading;

	if (reader_begin(&reading->reader, &job) < 0) {
		log_line(LOG_ERR, "no reader: %s", strerror(errno));
		return -1;
	}
	reading->done = done;
	reading->own = own;
	reading->again = false;
	log_debug(LOG_TOPIC_PROCESS, "reader %d: started",
		(int)reading->reader.pid);
	if (loop_watch_begin(keeper->loop, &reading->watch, reading->reader.fd,
		    LOOP_INPUT, on_readable, keeper) == 0)
		return 0;
	log_line(LOG_ERR, "no reader: the loop cannot watch it");
	reading_stop(keeper);
	return -1;
}

int reading_begin(struct keeper *keeper, reading_done *done)
{
	struct reading *reading = &keeper->reading;

	if (reading->reader.arena && !reading->own) {
		reading->again = true;
		return 0;
	}
	reading_stop(keeper);
	return begin_reading(keeper, done, false);
}

static void ignore_text(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

/* Returns whether a reading that nobody asked for has got an answer to a name.
 * A file that has changed waits for a reload that somebody asks for. */
static bool is_progress(const struct config *new, const struct config *current)
{
	return new->text_key == current->text_key &&new->unresolved_count <
					current->unresolved_count;
}

static void log_unanswered(const struct config *config)
{
	for (uint32_t i = 0; i < config->unresolved_count; i++) {
		const struct config_unresolved *gap = &config->unresolved[i];

		log_line(LOG_WARNING, "%s:%u: '%s'%s%s is unresolved: %s",
			gap->place.file, gap->place.line, gap->text,
			gap->virtual ? " of " : "",
			gap->virtual ? gap->virtual : "", gap->why);
	}
}

static bool names_virtual(const struct config *config, const char *name)
{
	for (uint32_t i = 0; i < config->virtual_count; i++)
		if (strcmp(config->virtuals[i].name, name) == 0)
			return true;
	return false;
}

/* Returns whether a virtual that is in force would vanish because its names
 * have no answer. */
static bool loses_virtual(
	const struct config *new, const struct config *current)
{
	for (uint32_t i = 0; i < new->unresolved_count; i++) {
		const char *name = new->unresolved[i].virtual;

		if (name && !names_virtual(new, name) &&
			names_virtual(current, name))
			return true;
	}
	return false;
}

/* What is done with a reading while memory may run out. */
struct attempt {
	struct keeper *keeper;
	struct config *config;
	enum reader_state state;
};

static void try_to_understand(void *arg)
{
	struct attempt *attempt = arg;
	struct keeper *keeper = attempt->keeper;

	attempt->config = reader_config(&keeper->reading.reader,
		&keeper->start->options, keeper->current->config,
		keeper->reading.own ? ignore_text : log_lines, NULL, NULL);
}

/* Returns the configuration that was read. Otherwise returns NULL and sets
 * *why. */
static struct config *understand(
	struct keeper *keeper, enum reader_state state, const char **why)
{
	struct attempt attempt = {.keeper = keeper};

	if (state != READER_DONE)
		*why = keeper->reading.reader.why;
	else if (!arena_try(try_to_understand, &attempt))
		*why = "out of memory";
	else if (attempt.config)
		return attempt.config;
	else
		*why = "the configuration has errors";
	return NULL;
}

static void finish_reading(struct keeper *keeper, enum reader_state state)
{
	struct reading *reading = &keeper->reading;
	const struct config *current = keeper->current->config;
	const char *why = NULL;
	struct config *config = understand(keeper, state, &why);
	bool again = reading->again, own = reading->own;

	reading_stop(keeper);
	if (config && (own ? !is_progress(config, current)
			   : loses_virtual(config, current))) {
		if (!own)
			log_unanswered(config);
		why = "a virtual service would vanish, because its names have "
		      "no answer";
		arena_destroy(config->arena);
		config = NULL;
	}
	if (config || !own)
		reading->done(keeper, config, why);
	if (again)
		begin_reading(keeper, reading->done, false);
}

static void try_to_proceed(void *arg)
{
	struct attempt *attempt = arg;

	attempt->state = reader_proceed(&attempt->keeper->reading.reader);
}

static void proceed_reading(struct keeper *keeper)
{
	struct attempt attempt = {.keeper = keeper};

	if (!arena_try(try_to_proceed, &attempt)) {
		keeper->reading.reader.why = "out of memory";
		attempt.state = READER_FAILED;
	}
	if (attempt.state != READER_READS)
		finish_reading(keeper, attempt.state);
}

static void on_readable(void *arg, bool in, bool out)
{
	(void)in;
	(void)out;
	proceed_reading(arg);
}

static bool is_due(const struct keeper *keeper)
{
	const struct reading *reading = &keeper->reading;
	const struct generation *current = keeper->current;

	return current->config->unresolved_count && current->applied &&
	       !keeper->next &&
	       (!reading->ended_ms ||
		       clock_ms() - reading->ended_ms >= READING_AGAIN_MS);
}

void reading_pulse(struct keeper *keeper, reading_done *done)
{
	if (keeper->reading.reader.arena)
		proceed_reading(keeper);
	else if (is_due(keeper))
		begin_reading(keeper, done, true);
}

void reading_bury(struct keeper *keeper, pid_t pid)
{
	if (keeper->reading.reader.pid == pid)
		reader_bury(&keeper->reading.reader);
}

void reading_stop(struct keeper *keeper)
{
	struct reading *reading = &keeper->reading;

	if (!reading->reader.arena)
		return;
	loop_watch_end(&reading->watch);
	reader_end(&reading->reader);
	reading->ended_ms = clock_ms();
}

void reading_warn(const struct config *config)
{
	if (!config->unresolved_count)
		return;
	log_unanswered(config);
	log_line(LOG_WARNING,
		"unresolved: %u, left out and looked up again every %d s",
		(unsigned int)config->unresolved_count,
		READING_AGAIN_MS / 1000);
}
