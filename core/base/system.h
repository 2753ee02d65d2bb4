/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operating system, as a reader of a configuration uses it: files,
 * patterns, names, ports. A test hands in a system of its own. */
#ifndef LVSMON_BASE_SYSTEM_H
#define LVSMON_BASE_SYSTEM_H

#include "base/address.h"
#include "base/arena.h"

#define SYSTEM_NO_ANSWER 1

/* Each call returns 0. On failure it returns -1 and sets *why to a constant
 * text or to one that the system owns. */
struct system {
	void *arg;
	/* Reads a file into arena. The text ends with a 0 that len does not
	 * count. */
	int (*load)(void *arg, struct arena *arena, const char *path,
		char **text, size_t *len, const char **why);
	/* Finds the files that a pattern names, sorted. If the pattern has a
	 * wildcard, it is not an error if nothing matches. */
	int (*expand)(void *arg, struct arena *arena, const char *pattern,
		char ***paths, size_t *count, const char **why);
	/* Looks up the one address of a name; its port is 0. More than one
	 * address is an error. Returns SYSTEM_NO_ANSWER with a reason if the
	 * caller is to go on without the address. */
	int (*resolve)(void *arg, const char *name, struct address *address,
		const char **why);
	/* Looks up the port of a service such as "http" over a protocol such
	 * as "tcp", in host byte order. */
	int (*service)(void *arg, const char *name, const char *protocol,
		uint16_t *port, const char **why);
	/* Looks up the number of a network interface. NULL = there are no
	 * interfaces. */
	int (*scope)(
		void *arg, const char *name, uint32_t *scope, const char **why);
};

/* The real system: files up to 16 MiB, names by getaddrinfo(3), ports by
 * services(5). */
const struct system *system_real(void);

#endif
