// SPDX-License-Identifier: GPL-2.0-or-later
/* The login of mysql. */
#include "mysql_conf.h"
#include "pieces.h"

/* "Capabilities Flags". */
#define LONG_PASSWORD 0x1U
#define CONNECT_WITH_DB 0x8U
#define PROTOCOL_41 0x200U
#define TRANSACTIONS 0x2000U
#define SECURE_CONNECTION 0x8000U
#define PLUGIN_AUTH 0x80000U

#define PACKET_LIMIT (1U << 24)
#define CHARSET_UTF8 33
#define FIXED 32 /* bytes of HandshakeResponse41 before the user */

/* "Protocol::HandshakeV10", taken apart. */
struct greeting {
	uint8_t scramble[MYSQL_SCRAMBLE];
	uint32_t capabilities;
	const char *method; /* not ended by 0 */
	size_t method_len;
};

static const char *const names[] = {
	[MYSQL_NATIVE] = "mysql_native_password",
	[MYSQL_SHA2] = "caching_sha2_password",
};

static const char waits[] = "waiting for the answer to the login";

static enum checker_next refused(struct checker_io *io, const char *why)
{
	io->why = why;
	return CHECKER_DOWN;
}

static uint32_t number_read(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8;
}

/* Reads the fixed part behind the version: 4 bytes of the connection, 8 of the
 * scramble, 1 of filler, capabilities, 1 of the character set, 2 of status,
 * capabilities, 1 of length, 10 reserved, 12 or more of the scramble, 0. */
static int fixed_read(struct greeting *greeting, const uint8_t *at, size_t len)
{
	if (len < 31 + 13)
		return -1;
	memcpy(greeting->scramble, at + 4, 8);
	greeting->capabilities = number_read(at + 13) | number_read(at + 18)
								<< 16;
	memcpy(greeting->scramble + 8, at + 31, 12);
	return 0;
}

/* Returns NULL, or why the greeting is refused. */
static const char *greeting_read(
	struct greeting *greeting, const struct mysql_packet *packet)
{
	const uint8_t *at = packet->body + 1;
	size_t len = packet->have - 1;
	size_t size = strnlen((const char *)at, len) + 1;
	size_t rest, more;

	if (size > len || fixed_read(greeting, at + size, len - size) < 0 ||
		!(greeting->capabilities & PROTOCOL_41) ||
		!(greeting->capabilities & SECURE_CONNECTION))
		return "unsupported greeting";
	/* "Length of the combined auth_plugin_data": 8 bytes are in front. */
	more = at[size + 20] > 8 + 13 ? at[size + 20] - 8U : 13U;
	greeting->method = "";
	greeting->method_len = 0;
	rest = len - size;
	if (!(greeting->capabilities & PLUGIN_AUTH) || rest <= 31 + more)
		return NULL;
	greeting->method = (const char *)at + size + 31 + more;
	greeting->method_len = strnlen(greeting->method, rest - 31 - more);
	return NULL;
}

/* Returns whether the method is known. */
static bool method_find(const char *name, size_t len, enum mysql_method *method)
{
	for (int i = MYSQL_NATIVE; i <= MYSQL_SHA2; i++) {
		if (strlen(names[i]) != len || memcmp(names[i], name, len) != 0)
			continue;
		*method = (enum mysql_method)i;
		return true;
	}
	return false;
}

/*
 * Computes the answer to a scramble. Returns its length; 0 = no password.
 * mysql_native_password: H(p) ^ H(scramble, H(H(p))) with SHA-1;
 * caching_sha2_password: H(p) ^ H(H(H(p)), scramble) with SHA-256.
 */
static size_t scramble_answer(const struct mysql_conf *conf,
	enum mysql_method method, const uint8_t scramble[MYSQL_SCRAMBLE],
	uint8_t out[DIGEST_MAX])
{
	const struct mysql_hashes *hashes = &conf->hashes[method];
	enum digest_kind kind =
		method == MYSQL_NATIVE ? DIGEST_SHA1 : DIGEST_SHA256;
	size_t len = digest_size(kind);
	struct digest digest;

	if (!conf->has_password)
		return 0;
	digest_begin(&digest, kind);
	if (method == MYSQL_NATIVE)
		digest_add(&digest, scramble, MYSQL_SCRAMBLE);
	digest_add(&digest, hashes->twice, len);
	if (method == MYSQL_SHA2)
		digest_add(&digest, scramble, MYSQL_SCRAMBLE);
	digest_end(&digest, out);
	for (size_t i = 0; i < len; i++)
		out[i] ^= hashes->once[i];
	return len;
}

