// SPDX-License-Identifier: GPL-2.0-or-later
/* pgsql: PostgreSQL's first answer, or a login with an optional query. */
#include "pgsql_conf.h"

/* "Message Formats": SSLRequest, GSSENCRequest and Terminate. */
static const uint8_t ssl_request[] = {0, 0, 0, 8, 4, 210, 22, 47};
static const uint8_t gss_request[] = {0, 0, 0, 8, 4, 210, 22, 48};
static const uint8_t terminate[] = {'X', 0, 0, 0, 4};

/* Bytes of a row before its first value: the number of columns and the length
 * of the value. */
#define ROW_HEAD 6

struct reason {
	const char *sqlstate; /* its beginning */
	const char *why;
};

/* "PostgreSQL Error Codes". The first one that fits counts. */
static const struct reason reasons[] = {
	{"28", "authentication failed"},
	{"3D000", "no such database"},
	{"53300", "too many connections"},
	{"53", "server is out of resources"},
	{"57P01", "server is shutting down"},
	{"57P02", "server is shutting down"},
	{"57P03", "server is starting up, shutting down or recovering"},
};

/* A verdict after the login is sent with a goodbye. */
static enum checker_next verdict(
	const struct pgsql_state *state, struct checker_io *io, const char *why)
{
	if (state->auth == PGSQL_IN) {
		io->out = terminate;
		io->out_len = sizeof(terminate);
	}
	io->why = why;
	return why ? CHECKER_DOWN : CHECKER_UP;
}

static enum checker_next say(struct pgsql_state *state, struct checker_io *io,
	enum pgsql_phase phase, const void *out, size_t len)
{
	state->phase = (uint8_t)phase;
	state->budget = SQL_ANSWER_MAX;
	io->out = out;
	io->out_len = len;
	return CHECKER_WRITE;
}

static enum checker_next pgsql_begin(const struct pgsql_conf *conf,
	struct pgsql_state *state, struct checker_io *io)
{
	if (conf->login) {
		io->why = "waiting for the answer to the login";
		return say(state, io, PGSQL_LOGIN, conf->startup.bytes,
			conf->startup.len);
	}
	io->why = "waiting for the answer";
	return say(state, io, PGSQL_ENCRYPTION,
		conf->gss ? gss_request : ssl_request, sizeof(ssl_request));
}

/* Returns the SQLSTATE in the fields of an ErrorResponse, or NULL. */
static const char *error_sqlstate(const char *at, size_t len)
{
	while (len > 0 && *at) {
		size_t size = strnlen(at, len);

		if (*at == 'C' && size == 6 && size < len)
			return at + 1;
		if (size == len)
			break;
		at += size + 1;
		len -= size + 1;
	}
	return NULL;
}

/* Returns an SQLSTATE of digits as a number, or 0. */
static int sqlstate_number(const char *sqlstate)
{
	int number = 0;

	for (size_t i = 0; i < 5; i++) {
		if (sqlstate[i] < '0' || sqlstate[i] > '9')
			return 0;
		number = number * 10 + (sqlstate[i] - '0');
	}
	return number;
}

static const char *sqlstate_reason(const char *sqlstate)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		const char *begin = reasons[i].sqlstate;

		if (strncmp(sqlstate, begin, strlen(begin)) == 0)
			return reasons[i].why;
	}
	return NULL;
}

static enum checker_next error_hear(const struct pgsql_state *state,
	const struct pgsql_message *message, struct checker_io *io)
{
	const char *sqlstate = error_sqlstate(message->body, message->len);
	const char *why = NULL;

	if (sqlstate) {
		io->code = sqlstate_number(sqlstate);
		why = sqlstate_reason(sqlstate);
	}
	if (!why && state->phase == PGSQL_QUERY)
		why = "query failed";
	if (!why && state->phase == PGSQL_LOGIN)
		why = "login refused";
	return verdict(state, io, why ? why : "request refused");
}

/* Returns NULL, or why the first row is wrong. "Message Formats", DataRow: a
 * length of -1 is NULL. */
static const char *row_hear(
	const struct pgsql_conf *conf, const struct pgsql_message *message)
{
	if (!conf->has_expected)
		return NULL;
	if (message->len < ROW_HEAD ||
		pgsql_number(message->body + 2) != conf->expected_len ||
		message->len != ROW_HEAD + (size_t)conf->expected_len)
		return "unexpected value";
	return memcmp(message->body + ROW_HEAD, conf->expected,
		       conf->expected_len) == 0
		       ? NULL
		       : "unexpected value";
}

static enum checker_next ready_hear(const struct pgsql_conf *conf,
	struct pgsql_state *state, struct checker_io *io)
{
	if (state->auth != PGSQL_IN)
		return verdict(state, io, "authentication out of order");
	if (state->phase == PGSQL_QUERY) {
		bool wanted =
			conf->has_expected || (state->result & PGSQL_DESCRIBED);

		return verdict(state, io,
			wanted && !(state->result & PGSQL_HAS_ROW)
				? "query returned no row"
				: NULL);
	}
	if (conf->query_len == 0)
		return verdict(state, io, NULL);
	io->why = "waiting for the result of the query";
	return say(state, io, PGSQL_QUERY, conf->query, conf->query_len);
}

/* Judges a message of the answer to a query. */
static enum checker_next result_hear(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io)
{
	const char *why = NULL;

	switch (message->type) {
	case 'T':
		state->result |= PGSQL_DESCRIBED;
		break;
	case 'D':
		why = (state->result & PGSQL_HAS_ROW) ? NULL
						      : row_hear(conf, message);
		state->result |= PGSQL_HAS_ROW;
		break;
	case 'C':
	case 'I':
	case 'A':
		break;
	default:
		why = "unexpected answer to the query";
	}
	return why ? verdict(state, io, why) : CHECKER_READ;
}

