/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A password from a file. */
#ifndef LVSMON_PLUGINS_SECRET_H
#define LVSMON_PLUGINS_SECRET_H

#include "file.h"

#define SECRET_MAX 256 /* bytes of a password */

/* Reads the password, which is the first line of the file of an option,
 * without LF or CR LF at its end. It has 1 to SECRET_MAX bytes and no 0, and a
 * 0 is added behind it. Returns its length, or -1 with the reason in `to`,
 * which never has a byte of the file. */
static inline int secret_read(const char *path, int option,
	char secret[SECRET_MAX + 1], const struct refusal *to)
{
	char text[SECRET_MAX + 2];
	int fd = file_open(path, option, to);
	ssize_t count;
	size_t len;

	if (fd < 0)
		return -1;
	count = file_take(fd, text, sizeof(text));
	if (count < 0)
		refuse(to, "-%c: %s: %s", option, path, strerror(errno));
	close(fd);
	if (count < 0)
		return -1;
	for (len = 0; len < (size_t)count && text[len] != '\n'; len++)
		if (text[len] == '\0')
			return refuse(to, "-%c: %s: a 0 byte in the first line",
				option, path);
	if (len > 0 && len < (size_t)count && text[len - 1] == '\r')
		len--;
	if (len == 0)
		return refuse(
			to, "-%c: %s: the first line is empty", option, path);
	if (len > SECRET_MAX)
		return refuse(to,
			"-%c: %s: the first line has more than %d "
			"bytes",
			option, path, SECRET_MAX);
	memcpy(secret, text, len);
	secret[len] = '\0';
	explicit_bzero(text, sizeof(text));
	return (int)len;
}

#endif
