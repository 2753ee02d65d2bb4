/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options -u and -P: a user, and the file with the user's password. */
#ifndef LVSMON_PLUGINS_LOGIN_H
#define LVSMON_PLUGINS_LOGIN_H

#include "secret.h"

#define LOGIN_USER_MAX 254 /* bytes */

struct login {
	const char *user;     /* in argv; NULL = not said */
	bool has_secret;      /* -P was said */
	struct secret secret; /* the text is empty without -P */
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

/* Reads the argument of -u or -P. Returns 0. On failure returns -1 with the
 * reason in to. */
static inline int login_option(struct login *login, int option,
	const char *argument, const struct refusal *to)
{
	if (option == 'u')
		return login_user(login, argument, to);
	login->has_secret = true;
	return secret_read(&login->secret, option, argument, to);
}

/* Refuses one of the options without the other. Returns 0 or -1. */
static inline int login_whole(
	const struct login *login, const struct refusal *to)
{
	if (login->user && !login->has_secret)
		return refuse(to, "-u needs -P, a file with the password");
	if (!login->user && login->has_secret)
		return refuse(to, "-P needs -u, the user");
	return 0;
}

#endif
