// SPDX-License-Identifier: GPL-2.0-or-later
/* A checker for tests that reads its options with getopt(3). */
#include "lvsmon/checker.h"

#include <stdlib.h>
#include <unistd.h>

static int configure(void *conf, int argc, char **argv, char *err, size_t errsz)
{
	uint16_t *port = conf;
	int option;

	(void)err;
	(void)errsz;
	while ((option = getopt(argc, argv, "p:")) != -1) {
		if (option != 'p')
			return -1;
		*port = (uint16_t)atoi(optarg);
	}
	return argc - optind == 1 ? 0 : -1;
}

static uint16_t port(const void *conf)
{
	return *(const uint16_t *)conf;
}

static enum checker_next step(
	const void *conf, void *state, struct checker_io *io)
{
	(void)conf;
	(void)state;
	(void)io;
	return CHECKER_UP;
}

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(uint16_t),
	.configure = configure,
	.port = port,
	.step = step,
};
