/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that the checkers of databases share: a login and a query. */
#ifndef LVSMON_PLUGINS_SQL_H
#define LVSMON_PLUGINS_SQL_H

#include "secret.h"
#include "vector.h"

#define SQL_OPTIONS "u:P:d:q:e:"
#define SQL_USAGE "[-u user] [-P file] [-d database] [-q query] [-e text]"

#define SQL_NAME_MAX 128 /* bytes of a user or a database */
#define SQL_QUERY_MAX 4096
#define SQL_VALUE_MAX 256 /* bytes of -e */
/* Bytes of the answer to a query, with all its rows. */
#define SQL_ANSWER_MAX (1024U * 1024)

/* NULL = not given. The texts are the vector's. */
struct sql {
	const char *user;
	const char *database;
	const char *query;
	const char *expected; /* the first value of the first row */
	const char *file;
	size_t password_len; /* bytes; 0 = none */
	char password[SECRET_MAX + 1];
};

static inline int sql_text(
	const char **text, int option, size_t max, const struct refusal *to)
{
	size_t len = strlen(optarg);

	if (len == 0 && option != 'e')
		return refuse(to, "-%c needs at least one byte", option);
	if (len > max)
		return refuse(to, "-%c: more than %zu bytes", option, max);
	*text = optarg;
	return 0;
}

/* Takes one option, which getopt(3) has found. Returns 0, or -1 with the reason
 * in `to`. */
static inline int sql_option(
	struct sql *sql, int option, const struct refusal *to)
{
	switch (option) {
	case 'u':
		return sql_text(&sql->user, option, SQL_NAME_MAX, to);
	case 'd':
		return sql_text(&sql->database, option, SQL_NAME_MAX, to);
	case 'q':
		return sql_text(&sql->query, option, SQL_QUERY_MAX, to);
	case 'e':
		return sql_text(&sql->expected, option, SQL_VALUE_MAX, to);
	case 'P':
		sql->file = optarg;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

/* Checks the options against each other and reads the password. Returns 0, or
 * -1 with the reason in `to`. The caller calls sql_forget in both cases. */
static inline int sql_complete(struct sql *sql, const struct refusal *to)
{
	int len;

	if (!sql->user && sql->file)
		return refuse(to, "-P needs -u");
	if (!sql->user && sql->database)
		return refuse(to, "-d needs -u");
	if (!sql->user && sql->query)
		return refuse(to, "-q needs -u");
	if (!sql->query && sql->expected)
		return refuse(to, "-e needs -q");
	if (!sql->file)
		return 0;
	len = secret_read(sql->file, 'P', sql->password, to);
	if (len < 0)
		return -1;
	sql->password_len = (size_t)len;
	return 0;
}

/* Overwrites the password. */
static inline void sql_forget(struct sql *sql)
{
	explicit_bzero(sql->password, sizeof(sql->password));
}

#endif
