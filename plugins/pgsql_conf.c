// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages of pgsql, from its options. */
#include "pgsql_conf.h"

/* The number of the protocol, 3.0. */
#define PGSQL_VERSION 0x30000

/* A message while it is written. */
struct writer {
	char *at;
	size_t len;
	size_t start; /* bytes of the type before the length */
};

static void writer_put(struct writer *writer, const void *data, size_t len)
{
	memcpy(writer->at + writer->len, data, len);
	writer->len += len;
}

static void writer_put_number(struct writer *writer, uint32_t number)
{
	uint8_t bytes[4];

	digest_number(DIGEST_SHA1, bytes, number, 4);
	writer_put(writer, bytes, sizeof(bytes));
}

/* Adds a text with its 0. */
static void writer_put_text(struct writer *writer, const char *text)
{
	writer_put(writer, text, strlen(text) + 1);
}

/* Begins a message; a type of 0 is left out. */
static struct writer writer_begin(char *buf, char type)
{
	struct writer writer = {.at = buf};

	if (type)
		writer_put(&writer, &type, 1);
	writer.start = writer.len;
	writer_put_number(&writer, 0);
	return writer;
}

/* Writes the length. Returns the bytes of the message. */
static uint16_t writer_end(struct writer *writer)
{
	size_t len = writer->len;

	writer->len = writer->start;
	writer_put_number(writer, (uint32_t)(len - writer->start));
	return (uint16_t)len;
}

static void startup_write(struct pgsql_text *startup, const struct sql *sql)
{
	struct writer writer = writer_begin(startup->bytes, 0);

	writer_put_number(&writer, PGSQL_VERSION);
	writer_put_text(&writer, "user");
	writer_put_text(&writer, sql->user);
	writer_put_text(&writer, "database");
	writer_put_text(&writer, sql->database ? sql->database : sql->user);
	writer_put_text(&writer, "application_name");
	writer_put_text(&writer, "lvsmon");
	writer_put_text(&writer, "");
	startup->len = writer_end(&writer);
}

static void hex_write(char *to, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		*to++ = "0123456789abcdef"[bytes[i] >> 4];
		*to++ = "0123456789abcdef"[bytes[i] & 15];
	}
}

/* Prepares the password for each method of authentication. */
static void password_write(struct pgsql_conf *conf, const struct sql *sql)
{
	struct writer writer = writer_begin(conf->password.bytes, 'p');
	struct digest digest;
	uint8_t sum[DIGEST_MAX];

	conf->has_password = true;
	writer_put_text(&writer, sql->password);
	conf->password.len = writer_end(&writer);
	digest_begin(&digest, DIGEST_MD5);
	digest_add(&digest, sql->password, sql->password_len);
	digest_add(&digest, sql->user, strlen(sql->user));
	digest_end(&digest, sum);
	hex_write(conf->md5, sum, digest_size(DIGEST_MD5));
	hmac_key_set(&conf->key, sql->password, sql->password_len);
}

static void messages_write(struct pgsql_conf *conf, const struct sql *sql)
{
	conf->login = true;
	startup_write(&conf->startup, sql);
	if (sql->password_len > 0)
		password_write(conf, sql);
	if (sql->query) {
		struct writer writer = writer_begin(conf->query, 'Q');

		writer_put_text(&writer, sql->query);
		conf->query_len = writer_end(&writer);
	}
	if (sql->expected) {
		conf->has_expected = true;
		conf->expected_len = (uint16_t)strlen(sql->expected);
		memcpy(conf->expected, sql->expected, conf->expected_len);
	}
}

static int vector_parse(struct pgsql_conf *conf, struct sql *sql, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:g" SQL_OPTIONS)) != -1) {
		if (option == 'g')
			conf->gss = true;
		else if (sql_option(sql, option, to) < 0)
			return -1;
	}
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	if (conf->gss && sql->user)
		return refuse(to, "-g and -u exclude each other");
	return sql_complete(sql, to);
}

int pgsql_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct pgsql_conf *conf = data;
	struct sql sql = {.user = NULL};
	int result = vector_parse(conf, &sql, argc, argv, &to);

	if (result == 0 && sql.user)
		messages_write(conf, &sql);
	sql_forget(&sql);
	return result;
}
