// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A checker that does what an engine may not do. Without an argument it opens a
 * file in each step. A real is up if the filter refuses the call, and down if
 * the file can be opened. With an argument:
 *
 *   step         tries each way of ways.h in a step
 *   step=CALL    tries the ways of this system call in a step
 *   memory       takes memory in a step until there is no more
 *   configure    tries each way in configure, and a thread
 *   hang         tries to outlive the keeper in configure, and hangs there
 */
#include "lvsmon/checker.h"

#include "../ways.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than an engine may take. */
#define MEMORY_MAX ((size_t)1 << 30)
#define PIECE ((size_t)1 << 20)

static void *do_nothing(void *arg)
{
	return arg;
}

/* Tries the ways, or those of one call. Returns the name of a way that is not
 * refused, or NULL. */
static const char *try_ways(const char *call)
{
	long fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *open = NULL;

	for (size_t i = 0; i < WAYS; i++) {
		if (call && strcmp(call, ways[i].call_name) != 0)
			continue;
		errno = 0;
		if (way_try(&ways[i], getppid(), fd) >= 0 ||
			(errno != ENOSYS && errno != EPERM))
			open = ways[i].name;
	}
	close((int)fd);
	return open;
}

static int configure(void *conf, int argc, char **argv, char *err, size_t errsz)
{
	const char **word = conf;
	const char *open;
	pthread_t thread;

	*word = argc > 1 ? argv[1] : "";
	if (strcmp(*word, "configure") == 0) {
		open = try_ways(NULL);
		if (!open &&
			pthread_create(&thread, NULL, do_nothing, NULL) == 0)
			open = "a thread";
		if (open)
			snprintf(err, errsz, "not refused: %s", open);
		return open ? -1 : 0;
	}
	if (strcmp(*word, "hang") == 0) {
		prctl(PR_SET_PDEATHSIG, 0);
		for (;;)
			sleep(1);
	}
	return 0;
}

static enum checker_next fail(struct checker_io *io, const char *why)
{
	io->why = why;
	return CHECKER_DOWN;
}

static enum checker_next open_file(struct checker_io *io)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOSYS)
		return CHECKER_UP;
	if (fd >= 0)
		close(fd);
	return fail(io, "a file can be opened");
}

static enum checker_next take_memory(struct checker_io *io)
{
	for (size_t size = 0; size < MEMORY_MAX; size += PIECE) {
		char *piece = malloc(PIECE);

		if (!piece)
			return CHECKER_UP;
		memset(piece, 1, PIECE);
	}
	return fail(io, "memory has no limit");
}

static enum checker_next step(
	const void *conf, void *state, struct checker_io *io)
{
	const char *word = *(const char *const *)conf;
	const char *open;

	(void)state;
	if (!*word)
		return open_file(io);
	if (strcmp(word, "memory") == 0)
		return take_memory(io);
	if (strncmp(word, "step", 4) != 0)
		return CHECKER_UP;
	open = try_ways(word[4] ? word + 5 : NULL);
	return open ? fail(io, open) : CHECKER_UP;
}

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(const char *),
	.configure = configure,
	.step = step,
};
