/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A password from a file: the first line, without its end. configure reads the
 * file, so a reload reads it again. No message contains the password.
 *
 * This is the one file of the plugins that opens a descriptor, and configure
 * alone may call it.
 */
#ifndef LVSMON_PLUGINS_SECRET_H
#define LVSMON_PLUGINS_SECRET_H

#include "vector.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX 256 /* bytes in the first line */

struct secret {
	size_t len;
	char text[SECRET_MAX + 3]; /* ended by 0 */
};

/* Opens a regular file. O_NONBLOCK keeps a FIFO from waiting for its writer.
 * Returns a descriptor. On failure returns -1 and sets *why. */
static inline int secret_open(const char *path, const char **why)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		*why = strerror(errno);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	*why = "not a regular file";
	close(fd);
	return -1;
}

/* Reads the begin of the file, as much as text holds. Returns 0, or -1 and sets
 * *why. */
static inline int secret_fill(
	struct secret *secret, const char *path, const char **why)
{
	size_t room = sizeof(secret->text) - 1;
	int fd = secret_open(path, why);
	ssize_t count = 1;

	if (fd < 0)
		return -1;
	secret->len = 0;
	while (count > 0 && secret->len < room) {
		count = read(
			fd, secret->text + secret->len, room - secret->len);
		if (count > 0)
			secret->len += (size_t)count;
	}
	if (count < 0)
		*why = strerror(errno);
	close(fd);
	return count < 0 ? -1 : 0;
}

/* Cuts the text behind its first line. Returns NULL, or why the line is no
 * password. A control byte could end a line of a protocol. */
static inline const char *secret_cut(struct secret *secret)
{
	const char *end = memchr(secret->text, '\n', secret->len);

	if (end)
		secret->len = (size_t)(end - secret->text);
	if (secret->len > 0 && secret->text[secret->len - 1] == '\r')
		secret->len--;
	secret->text[secret->len] = '\0';
	if (secret->len == 0)
		return "the first line is empty";
	if (secret->len > SECRET_MAX)
		return "the first line is too long";
	for (size_t i = 0; i < secret->len; i++)
		if ((unsigned char)secret->text[i] < ' ' ||
			secret->text[i] == 0x7f)
			return "the first line has a control byte";
	return NULL;
}

/* Reads the file that an option names. The path must be absolute, because
 * lvsmon -t and the daemon may have different working directories. Returns 0.
 * On failure returns -1 with the reason in to. */
static inline int secret_read(struct secret *secret, int option,
	const char *path, const struct refusal *to)
{
	const char *why = NULL;

	if (*path != '/')
		return refuse(
			to, "-%c: '%s' is not an absolute path", option, path);
	if (secret_fill(secret, path, &why) == 0)
		why = secret_cut(secret);
	return why ? refuse(to, "-%c: %s: %s", option, path, why) : 0;
}

#endif