/* Returns READ if the next message decides. */
static enum checker_next message_hear(const struct pgsql_conf *conf,
	struct pgsql_state *state, const struct pgsql_message *message,
	struct checker_io *io)
{
	switch (message->type) {
	case 'E':
		return error_hear(state, message, io);
	case 'N':
	case 'S':
		return CHECKER_READ;
	case 'Z':
		return ready_hear(conf, state, io);
	default:
		break;
	}
	if (state->phase == PGSQL_QUERY)
		return result_hear(conf, state, message, io);
	if (message->type == 'R')
		return pgsql_authenticate(conf, state, message, io);
	if (message->type == 'K' || message->type == 'v')
		return CHECKER_READ;
	return verdict(state, io, "unexpected answer to the login");
}

/* Returns how many bytes of a message's body must be there to judge it. */
static size_t message_needs(const struct pgsql_conf *conf,
	const struct pgsql_state *state, char type, size_t len)
{
	size_t row = ROW_HEAD + (size_t)conf->expected_len;

	if (type == 'R' || type == 'E')
		return len;
	if (type != 'D' || !conf->has_expected ||
		(state->result & PGSQL_HAS_ROW))
		return 0;
	return row < len ? row : len;
}

static const char *message_fault(
	const struct pgsql_state *state, char type, uint32_t len)
{
	bool wild = len > SQL_ANSWER_MAX && state->phase != PGSQL_QUERY;

	if (type < 'A' || type > 'z' || len < 4 || wild)
		return "not a PostgreSQL server";
	if (len > state->budget ||
		(len > PGSQL_MESSAGE_MAX && (type == 'R' || type == 'E')))
		return "answer too long";
	return NULL;
}

/* Reads the next message as far as it is needed. Returns UP if it is there,
 * READ, or DOWN. */
static enum checker_next message_read(const struct pgsql_conf *conf,
	struct pgsql_state *state, struct pgsql_message *message,
	struct checker_io *io)
{
	const char *in = io->in + io->used;
	size_t have = io->in_len - io->used;
	const char *fault;
	uint32_t len;

	if (have < PGSQL_HEADER)
		return CHECKER_READ;
	len = pgsql_number(in + 1);
	fault = message_fault(state, in[0], len);
	if (fault)
		return verdict(state, io, fault);
	message->type = in[0];
	message->size = len + 1;
	message->body = in + PGSQL_HEADER;
	message->len = message_needs(conf, state, in[0], len - 4);
	return have - PGSQL_HEADER < message->len ? CHECKER_READ : CHECKER_UP;
}

/* Consumes the message. The rest of it may still have to come. */
static void message_drop(struct pgsql_state *state,
	const struct pgsql_message *message, struct checker_io *io)
{
	size_t have = io->in_len - io->used;

	state->skip = message->size;
	if (have > state->skip)
		have = state->skip;
	state->skip -= (uint32_t)have;
	state->budget -= message->size - 1;
	io->used += have;
}

/* Consumes what is left of the last message. */
static void message_skip(struct pgsql_state *state, struct checker_io *io)
{
	size_t have = io->in_len - io->used;

	if (have > state->skip)
		have = state->skip;
	state->skip -= (uint32_t)have;
	io->used += have;
}

/* Hears messages until there is something to send, or a verdict. */
static enum checker_next pgsql_listen(const struct pgsql_conf *conf,
	struct pgsql_state *state, struct checker_io *io)
{
	enum checker_next next = CHECKER_READ;

	message_skip(state, io);
	while (next == CHECKER_READ) {
		struct pgsql_message message;
		enum checker_next got = message_read(conf, state, &message, io);

		if (got != CHECKER_UP)
			return got;
		if (state->phase == PGSQL_SCRAM)
			next = pgsql_scram(conf, state, &message, io);
		else
			next = message_hear(conf, state, &message, io);
		if (state->phase != PGSQL_SCRAM)
			message_drop(state, &message, io);
	}
	return next;
}

/* The first byte decides, unless it begins an ErrorResponse. */
static enum checker_next encryption_hear(const struct pgsql_conf *conf,
	struct pgsql_state *state, struct checker_io *io)
{
	char byte;

	if (io->in_len == 0)
		return CHECKER_READ;
	byte = *io->in;
	if (byte == 'E')
		return pgsql_listen(conf, state, io);
	io->used = 1;
	if (byte == 'N' || byte == (conf->gss ? 'G' : 'S'))
		return verdict(state, io, NULL);
	return verdict(state, io, "not a PostgreSQL server");
}

static enum checker_next pgsql_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct pgsql_conf *conf = data;
	struct pgsql_state *state = memory;

	switch ((enum pgsql_phase)state->phase) {
	case PGSQL_BEGIN:
		return pgsql_begin(conf, state, io);
	case PGSQL_ENCRYPTION:
		return encryption_hear(conf, state, io);
	case PGSQL_LOGIN:
	case PGSQL_SCRAM:
	case PGSQL_QUERY:
		break;
	}
	return pgsql_listen(conf, state, io);
}

_Static_assert(sizeof(struct pgsql_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct pgsql_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct pgsql_conf),
	.state_size = sizeof(struct pgsql_state),
	.window = PGSQL_MESSAGE_MAX + PGSQL_HEADER + 1,
	.transport = CHECKER_TCP,
	.summary = "PostgreSQL's first answer, or login and optional query",
	.usage = "[-g] " SQL_USAGE,
	.configure = pgsql_configure,
	.step = pgsql_step,
};
