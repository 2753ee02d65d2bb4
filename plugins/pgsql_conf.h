/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of pgsql: the messages made from the options, the login, and the
 * data that both hand to the step. The format is that of PostgreSQL's protocol
 * 3.0, "Message Formats". */
#ifndef LVSMON_PLUGINS_PGSQL_CONF_H
#define LVSMON_PLUGINS_PGSQL_CONF_H

#include "lvsmon/checker.h"
#include "scram.h"
#include "sql.h"

/* Bytes of a type and a length before each message. */
#define PGSQL_HEADER 5
/* Bytes of a message that is read as a whole, without its type. */
#define PGSQL_MESSAGE_MAX 8192
/* SASLResponse to PostgreSQL has 96 bytes. In one segment it does not wait for
 * an ACK, so it has most of the state. */
#define PGSQL_OUT_MAX 100
#define PGSQL_PART_MAX 84
#define PGSQL_SIGNATURE 16 /* bytes that are compared */
/* HMACs of one step: a tenth of a millisecond to a half. */
#define PGSQL_SLICE 256

struct pgsql_text {
	uint16_t len; /* bytes; 0 = none */
	char bytes[512];
};

struct pgsql_conf {
	bool login; /* -u: more than the first question */
	bool gss;   /* -g */
	bool has_password;
	bool has_expected;
	uint16_t expected_len;
	uint16_t query_len; /* 0 = none */
	char expected[SQL_VALUE_MAX];
	struct pgsql_text startup;
	struct pgsql_text password; /* PasswordMessage in clear */
	char md5[32];               /* of password and user, in hex */
	struct hmac_key key;        /* for SCRAM */
	char query[PGSQL_HEADER + SQL_QUERY_MAX + 1];
};

enum pgsql_phase {
	PGSQL_BEGIN,
	PGSQL_ENCRYPTION, /* one byte answers */
	PGSQL_LOGIN,
	PGSQL_SCRAM, /* the answer to the challenge is computed and sent */
	PGSQL_QUERY,
};

enum pgsql_result {
	PGSQL_DESCRIBED = 1, /* the query has columns */
	PGSQL_HAS_ROW = 2,
};

/* How far the login is. */
enum pgsql_auth {
	PGSQL_NOTHING,
	PGSQL_PASSWORD, /* a password was sent, in clear or with MD5 */
	PGSQL_SASL,     /* the challenge is awaited */
	PGSQL_PROVED,   /* the proof was sent */
	PGSQL_VERIFIED, /* the server has proved itself */
	PGSQL_IN,
};

struct pgsql_state {
	uint8_t phase;   /* enum pgsql_phase */
	uint8_t auth;    /* enum pgsql_auth */
	uint8_t result;  /* bits of enum pgsql_result */
	uint8_t sent;    /* bytes of SASLResponse so far */
	uint32_t skip;   /* bytes left of a message that is not read */
	uint32_t budget; /* bytes that the server may still send */
	union {
		struct {
			struct scram_state scram;
			uint32_t left; /* HMACs */
		} work;
		/* A part of a long SASLResponse; the sum stays in place. */
		struct {
			uint32_t sum[HMAC_WORDS];
			uint8_t out[PGSQL_PART_MAX];
		} part;
		/* Any other message, and the signature that must follow. */
		struct {
			uint8_t signature[PGSQL_SIGNATURE];
			uint8_t out[PGSQL_OUT_MAX];
		} last;
	} as;
};

/* One message of the server. */
struct pgsql_message {
	char type;
	const char *body;
	size_t len;    /* bytes of the body that are there */
	uint32_t size; /* bytes of the whole message with its header */
};

/* Implements checker.configure. */
int pgsql_configure(void *data, int argc, char **argv, char *err, size_t errsz);

/* Reads a number of 4 bytes, highest byte first. */
uint32_t pgsql_number(const char *at);

/* Judges a message of type R. Returns READ if the next message decides, WRITE
 * with the answer in io, or DOWN with the reason. If the phase is PGSQL_SCRAM
 * afterwards, the message must stay in the input for pgsql_scram. */
enum checker_next pgsql_authenticate(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io);

/* Computes a slice of the proof, or sends the next part of SASLResponse.
 * Returns WRITE, with nothing to send while it computes. The message must stay
 * in the input until the phase is no longer PGSQL_SCRAM. */
enum checker_next pgsql_scram(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io);

#endif
