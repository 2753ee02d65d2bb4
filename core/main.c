// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsmon: a table of contents. */
#include "base/clock.h"
#include "base/log.h"
#include "base/system.h"
#include "config/print.h"
#include "config/read.h"
#include "engine/engine.h"
#include "engine/loader.h"
#include "keeper/keeper.h"
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* A supervisor that starts us again at once shall not run away. */
#define PAUSE_MS 500

static void report(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "%s\n", text);
}

static struct config *read_config(const struct options *options, int *code)
{
	struct config *config;

	*code = EX_CONFIG;
	if (access(options->file, R_OK) < 0) {
		fprintf(stderr, "lvsmon: %s: %s\n", options->file,
			strerror(errno));
		*code = EX_NOINPUT;
		return NULL;
	}
	config = config_read(
		options->file, &options->config, system_real(), report, NULL);
	if (config)
		*code = EX_OK;
	return config;
}

static int print(const struct options *options)
{
	int code;
	struct config *config = read_config(options, &code);

	if (!config)
		return code;
	fputs(config_text(config, config->arena), stdout);
	arena_destroy(config->arena);
	return code;
}

/* What -t accepts will start: the checkers are loaded, their vectors read. */
static int test(const struct options *options)
{
	int code;
	struct config *config = read_config(options, &code);
	struct instance *loaded;

	if (!config)
		return code;
	loaded =
		loader_load(config, system_real(), config->arena, report, NULL);
	if (loaded) {
		loader_release(config, loaded);
		printf("%s: OK: %u virtuals, %u reals, %u checks\n",
			options->file, config->virtual_count,
			config->real_count, config->check_count);
	}
	arena_destroy(config->arena);
	return loaded ? EX_OK : EX_CONFIG;
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

static int run_in_place(const struct options *options, struct config *config)
{
	const struct keeper_start start = {
		.file = options->file,
		.options = options->config,
		.system = system_real(),
		.config = config,
		.dry_run = options->dry_run,
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

static int run(const struct options *options)
{
	int code;
	struct config *config = read_config(options, &code);

	if (config) {
		log_open(log_target_guess(options->daemon),
			options->debug ? LOG_DEBUG : LOG_INFO);
		code = run_in_place(options, config);
	}
	if (code != EX_OK)
		clock_sleep_ms(PAUSE_MS);
	return code;
}

int main(int argc, char **argv)
{
	struct options options;

	if (options_read(&options, argc, argv) < 0)
		return EX_USAGE;
	switch (options.task) {
	case OPTIONS_RUN:
		return run(&options);
	case OPTIONS_TEST:
		return test(&options);
	case OPTIONS_PRINT:
		return print(&options);
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
