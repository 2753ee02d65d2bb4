// SPDX-License-Identifier: GPL-2.0-or-later
/* The descriptors that a process inherits. */
#include "base/descriptors.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int open_nothing(void)
{
	int fd = open("/dev/null", O_RDWR);

	if (fd >= 0)
		return fd;
	return open("/", O_RDONLY | O_DIRECTORY);
}

/* open(2) takes the lowest number that is free. */
int descriptors_fill(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open_nothing() < 0)
			return -1;
	return 0;
}

int descriptors_mute(void)
{
	int null = open_nothing();
	int failed = null < 0;

	for (int fd = STDIN_FILENO; !failed && fd <= STDERR_FILENO; fd++)
		failed = dup2(null, fd) < 0;
	if (null > STDERR_FILENO)
		close(null);
	return failed ? -1 : 0;
}

static int close_listed(int keep)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		int fd = (int)strtol(entry->d_name, NULL, 10);

		if (fd > STDERR_FILENO && fd != keep && fd != dirfd(dir))
			close(fd);
	}
	return closedir(dir);
}

int descriptors_close(int keep)
{
	assert(keep > STDERR_FILENO);
	if ((keep == STDERR_FILENO + 1 ||
		    close_range(STDERR_FILENO + 1, (unsigned int)keep - 1, 0) ==
			    0) &&
		close_range((unsigned int)keep + 1, ~0U, 0) == 0)
		return 0;
	return close_listed(keep);
}
