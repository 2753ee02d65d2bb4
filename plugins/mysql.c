// SPDX-License-Identifier: GPL-2.0-or-later
/* mysql: the greeting, a login, and a ping or a query. */
#include "mysql_conf.h"

/* "Generic Response Packets" and the first bytes of others. */
#define PACKET_OK 0
#define PACKET_MORE 1 /* AuthMoreData */
#define PACKET_INFILE 0xfb
#define PACKET_SWITCH 0xfe
#define PACKET_EOF 0xfe
#define PACKET_ERR 0xff
#define PACKET_V10 10

/* "caching_sha2_password information". */
#define SHA2_FAST 3
#define SHA2_FULL 4

/* Bytes that suffice to judge a packet that is not read as a whole. */
#define PACKET_HEAD 3

static const uint8_t ping[] = {1, 0, 0, 0, 14};
static const uint8_t quit[] = {1, 0, 0, 0, 1};

struct reason {
	int code;
	const char *why;
};

/* "Server Error Message Reference". */
static const struct reason reasons[] = {
	{1040, "too many connections"},
	{1044, "access to the database denied"},
	{1045, "authentication failed"},
	{1049, "no such database"},
	{1053, "server is shutting down"},
	{1129, "host is blocked"},
	{1130, "host is not allowed to connect"},
	{1203, "too many connections of this user"},
	{1226, "too many connections of this user"},
	{1698, "authentication failed"},
};

/* A verdict after the login is sent with a goodbye. */
static enum checker_next verdict(
	const struct mysql_state *state, struct checker_io *io, const char *why)
{
	if (state->in) {
		io->out = quit;
		io->out_len = sizeof(quit);
	}
	io->why = why;
	return why ? CHECKER_DOWN : CHECKER_UP;
}

static enum checker_next say(struct mysql_state *state, struct checker_io *io,
	enum mysql_phase phase, const void *out, size_t len)
{
	state->phase = (uint8_t)phase;
	state->budget = SQL_ANSWER_MAX;
	io->out = out;
	io->out_len = len;
	return CHECKER_WRITE;
}

static const char *code_reason(int code, enum mysql_phase phase)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].code == code)
			return reasons[i].why;
	if (phase == MYSQL_GREETING)
		return "connection refused by the server";
	if (phase == MYSQL_LOGIN)
		return "login refused";
	return phase == MYSQL_PING ? "ping refused" : "query failed";
}

/* SQLSTATE 28000 says that the login is refused, and so that the server is
 * there: without -u nothing else is asked. */
static bool denies_nobody(const struct mysql_conf *conf,
	const struct mysql_state *state, const struct mysql_packet *packet)
{
	return !conf->named && state->phase == MYSQL_LOGIN &&
	       packet->have >= 9 &&
	       memcmp(packet->body + PACKET_HEAD, "#28000", 6) == 0;
}

/* "ERR_Packet": the code has two bytes. */
static enum checker_next error_hear(const struct mysql_conf *conf,
	const struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (packet->have < PACKET_HEAD)
		return verdict(state, io, "bad error packet");
	io->code = packet->body[1] | packet->body[2] << 8;
	if (denies_nobody(conf, state, packet))
		return verdict(state, io, NULL);
	return verdict(state, io,
		code_reason(io->code, (enum mysql_phase)state->phase));
}

static enum checker_next greeting_hear(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (packet->have == 0 || packet->body[0] != PACKET_V10)
		return verdict(state, io, "not a MySQL server");
	return mysql_answer(conf, state, packet, io);
}

static enum checker_next logged_in(const struct mysql_conf *conf,
	struct mysql_state *state, struct checker_io *io)
{
	state->in = true;
	if (!conf->named)
		return verdict(state, io, NULL);
	if (conf->query_len > 0) {
		io->why = "waiting for the result of the query";
		return say(
			state, io, MYSQL_QUERY, conf->query, conf->query_len);
	}
	io->why = "waiting for the answer to the ping";
	return say(state, io, MYSQL_PING, ping, sizeof(ping));
}

static enum checker_next more_hear(const struct mysql_state *state,
	const struct mysql_packet *packet, struct checker_io *io)
{
	uint8_t what = packet->have > 1 ? packet->body[1] : 0;

	if (what == SHA2_FAST)
		return CHECKER_READ;
	if (what == SHA2_FULL)
		return verdict(state, io, "server wants the password by TLS");
	return verdict(state, io, "unexpected answer to the login");
}

static enum checker_next login_hear(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (packet->have == 0)
		return verdict(state, io, "unexpected answer to the login");
	switch (packet->body[0]) {
	case PACKET_OK:
		return logged_in(conf, state, io);
	case PACKET_SWITCH:
		return mysql_switch(conf, state, packet, io);
	case PACKET_MORE:
		return more_hear(state, packet, io);
	default:
		return verdict(state, io, "unexpected answer to the login");
	}
}

static bool is_eof(const struct mysql_packet *packet)
{
	return packet->len < 9 && packet->body[0] == PACKET_EOF;
}

/* Whether the row begins with the expected value. "Protocol::LengthEncoded
 * String": one byte of length, or 0xfc and two bytes. */
static bool row_is(
	const struct mysql_conf *conf, const struct mysql_packet *packet)
{
	size_t at = 1, len = packet->body[0];

	if (len == 0xfc && packet->have >= PACKET_HEAD) {
		len = packet->body[1] | (size_t)packet->body[2] << 8;
		at = PACKET_HEAD;
	} else if (len > 250) {
		return false;
	}
	return len == conf->expected_len && packet->have >= at + len &&
	       memcmp(packet->body + at, conf->expected, len) == 0;
}

