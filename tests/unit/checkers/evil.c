// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A checker for tests that harms its process as its one argument says:
 *
 *   spin, calls, crash, exit  in a step
 *   wild                      returns a reason that cannot be read
 *   third                     crashes in the third step of a process
 *   good                      does no harm
 *   conf:print, conf:exit, conf:hang, conf:crash   in configure
 */
#include "lvsmon/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void hang(void)
{
	for (;;)
		__asm__ volatile("");
}

static void harm(const char *how)
{
	if (strcmp(how, "spin") == 0 || strcmp(how, "hang") == 0)
		hang();
	if (strcmp(how, "crash") == 0)
		abort();
	if (strcmp(how, "exit") == 0)
		exit(0);
	if (strcmp(how, "print") == 0)
		puts("hello");
}

static int configure(void *conf, int argc, char **argv, char *err, size_t errsz)
{
	const char **word = conf;

	(void)err;
	(void)errsz;
	if (argc != 2)
		return -1;
	*word = argv[1];
	if (strncmp(argv[1], "conf:", 5) == 0)
		harm(argv[1] + 5);
	return 0;
}

static enum checker_next step(
	const void *conf, void *state, struct checker_io *io)
{
	static int steps;
	const char *word = *(const char *const *)conf;
	char byte;

	(void)state;
	(void)io;
	steps++;
	/* Allowed system calls without end. */
	if (strcmp(word, "calls") == 0)
		while (read(3, &byte, 0) <= 0)
			;
	if (strcmp(word, "wild") == 0)
		io->why = (const char *)(uintptr_t)64;
	harm(strcmp(word, "third") == 0 && steps == 3 ? "crash" : word);
	return CHECKER_UP;
}

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(const char *),
	.transport = CHECKER_CONNECT,
	.configure = configure,
	.step = step,
};
