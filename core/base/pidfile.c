// SPDX-License-Identifier: GPL-2.0-or-later
/* The file with the number of the process. */
#include "base/pidfile.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A number, with some white space. */
#define CONTENT_MAX 32
#define RETRY_MS 20

static enum pidfile_result explain(char *why, enum pidfile_result result,
	const char *format, const char *detail)
{
	struct text text;

	text_init(&text, why, PIDFILE_WHY_MAX);
	text_add(&text, "%s%s", format, detail);
	return result;
}

static enum pidfile_result fail_by_errno(char *why)
{
	return explain(why, PIDFILE_FAILED, "", strerror(errno));
}

/* Reads the content without its white space. Returns false if it is not that of
 * a pidfile, which may be empty. */
static bool read_content(int fd, char number[CONTENT_MAX])
{
	char content[CONTENT_MAX + 1];
	ssize_t got = pread(fd, content, CONTENT_MAX, 0);
	size_t len = 0;

	if (got < 0 || got == CONTENT_MAX)
		return false;
	for (ssize_t i = 0; i < got; i++) {
		if (strchr("0123456789", content[i]) && content[i])
			number[len++] = content[i];
		else if (content[i] != ' ' && content[i] != '\n')
			return false;
	}
	number[len] = '\0';
	return true;
}

/* Returns whether the path still leads to this file. */
static bool is_at(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && lstat(path, &there) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* Takes the lock of the file that is there. Sets *old to -1 if there is none.
 */
static enum pidfile_result lock_old(const char *path, int *old, char *why)
{
	char number[CONTENT_MAX];
	struct stat st;

	*old = open(
		path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*old < 0 && errno == ENOENT)
		return PIDFILE_WRITTEN;
	if (*old < 0 && errno != ELOOP && errno != EISDIR && errno != ENXIO)
		return fail_by_errno(why);
	if (*old < 0 || fstat(*old, &st) < 0 || !S_ISREG(st.st_mode) ||
		!read_content(*old, number))
		return explain(why, PIDFILE_FAILED, "",
			"is not a pidfile, and stays as it is");
	if (flock(*old, LOCK_EX | LOCK_NB) == 0)
		return PIDFILE_WRITTEN;
	if (errno != EWOULDBLOCK)
		return fail_by_errno(why);
	return explain(
		why, PIDFILE_HELD, "another lvsmon holds it: process ", number);
}

/* Makes the new file under another name. Returns its descriptor, or -1 with
 * errno set. */
static int make_new(const char *path, char name[PATH_MAX])
{
	char number[CONTENT_MAX];
	int len = snprintf(number, sizeof(number), "%d\n", (int)getpid());
	int error, fd;

	if (snprintf(name, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fchmod(fd, 0644) == 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
		write(fd, number, (size_t)len) == len)
		return fd;
	error = errno;
	unlink(name);
	close(fd);
	errno = error;
	return -1;
}

/* Gives the new file its name. A file that appeared meanwhile stays. */
static int place(const char *name, const char *path, bool replace)
{
	int result;

	if (replace)
		return rename(name, path);
	result = link(name, path);
	if (result == 0)
		unlink(name);
	return result;
}

static enum pidfile_result try_write(
	struct pidfile *pidfile, const char *path, char *why)
{
	char name[PATH_MAX] = "";
	int old, fd = -1;
	enum pidfile_result result = lock_old(path, &old, why);

	/* Somebody else may have replaced the file before it was locked. */
	if (result == PIDFILE_WRITTEN && old >= 0 && !is_at(old, path))
		result = explain(why, PIDFILE_HELD, "", "it changes");
	if (result == PIDFILE_WRITTEN) {
		fd = make_new(path, name);
		if (fd < 0)
			result = fail_by_errno(why);
	}
	if (fd >= 0 && place(name, path, old >= 0) < 0) {
		result = fail_by_errno(why);
		if (errno == EEXIST)
			result = PIDFILE_HELD;
		unlink(name);
		close(fd);
	}
	if (old >= 0)
		close(old);
	if (result == PIDFILE_WRITTEN)
		*pidfile = (struct pidfile){path, fd, getpid()};
	return result;
}

enum pidfile_result pidfile_write(
	struct pidfile *pidfile, const char *path, char *why)
{
	uint64_t until = clock_ms() + PIDFILE_PATIENCE_MS;
	enum pidfile_result result;

	while ((result = try_write(pidfile, path, why)) == PIDFILE_HELD &&
		clock_ms() < until)
		clock_sleep_ms(RETRY_MS);
	return result;
}

void pidfile_remove(struct pidfile *pidfile)
{
	if (!pidfile->path || pidfile->owner != getpid())
		return;
	if (is_at(pidfile->fd, pidfile->path) && unlink(pidfile->path) < 0 &&
		ftruncate(pidfile->fd, 0) < 0)
		pidfile->fd = -1; /* then the lock alone says that it is old */
	if (pidfile->fd >= 0)
		close(pidfile->fd);
	pidfile->path = NULL;
}
