// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks up many names at once. */
#include "reader/resolve.h"

#include "reader/record.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define THREADS_MAX 32

struct lookup {
	const struct system *system;
	const char *const *names;
	uint32_t count;
	atomic_uint next;
	int fd;
};

static void look_up(const struct lookup *lookup, const char *name)
{
	const char *why = "no answer";
	struct address address;
	struct answer answer = {.kind = ANSWER_NAME, .key = name};

	answer.ok = lookup->system->resolve(
			    lookup->system->arg, name, &address, &why) == 0;
	answer.value = answer.ok ? (const char *)&address : why;
	answer.len =
		answer.ok ? sizeof(address) : strnlen(why, ANSWERS_WHY_MAX - 1);
	/* A keeper that is gone needs no answer. */
	(void)record_write(lookup->fd, &answer);
}

static void *run_lookups(void *arg)
{
	struct lookup *lookup = arg;
	unsigned int i;

	while ((i = atomic_fetch_add(&lookup->next, 1)) < lookup->count)
		look_up(lookup, lookup->names[i]);
	return NULL;
}

void resolve_all(const struct system *system, const char *const *names,
	uint32_t count, int fd)
{
	struct lookup lookup = {
		.system = system,
		.names = names,
		.count = count,
		.fd = fd,
	};
	pthread_t threads[THREADS_MAX];
	uint32_t started = 0;

	/* This thread is one of them. */
	while (started < THREADS_MAX && started + 1 < count &&
		pthread_create(&threads[started], NULL, run_lookups, &lookup) ==
			0)
		started++;
	run_lookups(&lookup);
	while (started)
		pthread_join(threads[--started], NULL);
}
