// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsmon: reads the command line and performs one task. */
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/log.h"
#include "base/pidfile.h"
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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
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

/* Reaps the process of a reader that has been killed. A process that hangs in a
 * disk cannot be waited for. */
static void end_reader(struct reader *reader, enum reader_state state)
{
	pid_t pid = reader_end(reader);

	if (pid)
		waitpid(pid, NULL, state == READER_DONE ? 0 : WNOHANG);
}

/* The log of --daemon is syslog: whoever starts it reads stderr. */
static void report_error(void *arg, const char *text)
{
	const struct options *options = arg;

	if (options->task == OPTIONS_RUN)
		log_lines(NULL, text);
	if (options->task != OPTIONS_RUN || options->daemon)
		print_error(NULL, text);
}

/* Does the same for an error that has no line of the file. */
static int no_input(const struct options *options, const char *why)
{
	if (options->task == OPTIONS_RUN)
		log_line(LOG_ERR, "%s: %s", options->file, why);
	if (options->task != OPTIONS_RUN || options->daemon)
		fprintf(stderr, "lvsmon: %s: %s\n", options->file, why);
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
	struct options copy = *options;
	struct config *config = NULL;
	enum reader_state state;
	struct reader reader;

	if (access(options->file, R_OK) < 0) {
		*code = no_input(options, strerror(errno));
		return NULL;
	}
	if (reader_begin(&reader, &job) < 0) {
		no_input(options, strerror(errno));
		*code = EX_OSERR;
		return NULL;
	}
	state = reader_wait(&reader);
	*code = EX_CONFIG;
	if (state == READER_FAILED)
		*code = no_input(options, reader.why);
	else
		config = reader_config(&reader, &options->config, NULL,
			report_error, &copy, vectors);
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

/* Returns the user of the engine that a daemon with these options would start,
 * or NULL if its engine would have this process's user. */
static const char *engine_user(
	const struct options *options, const struct config *config)
{
	char why[PRIVILEGES_WHY_MAX];

	if (options->sandbox == SANDBOX_OFF || geteuid() != 0 ||
		privileges_user_fault(config->user, why))
		return NULL;
	return config->user;
}

/* Tests what a configuration refers to. Loads the checkers and lets them read
 * their vectors, so that a configuration that -t accepts will start. */
static int test_outside(
	const struct options *options, const struct config *config)
{
	const struct trial_job trial = {
		.config = config,
		.system = system_real(),
		.user = engine_user(options, config),
		.report = print_error,
	};
	int user = test_user(options, config);
	int vectors = trial_run(&trial);

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
	config = read_config(options, NULL, &code);
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
