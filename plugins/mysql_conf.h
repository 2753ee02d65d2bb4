/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of mysql: what the options prepare, the login, and the data that
 * both hand to the step. The format is that of MySQL's client/server protocol,
 * version 10. */
#ifndef LVSMON_PLUGINS_MYSQL_CONF_H
#define LVSMON_PLUGINS_MYSQL_CONF_H

#include "digest.h"
#include "lvsmon/checker.h"
#include "sql.h"

/* Bytes of a length and a sequence number before each packet. */
#define MYSQL_HEADER 4
/* Bytes of a packet that is read as a whole. */
#define MYSQL_PACKET_MAX 8192
#define MYSQL_SCRAMBLE 20
/* A usual login fits and is sent at once. */
#define MYSQL_OUT_MAX 112

/* The methods of authentication. */
enum mysql_method {
	MYSQL_NATIVE, /* mysql_native_password: SHA-1 */
	MYSQL_SHA2,   /* caching_sha2_password: SHA-256 */
};

/* The password, hashed once and twice, with the digest of a method. */
struct mysql_hashes {
	uint8_t once[DIGEST_MAX];
	uint8_t twice[DIGEST_MAX];
};

struct mysql_conf {
	bool named; /* -u; otherwise a refused login is up */
	bool has_password;
	bool has_expected;
	uint16_t expected_len;
	uint16_t query_len;     /* bytes of the packet; 0 = none */
	uint16_t user_size;     /* bytes, with the 0 */
	uint16_t database_size; /* bytes, with the 0; 0 = none */
	struct mysql_hashes hashes[2];
	char user[SQL_NAME_MAX + 1];
	char database[SQL_NAME_MAX + 1];
	char expected[SQL_VALUE_MAX];
	char query[MYSQL_HEADER + 1 + SQL_QUERY_MAX];
};

enum mysql_phase {
	MYSQL_GREETING,
	MYSQL_ANSWER, /* the answer to the greeting is sent */
	MYSQL_LOGIN,
	MYSQL_PING,
	MYSQL_QUERY,
	MYSQL_COLUMNS,
	MYSQL_ROWS,
};

struct mysql_state {
	uint8_t phase; /* enum mysql_phase */
	bool switched; /* the server has asked for another method */
	bool has_row;
	bool in;         /* logged in */
	uint16_t sent;   /* bytes of the login so far */
	uint32_t skip;   /* bytes left of a packet that is not read */
	uint32_t budget; /* bytes that the server may still send */
	uint8_t out[MYSQL_OUT_MAX];
};

/* One packet of the server. */
struct mysql_packet {
	const uint8_t *body;
	size_t have; /* bytes of the body that are there */
	size_t len;  /* bytes of the whole body */
	uint8_t sequence;
};

/* Implements checker.configure. */
int mysql_configure(void *data, int argc, char **argv, char *err, size_t errsz);

/* Sends the next part of the answer to a greeting, which must stay in the input
 * until the phase is MYSQL_LOGIN. Returns WRITE or DOWN. */
enum checker_next mysql_answer(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *greeting,
	struct checker_io *io);

/* Answers a request for another method. Returns WRITE or DOWN. */
enum checker_next mysql_switch(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *request,
	struct checker_io *io);

#endif
