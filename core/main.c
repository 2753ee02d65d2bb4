// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsmon: reads the command line and performs one task. */
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/log.h"
#include "base/pidfile.h"
#include "base/system.h"
#include "config/print.h"
#include "config/read.h"
#include "engine/engine.h"
#include "engine/loader.h"
#include "keeper/keeper.h"
#include "options.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* A pause before an exit with an error, so that a supervisor that starts lvsmon
 * again at once does not keep the machine busy. */
#define PAUSE_MS 500
/* The longest time that the last lines may take. */
#define LAST_LINES_MS 200

static struct pidfile pidfile;
static pid_t main_process;

static void print_error(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "%s\n", text);
}

/* The log of --daemon is syslog: whoever starts it reads stderr. */
static void report_error(void *arg, const char *text)
{
	const struct options *options = arg;

	log_lines(NULL, text);
	if (options->daemon)
		print_error(NULL, text);
}

static struct config *read_config(const struct options *options,
	void (*report)(void *arg, const char *text), int *code)
{
	struct options copy = *options;
	struct config *config;

	*code = EX_CONFIG;
	if (access(options->file, R_OK) < 0) {
		const char *why = strerror(errno);

		log_line(LOG_ERR, "%s: %s", options->file, why);
		if (options->daemon)
			fprintf(stderr, "lvsmon: %s: %s\n", options->file, why);
		*code = EX_NOINPUT;
		return NULL;
	}
	config = config_read(
		options->file, &options->config, system_real(), report, &copy);
	if (config)
		*code = EX_OK;
	return config;
}

static int print_config(const struct options *options)
{
	int code;
	struct config *config = read_config(options, print_error, &code);

	if (!config)
		return code;
	fputs(config_text(config, config->arena), stdout);
	arena_destroy(config->arena);
	return code;
}

/* Loads the checkers and lets them read their vectors, so that a configuration
 * that -t accepts will start. */
static int test_config(const struct options *options)
{
	int code;
	struct config *config = read_config(options, print_error, &code);
	struct instance *loaded;

	if (!config)
		return code;
	loaded = loader_load(
		config, system_real(), config->arena, print_error, NULL);
	if (loaded) {
		loader_release(config, loaded);
		printf("%s: OK: %u virtuals, %u reals, %u checks\n",
			options->file, config->virtual_count,
			config->real_count, config->check_count);
	}
	arena_destroy(config->arena);
	return loaded ? EX_OK : EX_CONFIG;
}

/* Called when signals are caught: whoever reads the number may send one. */
static int write_pidfile(void *arg)
{
	const struct options *options = arg;
	char why[PIDFILE_WHY_MAX];
	enum pidfile_result result;

	if (!options->pidfile)
		return EX_OK;
	result = pidfile_write(&pidfile, options->pidfile, why);
	if (result == PIDFILE_WRITTEN)
		return EX_OK;
	log_line(LOG_ERR, "%s: %s", options->pidfile, why);
	return result == PIDFILE_HELD ? EX_TEMPFAIL : EX_CANTCREAT;
}

static int run_keeper(struct options *options, struct config *config)
{
	const struct keeper_start start = {
		.file = options->file,
		.options = options->config,
		.system = system_real(),
		.config = config,
		.dry_run = options->dry_run,
		.sandbox = options->sandbox,
		.begun = write_pidfile,
		.begun_arg = options,
		.engine = engine_run,
	};

	if (options->daemon && daemon(1, 0) < 0) {
		log_line(LOG_ERR, "daemon: %s", strerror(errno));
		return EX_OSERR;
	}
	main_process = getpid();
	return keeper_run(&start);
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

/* Delivers what can be delivered of the log in this time. */
static void give_log_time(uint64_t ms, bool whole)
{
	uint64_t until = clock_ms() + ms;

	while ((!log_flush() || whole) && clock_ms() < until)
		clock_sleep_ms(10);
}

/* Every exit comes here, also one of a function that has no memory. An engine
 * that exits has nothing to do here. */
static void leave(int code, void *arg)
{
	(void)arg;
	if (getpid() != main_process)
		return;
	pidfile_remove(&pidfile);
	log_defer(false);
	if (code == EX_OK)
		give_log_time(LAST_LINES_MS, false);
	else
		give_log_time(PAUSE_MS, true);
}

/* Until the keeper catches them, these signals wait. */
static void hold_signals(void)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGUSR1);
	sigprocmask(SIG_BLOCK, &held, NULL);
	/* A log without a reader is no reason to end. */
	signal(SIGPIPE, SIG_IGN);
}

static int run_daemon(struct options *options)
{
	struct config *config;
	int code;

	hold_signals();
	main_process = getpid();
	on_exit(leave, NULL);
	open_log(options);
	config = read_config(options, report_error, &code);
	if (!config)
		return code;
	tell_counts(options->file, config);
	return run_keeper(options, config);
}

int main(int argc, char **argv)
{
	struct options options;

	/* Comes first: a socket must not get the number of stderr. */
	if (descriptors_fill() < 0) {
		perror("lvsmon: /dev/null");
		clock_sleep_ms(PAUSE_MS);
		return EX_OSERR;
	}
	if (options_read(&options, argc, argv) < 0) {
		if (options.task == OPTIONS_RUN)
			clock_sleep_ms(PAUSE_MS);
		return EX_USAGE;
	}
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
