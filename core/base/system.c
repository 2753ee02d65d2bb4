// SPDX-License-Identifier: GPL-2.0-or-later
/* The operating system, as a reader of a configuration uses it. */
#include "base/system.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((off_t)16 << 20)

static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, text + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* How often a file that changes is read again, and the pause before that. */
#define LOAD_TRIES 5
#define LOAD_PAUSE_MS 50

static int load_check(const struct stat *st, const char **why)
{
	if (!S_ISREG(st->st_mode))
		*why = "not a regular file";
	else if (st->st_size > FILE_MAX)
		*why = "larger than 16 MiB";
	else
		return 0;
	return -1;
}

/* The keeper has given up CAP_DAC_OVERRIDE before it reads the file again. */
static int load_fail(const char **why)
{
	*why = strerror(errno);
	if (errno == EACCES && geteuid() == 0)
		*why = "permission denied: lvsmon reads it as root, but "
		       "without root's capabilities";
	return -1;
}

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Returns 1 if the file has changed meanwhile. */
static int load_open(
	int fd, struct arena *arena, char **text, size_t *len, const char **why)
{
	struct stat before, after;
	ssize_t got;

	if (fstat(fd, &before) < 0)
		return load_fail(why);
	if (load_check(&before, why) < 0)
		return -1;
	/* One byte more shows that the file has grown. */
	*text = arena_alloc(arena, (size_t)before.st_size + 2);
	got = read_all(fd, *text, (size_t)before.st_size + 1);
	if (got < 0 || fstat(fd, &after) < 0)
		return load_fail(why);
	if (got != before.st_size || !is_unchanged(&before, &after))
		return 1;
	*len = (size_t)got;
	return 0;
}

/* Looks at the file before it is opened, because opening a device can have an
 * effect. Opening a pipe without a writer must not block. */
static int load_once(const char *path, struct arena *arena, char **text,
	size_t *len, const char **why)
{
	struct stat st;
	int fd, result;

	if (stat(path, &st) < 0)
		return load_fail(why);
	if (load_check(&st, why) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return load_fail(why);
	result = load_open(fd, arena, text, len, why);
	close(fd);
	return result;
}

static int system_load(void *arg, struct arena *arena, const char *path,
	char **text, size_t *len, const char **why)
{
	(void)arg;
	for (int i = 0; i < LOAD_TRIES; i++) {
		int result = load_once(path, arena, text, len, why);

		if (result <= 0)
			return result;
		clock_sleep_ms(LOAD_PAUSE_MS);
	}
	*why = "changes while it is read";
	return -1;
}

/* glob(3) hands its error to a function without an argument. */
static int expand_error;

/* A folder that is missing has no matches. */
static int on_expand_error(const char *path, int error)
{
	(void)path;
	if (error == ENOENT || error == ENOTDIR)
		return 0;
	expand_error = error;
	return 1;
}

static const char *expand_fault(int error)
{
	if (error == GLOB_NOMATCH)
		return "no such file";
	return error == GLOB_NOSPACE ? strerror(ENOMEM)
				     : strerror(expand_error);
}

static int system_expand(void *arg, struct arena *arena, const char *pattern,
	char ***paths, size_t *count, const char **why)
{
	glob_t found;
	int error = glob(pattern, 0, on_expand_error, &found);
	bool wild = strpbrk(pattern, "*?[");

	(void)arg;
	*count = 0;
	if (error == GLOB_NOMATCH && wild)
		return 0; /* nothing was allocated */
	if (error) {
		*why = expand_fault(error);
		globfree(&found);
		return -1;
	}
	*paths = arena_array(arena, found.gl_pathc, sizeof(char *));
	for (; *count < found.gl_pathc; (*count)++)
		(*paths)[*count] = arena_strdup(arena, found.gl_pathv[*count]);
	globfree(&found);
	return 0;
}

static void take_v6(struct address *address, const struct sockaddr_in6 *from)
{
	address->v6 = from->sin6_addr;
	address->scope = from->sin6_scope_id;
}

static void take_address(struct address *address, const struct addrinfo *info)
{
	memset(address, 0, sizeof(*address));
	address->family = (uint16_t)info->ai_family;
	if (info->ai_family == AF_INET)
		address->v4 = ((const struct sockaddr_in *)(const void *)
				       info->ai_addr)
				      ->sin_addr;
	else
		take_v6(address, (const void *)info->ai_addr);
}

static int system_resolve(
	void *arg, const char *name, struct address *address, const char **why)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found, *more;
	struct address other;
	int error = getaddrinfo(name, NULL, &hints, &found);
	int result = 0;

	(void)arg;
	if (error) {
		*why = gai_strerror(error);
		return -1;
	}
	take_address(address, found);
	for (more = found->ai_next; more; more = more->ai_next) {
		take_address(&other, more);
		if (address_compare(address, &other) != 0)
			result = -1;
	}
	freeaddrinfo(found);
	if (result < 0)
		*why = "has more than one address; write the address "
		       "instead";
	return result;
}

static int system_service(void *arg, const char *name, const char *protocol,
	uint16_t *port, const char **why)
{
	const struct servent *entry = getservbyname(name, protocol);

	(void)arg;
	if (!entry) {
		*why = "not in /etc/services";
		return -1;
	}
	*port = ntohs((uint16_t)entry->s_port);
	return 0;
}

static int system_scope(
	void *arg, const char *name, uint32_t *scope, const char **why)
{
	(void)arg;
	*scope = if_nametoindex(name);
	if (*scope)
		return 0;
	*why = "no such network interface";
	return -1;
}

const struct system *system_real(void)
{
	static const struct system system = {
		.load = system_load,
		.expand = system_expand,
		.resolve = system_resolve,
		.service = system_service,
		.scope = system_scope,
	};

	return &system;
}