static void header_write(uint8_t *to, size_t len, uint8_t sequence)
{
	/* The lowest byte is first, as with MD5. */
	digest_number(DIGEST_MD5, to, len, 3);
	to[3] = sequence;
}

/* Writes capabilities, the largest packet and the character set. */
static void fixed_write(uint8_t to[FIXED], const struct mysql_conf *conf,
	const struct greeting *greeting)
{
	uint32_t capabilities = LONG_PASSWORD | PROTOCOL_41 | TRANSACTIONS |
				SECURE_CONNECTION |
				(greeting->capabilities & PLUGIN_AUTH);

	if (conf->database_size > 0)
		capabilities |= CONNECT_WITH_DB;
	memset(to, 0, FIXED);
	digest_number(DIGEST_MD5, to, capabilities, 4);
	digest_number(DIGEST_MD5, to + 4, PACKET_LIMIT, 4);
	to[8] = CHARSET_UTF8;
}

/* Sends what fits of the answer's pieces. */
static enum checker_next answer_send(struct mysql_state *state,
	const struct piece *pieces, size_t count, struct checker_io *io)
{
	size_t size = pieces_size(pieces, count);

	io->out = state->out;
	io->out_len = pieces_copy(
		pieces, count, state->sent, state->out, MYSQL_OUT_MAX);
	io->why = waits;
	state->sent = (uint16_t)(state->sent + io->out_len);
	state->phase = state->sent < size ? MYSQL_ANSWER : MYSQL_LOGIN;
	return CHECKER_WRITE;
}

/* "Protocol::HandshakeResponse41". A server with another method than those
 * known asks for a switch. */
enum checker_next mysql_answer(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	enum mysql_method method = MYSQL_NATIVE;
	uint8_t head[MYSQL_HEADER], fixed[FIXED], auth[DIGEST_MAX], auth_len;
	struct greeting greeting;
	const char *why = greeting_read(&greeting, packet);

	if (why)
		return refused(io, why);
	method_find(greeting.method, greeting.method_len, &method);
	auth_len =
		(uint8_t)scramble_answer(conf, method, greeting.scramble, auth);
	const struct piece pieces[] = {
		{head, sizeof(head)},
		{fixed, sizeof(fixed)},
		{conf->user, conf->user_size},
		{&auth_len, 1},
		{auth, auth_len},
		{conf->database, conf->database_size},
		{names[method], strlen(names[method]) + 1},
	};
	size_t count = sizeof(pieces) / sizeof(*pieces);

	if (!(greeting.capabilities & PLUGIN_AUTH))
		count--;
	fixed_write(fixed, conf, &greeting);
	header_write(head, pieces_size(pieces, count) - sizeof(head), 1);
	return answer_send(state, pieces, count, io);
}

/* "Protocol::AuthSwitchRequest": a name, 0, the scramble. Without a password
 * the answer is empty for any method. */
enum checker_next mysql_switch(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	const char *name = (const char *)packet->body + 1;
	size_t len = packet->have - 1;
	size_t size = strnlen(name, len);
	enum mysql_method method = MYSQL_NATIVE;
	size_t answer;

	if (state->switched)
		return refused(io, "authentication out of order");
	state->switched = true;
	if (conf->has_password && !method_find(name, size, &method))
		return refused(io, "unsupported authentication method");
	if (conf->has_password && len < size + 1 + MYSQL_SCRAMBLE)
		return refused(io, "bad authentication request");
	answer = scramble_answer(conf, method, (const uint8_t *)name + size + 1,
		state->out + MYSQL_HEADER);
	header_write(state->out, answer, (uint8_t)(packet->sequence + 1));
	io->out = state->out;
	io->out_len = MYSQL_HEADER + answer;
	io->why = waits;
	return CHECKER_WRITE;
}
