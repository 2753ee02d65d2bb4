// SPDX-License-Identifier: GPL-2.0-or-later
/* The login of pgsql: in clear, with MD5, or with SCRAM-SHA-256. */
#include "pgsql_conf.h"
#include "pieces.h"

/* The codes of AuthenticationOk and of the other messages of type R. */
#define AUTH_OK 0
#define AUTH_CLEAR 3
#define AUTH_MD5 5
#define AUTH_SASL 10
#define AUTH_SASL_CONTINUE 11
#define AUTH_SASL_FINAL 12

#define SCRAM_NAME "SCRAM-SHA-256"

static const char waits[] = "waiting for the answer to the login";

uint32_t pgsql_number(const char *at)
{
	return sha_word((const uint8_t *)at);
}

static enum checker_next refused(struct checker_io *io, const char *why)
{
	io->why = why;
	return CHECKER_DOWN;
}

static enum checker_next answer(struct pgsql_state *state,
	struct checker_io *io, enum pgsql_auth auth, const void *out,
	size_t len)
{
	state->auth = (uint8_t)auth;
	io->why = waits;
	io->out = out;
	io->out_len = len;
	return CHECKER_WRITE;
}

/* Writes type p and a length in front of a body. Returns the bytes of both. */
static size_t header_write(uint8_t *to, size_t len)
{
	to[0] = 'p';
	digest_number(DIGEST_SHA1, to + 1, len + 4, 4);
	return PGSQL_HEADER + len;
}

/* PostgreSQL, "Protocol Flow", AuthenticationMD5Password: the MD5 of password
 * and user, in hex, is hashed again with the salt. */
static enum checker_next md5_answer(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io)
{
	uint8_t *out = state->as.last.out;
	char *hex = (char *)out + PGSQL_HEADER;
	struct digest digest;
	uint8_t sum[DIGEST_MAX];

	if (message->len != 8)
		return refused(io, "bad authentication request");
	digest_begin(&digest, DIGEST_MD5);
	digest_add(&digest, conf->md5, sizeof(conf->md5));
	digest_add(&digest, message->body + 4, 4);
	digest_end(&digest, sum);
	memcpy(hex, "md5", 3);
	for (size_t i = 0; i < 16; i++) {
		hex[3 + 2 * i] = "0123456789abcdef"[sum[i] >> 4];
		hex[4 + 2 * i] = "0123456789abcdef"[sum[i] & 15];
	}
	hex[35] = '\0';
	return answer(state, io, PGSQL_PASSWORD, out, header_write(out, 36));
}

/* Whether the list of names, which an empty name ends, has SCRAM-SHA-256. */
static bool list_has_scram(const char *at, size_t len)
{
	while (len > 0 && *at) {
		size_t size = strnlen(at, len);

		if (size == sizeof(SCRAM_NAME) - 1 &&
			memcmp(at, SCRAM_NAME, size) == 0)
			return true;
		if (size == len)
			break;
		at += size + 1;
		len -= size + 1;
	}
	return false;
}

/* SASLInitialResponse: the name, the length of the rest, and the client's first
 * message. */
static enum checker_next sasl_answer(struct pgsql_state *state,
	const struct pgsql_message *message, struct checker_io *io)
{
	static const char head[] = SCRAM_HEADER SCRAM_FIRST;
	const size_t len = sizeof(head) - 1 + SCRAM_RANDOM;
	uint8_t *out = state->as.last.out;
	uint8_t *at = out + PGSQL_HEADER;

	if (!list_has_scram(message->body + 4, message->len - 4))
		return refused(io, "server does not offer SCRAM-SHA-256");
	memcpy(at, SCRAM_NAME, sizeof(SCRAM_NAME));
	at += sizeof(SCRAM_NAME);
	digest_number(DIGEST_SHA1, at, len, 4);
	memcpy(at + 4, head, sizeof(head) - 1);
	scram_nonce((char *)at + 4 + sizeof(head) - 1, io->random);
	return answer(state, io, PGSQL_SASL, out,
		header_write(out, sizeof(SCRAM_NAME) + 4 + len));
}

/* Reads the challenge. pgsql_scram answers it. */
static enum checker_next challenge_hear(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io)
{
	struct scram_first first;
	const char *why;

	if (state->auth != PGSQL_SASL)
		return refused(io, "authentication out of order");
	why = scram_first_read(
		&first, message->body + 4, message->len - 4, io->random);
	if (why)
		return refused(io, why);
	if (scram_begin(&state->as.work.scram, &conf->key, &first) < 0)
		return refused(io, "bad salt in the SCRAM challenge");
	state->as.work.left = first.iterations - 1;
	state->sent = 0;
	state->phase = PGSQL_SCRAM;
	return CHECKER_READ;
}

