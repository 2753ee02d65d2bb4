// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line. */
#include "options.h"

#include "base/log.h"
#include "base/text.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
	OPTION_DAEMON = 256,
	OPTION_PIDFILE,
	OPTION_CHECKERS,
	OPTION_SANDBOX,
};

static const struct option words[] = {
	{"file", required_argument, NULL, 'f'},
	{"interval", required_argument, NULL, 'i'},
	{"test", no_argument, NULL, 't'},
	{"print", no_argument, NULL, 'T'},
	{"dry-run", no_argument, NULL, 'n'},
	{"debug", optional_argument, NULL, 'd'},
	{"plugin-dir", required_argument, NULL, 'p'},
	{"sandbox", required_argument, NULL, OPTION_SANDBOX},
	{"daemon", no_argument, NULL, OPTION_DAEMON},
	{"pidfile", required_argument, NULL, OPTION_PIDFILE},
	{"list-checkers", no_argument, NULL, OPTION_CHECKERS},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int read_interval(struct options *options, const char *text)
{
	uint32_t *ms = &options->config.interval_ms;

	if (text_duration(text, ms) == 0 && *ms >= CONFIG_INTERVAL_MIN_MS &&
		*ms <= CONFIG_INTERVAL_MAX_MS)
		return 0;
	fprintf(stderr, "lvsmon: --interval '%s': not a time from 10ms to 1d\n",
		text);
	return -1;
}

/* text is NULL if the option has no argument. */
static int read_topics(struct options *options, const char *text)
{
	char why[LOG_TOPICS_WHY_MAX];

	if (log_topics_parse(text, &options->debug, why) == 0)
		return 0;
	fprintf(stderr, "lvsmon: --debug: %s\n", why);
	return -1;
}

static int read_sandbox(struct options *options, const char *text)
{
	static const char *const modes[] = {
		[SANDBOX_ENFORCE] = "enforce",
		[SANDBOX_LOG] = "log",
		[SANDBOX_OFF] = "off",
		NULL,
	};
	const char *nearest;

	for (unsigned int mode = 0; modes[mode]; mode++) {
		if (strcmp(text, modes[mode]) != 0)
			continue;
		options->sandbox = (enum sandbox)mode;
		return 0;
	}
	nearest = text_nearest(text, modes);
	fprintf(stderr, "lvsmon: --sandbox: unknown mode '%s'; ", text);
	if (nearest)
		fprintf(stderr, "did you mean '%s'?\n", nearest);
	else
		fputs("the modes are enforce, log and off\n", stderr);
	return -1;
}

static int read_option(struct options *options, int option)
{
	switch (option) {
	case 'f':
		options->file = optarg;
		return 0;
	case 'i':
		return read_interval(options, optarg);
	case 't':
		options->task = OPTIONS_TEST;
		return 0;
	case 'T':
		options->task = OPTIONS_PRINT;
		return 0;
	case 'n':
		options->dry_run = true;
		return 0;
	case 'd':
		return read_topics(options, optarg);
	case 'p':
		options->config.plugin_dir = optarg;
		return 0;
	case OPTION_SANDBOX:
		return read_sandbox(options, optarg);
	case OPTION_DAEMON:
		options->daemon = true;
		return 0;
	case OPTION_PIDFILE:
		options->pidfile = optarg;
		return 0;
	case OPTION_CHECKERS:
		options->task = OPTIONS_CHECKERS;
		return 0;
	case 'V':
		options->task = OPTIONS_VERSION;
		return 0;
	case 'h':
		options->task = OPTIONS_HELP;
		return 0;
	default:
		fputs("lvsmon: run 'lvsmon --help' for the list of options\n",
			stderr);
		return -1;
	}
}

int options_read(struct options *options, int argc, char **argv)
{
	int option;

	*options = (struct options){.file = LVSMON_CONFIG_FILE};
	while ((option = getopt_long(
			argc, argv, "f:i:tTnd::p:Vh", words, NULL)) != -1)
		if (read_option(options, option) < 0)
			return -1;
	if (optind == argc)
		return 0;
	fprintf(stderr, "lvsmon: unexpected argument '%s'\n", argv[optind]);
	return -1;
}

void options_help(void)
{
	fputs("Usage: lvsmon [OPTION]...\n"
	      "Check the real servers of a Linux Virtual Server, and keep the\n"
	      "kernel's IPVS table equal to what is healthy.\n"
	      "\n"
	      "  -f, --file FILE        read this configuration instead of\n"
	      "                         " LVSMON_CONFIG_FILE "\n"
	      "  -i, --interval TIME    run every check at this interval, "
	      "such\n"
	      "                         as 10s or 500ms\n"
	      "  -t, --test             check the configuration and exit\n"
	      "  -T, --print            print the configuration as lvsmon\n"
	      "                         understands it and exit\n"
	      "  -n, --dry-run          change a table in memory, not the\n"
	      "                         kernel's\n"
	      "  -d, --debug[=TOPICS]   log details of these topics: engine,\n"
	      "                         table, config, process; default: all\n"
	      "  -p, --plugin-dir DIR   load checkers from this directory\n"
	      "      --sandbox MODE     confine the engine: enforce "
	      "(default);\n"
	      "                         log: report forbidden system calls\n"
	      "                         instead of killing the engine;\n"
	      "                         off: do not confine, for development\n"
	      "      --daemon           run in the background and log to "
	      "syslog\n"
	      "      --pidfile FILE     write the process number to this file\n"
	      "      --list-checkers    list the checkers found and exit\n"
	      "  -V, --version          print the version and exit\n"
	      "  -h, --help             print this help and exit\n",
		stdout);
}
