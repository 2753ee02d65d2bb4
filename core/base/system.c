// SPDX-License-Identifier: GPL-2.0-or-later
/* The operating system, as a reader of a configuration uses it. */
#include "base/system.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
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

static int load_open(
	int fd, struct arena *arena, char **text, size_t *len, const char **why)
{
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st) < 0) {
		*why = strerror(errno);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		*why = "not a regular file";
		return -1;
	}
	if (st.st_size > FILE_MAX) {
		*why = "larger than 16 MiB";
		return -1;
	}
	*text = arena_alloc(arena, (size_t)st.st_size + 1);
	got = read_all(fd, *text, (size_t)st.st_size);
	if (got < 0) {
		*why = strerror(errno);
		return -1;
	}
	*len = (size_t)got;
	return 0;
}

static int system_load(void *arg, struct arena *arena, const char *path,
	char **text, size_t *len, const char **why)
{
	/* Opening a pipe without a writer must not block. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int result;

	(void)arg;
	if (fd < 0) {
		*why = strerror(errno);
		return -1;
	}
	result = load_open(fd, arena, text, len, why);
	close(fd);
	return result;
}

static int system_expand(void *arg, struct arena *arena, const char *pattern,
	char ***paths, size_t *count, const char **why)
{
	glob_t found;
	int error = glob(pattern, GLOB_ERR, NULL, &found);
	bool wild = strpbrk(pattern, "*?[");

	(void)arg;
	*count = 0;
	if (error == GLOB_NOMATCH && wild)
		return 0;
	if (error) {
		*why = error == GLOB_NOMATCH ? "no such file"
					     : "cannot be read";
		return -1;
	}
	*paths = arena_array(arena, found.gl_pathc, sizeof(char *));
	for (; *count < found.gl_pathc; (*count)++)
		(*paths)[*count] = arena_strdup(arena, found.gl_pathv[*count]);
	globfree(&found);
	return 0;
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
		address->v6 = ((const struct sockaddr_in6 *)(const void *)
				       info->ai_addr)
				      ->sin6_addr;
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

const struct system *system_real(void)
{
	static const struct system system = {
		.load = system_load,
		.expand = system_expand,
		.resolve = system_resolve,
		.service = system_service,
	};

	return &system;
}
