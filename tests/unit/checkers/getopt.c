// SPDX-License-Identifier: GPL-2.0-or-later
/* A checker for tests that reads its options with getopt(3) and allocates
 * memory for them. LVSMON_TEST_HELD in the environment is the number of vectors
 * that hold memory. */
#include "lvsmon/checker.h"

#include <stdlib.h>
#include <unistd.h>

static void note(int more)
{
	static int held;
	char text[] = {(char)('0' + (held += more)), '\0'};

	setenv("LVSMON_TEST_HELD", text, 1);
}

static int configure(void *conf, int argc, char **argv, char *err, size_t errsz)
{
	uint16_t **port = conf;
	int option;

	(void)err;
	(void)errsz;
	*port = calloc(1, sizeof(**port));
	while ((option = getopt(argc, argv, "p:")) != -1) {
		if (option != 'p')
			return -1;
		**port = (uint16_t)atoi(optarg);
	}
	if (argc - optind == 1) {
		note(1);
		return 0;
	}
	free(*port);
	return -1;
}

static void release(void *conf)
{
	uint16_t **port = conf;

	free(*port);
	note(-1);
}

static uint16_t port(const void *conf)
{
	return **(uint16_t *const *)conf;
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
	.conf_size = sizeof(uint16_t *),
	.configure = configure,
	.release = release,
	.port = port,
	.step = step,
};
