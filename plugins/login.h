/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options -u and -P of protocols of lines: a user, and the file with the
 * user's password. */
#ifndef LVSMON_PLUGINS_LOGIN_H
#define LVSMON_PLUGINS_LOGIN_H

#include "secret.h"

#define LOGIN_USER_MAX 254 /* bytes */

struct login {
	const char *user; /* in argv; NULL = not said */
	size_t len;       /* bytes of the password; 0 = not said */
	char password[SECRET_MAX + 1];
};

static inline int login_user(
	struct login *login, const char *user, const struct refusal *to)
{
	size_t len = strlen(user);

	if (len == 0 || len > LOGIN_USER_MAX || !option_is_word(user, len))
		return refuse(to, "-u: '%s' is not a user", user);
	login->user = user;
	return 0;
}

/* The path must be absolute, because lvsmon -t and the daemon may have
 * different working directories. A control byte could end a line of the
 * protocol. */
static inline int login_password(
	struct login *login, const char *path, const struct refusal *to)
{
	int len;

	if (*path != '/')
		return refuse(to, "-P: '%s' is not an absolute path", path);
	len = secret_read(path, 'P', login->password, to);
	if (len < 0)
		return -1;
	login->len = (size_t)len;
	for (const char *c = login->password; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return refuse(to,
				"-P: %s: a control byte in the first line",
				path);
	return 0;
}

/* Reads the argument of -u or -P. Returns 0. On failure returns -1 with the
 * reason in to. */
static inline int login_option(struct login *login, int option,
	const char *argument, const struct refusal *to)
{
	if (option == 'u')
		return login_user(login, argument, to);
	return login_password(login, argument, to);
}

/* Refuses one of the options without the other. Returns 0 or -1. */
static inline int login_whole(
	const struct login *login, const struct refusal *to)
{
	if (login->user && login->len == 0)
		return refuse(to, "-u needs -P, a file with the password");
	if (!login->user && login->len > 0)
		return refuse(to, "-P needs -u, the user");
	return 0;
}

/* Wipes the password out of memory that is used again. */
static inline void login_forget(struct login *login)
{
	explicit_bzero(login, sizeof(*login));
}

#endif
