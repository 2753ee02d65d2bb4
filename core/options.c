// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line. */
#include "options.h"

#include "base/text.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_DAEMON = 256, OPTION_PIDFILE, OPTION_CHECKERS };

static const struct option words[] = {
	{"file", required_argument, NULL, 'f'},
	{"interval", required_argument, NULL, 'i'},
	{"test", no_argument, NULL, 't'},
	{"print", no_argument, NULL, 'T'},
	{"dry-run", no_argument, NULL, 'n'},
	{"debug", no_argument, NULL, 'd'},
	{"plugin-dir", required_argument, NULL, 'p'},
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
		options->debug = true;
		return 0;
	case 'p':
		options->config.plugin_dir = optarg;
		return 0;
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
		fputs("lvsmon: 'lvsmon --help' lists the options\n", stderr);
		return -1;
	}
}

int options_read(struct options *options, int argc, char **argv)
{
	int option;

	*options = (struct options){.file = LVSMON_CONFIG_FILE};
	while ((option = getopt_long(
			argc, argv, "f:i:tTndp:Vh", words, NULL)) != -1)
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
	      "Keep the kernel's IPVS table equal to what is healthy.\n"
	      "\n"
	      "  -f, --file FILE       the configuration (" LVSMON_CONFIG_FILE
	      ")\n"
	      "  -i, --interval TIME   check everything so often: 10, 500ms\n"
	      "  -t, --test            check the configuration and exit\n"
	      "  -T, --print           print it as understood and exit\n"
	      "  -n, --dry-run         keep a table in memory, not the "
	      "kernel's\n"
	      "  -d, --debug           log more\n"
	      "  -p, --plugin-dir DIR  where the checkers are\n"
	      "      --daemon          go to the background, log to syslog\n"
	      "      --pidfile FILE    write the process number there\n"
	      "      --list-checkers   print the checkers found and exit\n"
	      "  -V, --version         print the version and exit\n"
	      "  -h, --help            print this and exit\n",
		stdout);
}
