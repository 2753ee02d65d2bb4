/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the options of a checker name. Only configure reads them. */
#ifndef LVSMON_PLUGINS_FILE_H
#define LVSMON_PLUGINS_FILE_H

#include "vector.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a regular file; a FIFO does not make it wait. Returns the descriptor,
 * or -1 with the reason in `to`. */
static inline int file_open(
	const char *path, int option, const struct refusal *to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0) {
		refuse(to, "-%c: %s: %s", option, path, strerror(errno));
	} else if (!S_ISREG(info.st_mode)) {
		refuse(to, "-%c: %s is not a regular file", option, path);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Reads at most size bytes from the start of a file. Returns their number, or
 * -1 with errno. */
static inline ssize_t file_take(int fd, char *buf, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t count = read(fd, buf + len, size - len);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		if (count == 0)
			break;
		len += (size_t)count;
	}
	return (ssize_t)len;
}

/* Reads a file of at most `most` bytes. Returns its bytes, which the caller
 * frees, and sets *len; a 0 follows them. On failure returns NULL with the
 * reason in `to`. */
static inline char *file_read(char option, const char *path, size_t most,
	size_t *len, const struct refusal *to)
{
	int fd = file_open(path, option, to);
	char *bytes = fd >= 0 ? malloc(most + 2) : NULL;
	ssize_t count = bytes ? file_take(fd, bytes, most + 1) : -1;

	if (fd < 0)
		return NULL;
	if (count < 0)
		refuse(to, "-%c: %s: %s", option, path, strerror(errno));
	close(fd);
	if (count >= 0 && (size_t)count > most) {
		refuse(to, "-%c: %s: more than %zu bytes", option, path, most);
		count = -1;
	}
	if (count < 0) {
		free(bytes);
		return NULL;
	}
	*len = (size_t)count;
	bytes[count] = '\0';
	return bytes;
}

#endif