static enum checker_next row_hear(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (is_eof(packet))
		return verdict(state, io,
			state->has_row ? NULL : "query returned no row");
	if (!state->has_row && conf->has_expected && !row_is(conf, packet))
		return verdict(state, io, "unexpected value");
	state->has_row = true;
	return CHECKER_READ;
}

/* The first packet of a result is OK, or the number of columns. */
static enum checker_next result_hear(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (packet->body[0] == PACKET_INFILE)
		return verdict(state, io, "unexpected answer to the query");
	if (packet->body[0] != PACKET_OK) {
		state->phase = MYSQL_COLUMNS;
		return CHECKER_READ;
	}
	return verdict(
		state, io, conf->has_expected ? "query returned no row" : NULL);
}

/* Judges a packet after the login. */
static enum checker_next command_hear(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (packet->have == 0)
		return verdict(state, io, "empty packet");
	switch ((enum mysql_phase)state->phase) {
	case MYSQL_PING:
		return verdict(state, io,
			packet->body[0] == PACKET_OK ? NULL : "ping refused");
	case MYSQL_QUERY:
		return result_hear(conf, state, packet, io);
	case MYSQL_COLUMNS:
		if (is_eof(packet))
			state->phase = MYSQL_ROWS;
		return CHECKER_READ;
	default:
		return row_hear(conf, state, packet, io);
	}
}

static enum checker_next packet_hear(const struct mysql_conf *conf,
	struct mysql_state *state, const struct mysql_packet *packet,
	struct checker_io *io)
{
	if (state->phase == MYSQL_ANSWER)
		return mysql_answer(conf, state, packet, io);
	if (packet->have > 0 && packet->body[0] == PACKET_ERR)
		return error_hear(conf, state, packet, io);
	if (state->phase == MYSQL_GREETING)
		return greeting_hear(conf, state, packet, io);
	if (state->phase == MYSQL_LOGIN)
		return login_hear(conf, state, packet, io);
	return command_hear(conf, state, packet, io);
}

/* Returns how many bytes of a packet must be there to judge it. */
static size_t packet_needs(const struct mysql_conf *conf,
	const struct mysql_state *state, size_t len)
{
	size_t needs = PACKET_HEAD;

	if (state->phase <= MYSQL_LOGIN)
		return len;
	if (state->phase == MYSQL_ROWS && !state->has_row)
		needs += conf->expected_len;
	return needs < len ? needs : len;
}

static const char *packet_fault(const struct mysql_state *state, size_t len)
{
	if (state->phase == MYSQL_GREETING && len > MYSQL_PACKET_MAX)
		return "not a MySQL server";
	if (state->phase == MYSQL_LOGIN && len > MYSQL_PACKET_MAX)
		return "answer too long";
	if (state->phase > MYSQL_LOGIN && len + MYSQL_HEADER > state->budget)
		return "answer too long";
	return NULL;
}

/* Reads the next packet as far as it is needed. Returns UP if it is there,
 * READ, or DOWN. */
static enum checker_next packet_read(const struct mysql_conf *conf,
	const struct mysql_state *state, struct mysql_packet *packet,
	struct checker_io *io)
{
	const uint8_t *in = (const uint8_t *)io->in + io->used;
	size_t have = io->in_len - io->used;
	const char *fault;

	if (have < MYSQL_HEADER)
		return CHECKER_READ;
	packet->len = in[0] | (size_t)in[1] << 8 | (size_t)in[2] << 16;
	fault = packet_fault(state, packet->len);
	if (fault)
		return verdict(state, io, fault);
	packet->sequence = in[3];
	packet->body = in + MYSQL_HEADER;
	packet->have = packet_needs(conf, state, packet->len);
	return have - MYSQL_HEADER < packet->have ? CHECKER_READ : CHECKER_UP;
}

/* Consumes what is left of the last packet. */
static void packet_skip(struct mysql_state *state, struct checker_io *io)
{
	size_t have = io->in_len - io->used;

	if (have > state->skip)
		have = state->skip;
	state->skip -= (uint32_t)have;
	io->used += have;
}

/* Consumes the packet, the rest of which may still have to come. */
static void packet_drop(struct mysql_state *state,
	const struct mysql_packet *packet, struct checker_io *io)
{
	state->skip = (uint32_t)packet->len + MYSQL_HEADER;
	if (state->phase > MYSQL_LOGIN && state->budget >= state->skip)
		state->budget -= state->skip;
	packet_skip(state, io);
}

static enum checker_next mysql_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct mysql_conf *conf = data;
	struct mysql_state *state = memory;
	enum checker_next next = CHECKER_READ;

	if (!io->why)
		io->why = "waiting for the greeting";
	packet_skip(state, io);
	while (next == CHECKER_READ) {
		struct mysql_packet packet;
		enum checker_next got = packet_read(conf, state, &packet, io);

		if (got != CHECKER_UP)
			return got;
		next = packet_hear(conf, state, &packet, io);
		if (state->phase != MYSQL_ANSWER)
			packet_drop(state, &packet, io);
	}
	return next;
}

_Static_assert(sizeof(struct mysql_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct mysql_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct mysql_conf),
	.state_size = sizeof(struct mysql_state),
	.window = MYSQL_PACKET_MAX + MYSQL_HEADER + 1,
	.transport = CHECKER_TCP,
	.summary = "MySQL's greeting, login, and ping or query",
	.usage = SQL_USAGE,
	.configure = mysql_configure,
	.step = mysql_step,
};
