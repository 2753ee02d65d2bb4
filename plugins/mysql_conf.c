// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of mysql. */
#include "mysql_conf.h"

#define COM_QUERY 3

static void hashes_write(struct mysql_hashes *hashes, enum digest_kind kind,
	const char *password, size_t len)
{
	digest_of(kind, password, len, hashes->once);
	digest_of(kind, hashes->once, digest_size(kind), hashes->twice);
}

static void query_write(struct mysql_conf *conf, const char *query)
{
	size_t len = strlen(query);

	/* The packet's length has the lowest byte first, as with MD5. */
	digest_number(DIGEST_MD5, (uint8_t *)conf->query, len + 1, 3);
	conf->query[MYSQL_HEADER] = COM_QUERY;
	memcpy(conf->query + MYSQL_HEADER + 1, query, len);
	conf->query_len = (uint16_t)(MYSQL_HEADER + 1 + len);
}

static uint16_t name_write(char *to, const char *name)
{
	size_t size = strlen(name) + 1;

	memcpy(to, name, size);
	return (uint16_t)size;
}

static void conf_write(struct mysql_conf *conf, const struct sql *sql)
{
	conf->named = sql->user != NULL;
	conf->user_size = name_write(conf->user, sql->user ? sql->user : "");
	if (sql->database)
		conf->database_size = name_write(conf->database, sql->database);
	if (sql->query)
		query_write(conf, sql->query);
	if (sql->expected) {
		conf->has_expected = true;
		conf->expected_len = (uint16_t)strlen(sql->expected);
		memcpy(conf->expected, sql->expected, conf->expected_len);
	}
	if (sql->password_len == 0)
		return;
	conf->has_password = true;
	hashes_write(&conf->hashes[MYSQL_NATIVE], DIGEST_SHA1, sql->password,
		sql->password_len);
	hashes_write(&conf->hashes[MYSQL_SHA2], DIGEST_SHA256, sql->password,
		sql->password_len);
}

static int vector_parse(
	struct sql *sql, int argc, char **argv, const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:" SQL_OPTIONS)) != -1)
		if (sql_option(sql, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	return sql_complete(sql, to);
}

int mysql_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct sql sql = {.user = NULL};
	int result = vector_parse(&sql, argc, argv, &to);

	if (result == 0)
		conf_write(data, &sql);
	sql_forget(&sql);
	return result;
}