static enum checker_next final_hear(struct pgsql_state *state,
	const struct pgsql_message *message, struct checker_io *io)
{
	if (state->auth != PGSQL_PROVED)
		return refused(io, "authentication out of order");
	if (!scram_verify(message->body + 4, message->len - 4,
		    state->as.last.signature, PGSQL_SIGNATURE))
		return refused(io, "server does not know the password");
	state->auth = PGSQL_VERIFIED;
	return CHECKER_READ;
}

/* RFC 5802, 5: a server that began SCRAM must end it with its signature. */
static enum checker_next ok_hear(
	struct pgsql_state *state, struct checker_io *io)
{
	if (state->auth == PGSQL_SASL || state->auth == PGSQL_PROVED ||
		state->auth == PGSQL_IN)
		return refused(io, "authentication out of order");
	state->auth = PGSQL_IN;
	return CHECKER_READ;
}

/* Answers a question for the password, which must be the first message. */
static enum checker_next question_answer(const struct pgsql_conf *conf,
	struct pgsql_state *state, uint32_t method,
	const struct pgsql_message *message, struct checker_io *io)
{
	if (state->auth != PGSQL_NOTHING)
		return refused(io, "authentication out of order");
	if (!conf->has_password)
		return refused(io, "server asks for a password");
	if (method == AUTH_CLEAR)
		return answer(state, io, PGSQL_PASSWORD, conf->password.bytes,
			conf->password.len);
	if (method == AUTH_MD5)
		return md5_answer(conf, state, message, io);
	return sasl_answer(state, message, io);
}

enum checker_next pgsql_authenticate(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io)
{
	uint32_t method;

	if (message->len < 4)
		return refused(io, "bad authentication request");
	method = pgsql_number(message->body);
	switch (method) {
	case AUTH_OK:
		return ok_hear(state, io);
	case AUTH_CLEAR:
	case AUTH_MD5:
	case AUTH_SASL:
		return question_answer(conf, state, method, message, io);
	case AUTH_SASL_CONTINUE:
		return challenge_hear(conf, state, message, io);
	case AUTH_SASL_FINAL:
		return final_hear(state, message, io);
	default:
		io->code = method <= 99 ? (int)method : 0;
		return refused(io, "unknown authentication method");
	}
}

/* Computes a slice. Returns whether all HMACs are done. */
static bool scram_work(const struct pgsql_conf *conf, struct pgsql_state *state)
{
	uint32_t count = state->as.work.left < PGSQL_SLICE ? state->as.work.left
							   : PGSQL_SLICE;

	if (count == 0)
		return true;
	scram_iterate(&state->as.work.scram, &conf->key, count);
	state->as.work.left -= count;
	return state->as.work.left == 0;
}

/* Sends the next part of SASLResponse. The last one takes the place of the
 * sum, and the server's signature is kept with it. */
static enum checker_next scram_send(struct pgsql_state *state,
	const struct scram_first *first, const struct piece pieces[5],
	struct checker_io *io)
{
	size_t left = pieces_size(pieces, 5) - state->sent;
	uint8_t signature[HMAC_SIZE];

	if (left > PGSQL_OUT_MAX) {
		left = pieces_copy(pieces, 5, state->sent, state->as.part.out,
			PGSQL_PART_MAX);
		state->sent = (uint8_t)(state->sent + left);
		return answer(
			state, io, PGSQL_PROVED, state->as.part.out, left);
	}
	scram_server(state->as.part.sum, first, signature);
	memcpy(state->as.last.signature, signature, PGSQL_SIGNATURE);
	pieces_copy(pieces, 5, state->sent, state->as.last.out, PGSQL_OUT_MAX);
	state->phase = PGSQL_LOGIN;
	return answer(state, io, PGSQL_PROVED, state->as.last.out, left);
}

enum checker_next pgsql_scram(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io)
{
	uint8_t head[PGSQL_HEADER], proof[HMAC_SIZE];
	char text[BASE64_SIZE(HMAC_SIZE)];
	struct scram_first first;
	const char *why = scram_first_read(
		&first, message->body + 4, message->len - 4, io->random);

	if (why)
		return refused(io, why);
	io->why = "computing the SCRAM proof";
	if (state->sent == 0 && !scram_work(conf, state))
		return CHECKER_WRITE;
	const struct piece pieces[5] = {
		{head, sizeof(head)},
		{SCRAM_FINAL, sizeof(SCRAM_FINAL) - 1},
		{first.nonce, first.nonce_len},
		{SCRAM_PROOF, sizeof(SCRAM_PROOF) - 1},
		{text, sizeof(text)},
	};

	header_write(head, pieces_size(pieces, 5) - sizeof(head));
	scram_proof(state->as.part.sum, &first, proof);
	base64_write(text, proof, sizeof(proof));
	return scram_send(state, &first, pieces, io);
}
