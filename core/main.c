// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsmon: reads the command line and performs one task. */
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/log.h"
#include "base/system.h"
#include "config/print.h"
#include "config/show.h"
#include "engine/engine.h"
#include "engine/loader.h"
#include "engine/trial.h"
#include "keeper/advice.h"
#include "keeper/keeper.h"
#include "options.h"
#include "process/privileges.h"
#include "reader/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* A pause before an exit with an error, so that a supervisor that starts lvsmon
 * again at once does not keep the machine busy. */
#define PAUSE_MS 500

static void print_error(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "%s\n", text);
}

/* Reaps the process of a reader that has been killed. A process that hangs in a
 * disk cannot be waited for. */
static void end_reader(struct reader *reader, enum reader_state state)
{
	pid_t pid = reader_end(reader);

	if (pid)
		waitpid(pid, NULL, state == READER_DONE ? 0 : WNOHANG);
}

static int no_input(const char *file, const char *why)
{
	fprintf(stderr, "lvsmon: %s: %s\n", file, why);
	return EX_NOINPUT;
}

/* Returns NULL after an error, with the exit code. Then *vectors is a
 * configuration of the vectors alone if there is one; vectors may be NULL. */
static struct config *read_config(
	const struct options *options, struct config **vectors, int *code)
{
	const bool strict = options->task != OPTIONS_RUN;
	const struct reader_job job = {
		.file = options->file,
		.system = system_real(),
		.limit_ms = READER_LIMIT_MS,
		.names_ms = strict ? 0 : READER_FIRST_NAMES_MS,
		.strict = strict,
	};
	struct config *config = NULL;
	enum reader_state state;
	struct reader reader;

	if (access(options->file, R_OK) < 0) {
		*code = no_input(options->file, strerror(errno));
		return NULL;
	}
	if (reader_begin(&reader, &job) < 0) {
		fprintf(stderr, "lvsmon: no reader: %s\n", strerror(errno));
		*code = EX_OSERR;
		return NULL;
	}
	state = reader_wait(&reader);
	*code = EX_CONFIG;
	if (state == READER_FAILED)
		*code = no_input(options->file, reader.why);
	else
		config = reader_config(&reader, &options->config, NULL,
			print_error, NULL, vectors);
	end_reader(&reader, state);
	if (config)
		*code = EX_OK;
	return config;
}

static int print_config(const struct options *options)
{
	int code;
	struct config *config = read_config(options, NULL, &code);

	if (!config)
		return code;
	fputs(config_text(config, config->arena), stdout);
	arena_destroy(config->arena);
	return code;
}

/* A missing default user is only a warning: the package makes this user when it
 * is installed. */
static int test_user(const struct options *options, const struct config *config)
{
	char why[PRIVILEGES_WHY_MAX];

	if (options->sandbox == SANDBOX_OFF ||
		!privileges_user_fault(config->user, why))
		return 0;
	if (!config->user_place.file) {
		fprintf(stderr, "lvsmon: warning: %s\n", why);
		return 0;
	}
	config_complain(
		system_real(), &config->user_place, print_error, NULL, why);
	return -1;
}

/* Tests what a configuration refers to. Loads the checkers and lets them read
 * their vectors, so that a configuration that -t accepts will start. */
static int test_outside(
	const struct options *options, const struct config *config)
{
	int user = test_user(options, config);
	int vectors = trial_run(config, system_real(), print_error, NULL);

	return user < 0 || vectors < 0 ? -1 : 0;
}

static int test_config(const struct options *options)
{
	struct config *vectors = NULL;
	int code, result = 0;
	struct config *config = read_config(options, &vectors, &code);
	struct config *tested = config ? config : vectors;

	if (config)
		advice_give(config, print_error, NULL);
	if (tested)
		result = test_outside(options, tested);
	if (result < 0)
		code = EX_CONFIG;
	if (code == EX_OK)
		printf("%s: OK: %u virtuals, %u reals, %u checks\n",
			options->file, config->virtual_count,
			config->real_count, config->check_count);
	if (tested)
		arena_destroy(tested->arena);
	return code;
}

static int write_pidfile(const char *path)
{
	FILE *file = fopen(path, "we");
	int failed;

	if (!file)
		return -1;
	failed = fprintf(file, "%d\n", (int)getpid()) < 0;
	return fclose(file) != 0 || failed ? -1 : 0;
}

static int run_keeper(const struct options *options, struct config *config)
{
	const struct keeper_start start = {
		.file = options->file,
		.options = options->config,
		.system = system_real(),
		.config = config,
		.dry_run = options->dry_run,
		.sandbox = options->sandbox,
		.engine = engine_run,
	};
	int code;

	if (options->daemon && daemon(1, 0) < 0) {
		log_line(LOG_ERR, "daemon: %s", strerror(errno));
		return EX_OSERR;
	}
	if (options->pidfile && write_pidfile(options->pidfile) < 0) {
		log_line(LOG_ERR, "%s: %s", options->pidfile, strerror(errno));
		return EX_CANTCREAT;
	}
	code = keeper_run(&start);
	if (options->pidfile)
		unlink(options->pidfile);
	return code;
}

static void tell_counts(const char *file, const struct config *config)
{
	log_debug(LOG_TOPIC_CONFIG,
		"%s: %u virtuals, %u services, %u reals, %u checks, %u vectors",
		file, config->virtual_count, config->service_count,
		config->real_count, config->check_count, config->vector_count);
}

static void open_log(const struct options *options)
{
	log_open(log_target_guess(options->daemon), LOG_INFO);
	log_topics(options->debug);
}

static int run_daemon(const struct options *options)
{
	int code;
	struct config *config = read_config(options, NULL, &code);

	if (config) {
		open_log(options);
		tell_counts(options->file, config);
		code = run_keeper(options, config);
	}
	if (code != EX_OK)
		clock_sleep_ms(PAUSE_MS);
	return code;
}

int main(int argc, char **argv)
{
	struct options options;

	/* Comes first: a socket must not get the number of stderr. */
	if (descriptors_fill() < 0)
		return EX_OSERR;
	if (options_read(&options, argc, argv) < 0)
		return EX_USAGE;
	switch (options.task) {
	case OPTIONS_RUN:
		return run_daemon(&options);
	case OPTIONS_TEST:
		return test_config(&options);
	case OPTIONS_PRINT:
		return print_config(&options);
	case OPTIONS_CHECKERS:
		return loader_list(options.config.plugin_dir
					   ? options.config.plugin_dir
					   : LVSMON_PLUGIN_DIR);
	case OPTIONS_VERSION:
		puts("lvsmon " LVSMON_VERSION);
		return EX_OK;
	case OPTIONS_HELP:
		break;
	}
	options_help();
	return EX_OK;
}
