/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line. lvsmon(8) is its manual. */
#ifndef LVSMON_OPTIONS_H
#define LVSMON_OPTIONS_H

#include "config/config.h"
#include "process/sandbox.h"

#include <stdbool.h>

enum options_task {
	OPTIONS_RUN,
	OPTIONS_TEST,     /* -t */
	OPTIONS_PRINT,    /* -T */
	OPTIONS_CHECKERS, /* --list-checkers */
	OPTIONS_HELP,
	OPTIONS_VERSION,
};

struct options {
	enum options_task task;
	const char *file;
	const char *pidfile; /* NULL = none */
	struct config_options config;
	bool dry_run;
	bool daemon;
	unsigned int debug; /* topics, as log_topics takes them; 0 = none */
	enum sandbox sandbox;
};

/* Reads the command line. Returns 0. On failure prints the reason on stderr and
 * returns -1. */
int options_read(struct options *options, int argc, char **argv);

/* Prints the help of -h. */
void options_help(void);

#endif
