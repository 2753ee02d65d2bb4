// SPDX-License-Identifier: GPL-2.0-or-later
/* http: one HTTP/1.x request; checks the status and searches the body. */
#include "http_conf.h"

/* The result of one phase. */
enum http_turn {
	HTTP_GO,   /* continue: the phase has used input or is complete */
	HTTP_MORE, /* the phase needs more input */
	HTTP_GOOD,
	HTTP_BAD,
};

static const char WHY_NOT_FOUND[] = "text not in the body";
static const char WHY_LIMIT[] = "text not in the searched part of the body";
static const char WHY_LONG[] = "header line too long";

/* Returns the input that this step has not used yet, *len bytes. */
static const char *rest(const struct checker_io *io, size_t *len)
{
	*len = io->in_len - io->used;
	return io->in + io->used;
}

static enum http_turn bad(
	const struct http_state *state, struct checker_io *io, const char *why)
{
	io->why = why;
	io->code = state->status;
	return HTTP_BAD;
}

static enum http_turn good(
	const struct http_state *state, struct checker_io *io)
{
	io->code = state->status;
	return HTTP_GOOD;
}

static bool has_body(const struct http_conf *conf, unsigned int status)
{
	return !conf->head && status >= 200 && status != 204 && status != 304;
}

/* Counts bytes of the head. Returns false if the head is too long. */
static bool head_spend(struct http_state *state, size_t size)
{
	state->head_size += (uint32_t)size;
	return state->head_size <= HTTP_HEAD_MAX;
}

static enum http_turn status_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	const char *in = rest(io, &len);
	struct line line;
	const char *why;

	if (!line_first(&line, in, len)) {
		if (len > HTTP_LINE_MAX)
			return bad(state, io, "status line too long");
		return HTTP_MORE;
	}
	if (line.size > HTTP_LINE_MAX)
		return bad(state, io, "status line too long");
	why = http_status_line(state, &line);
	if (why)
		return bad(state, io, why);
	if (!head_spend(state, line.size))
		return bad(state, io, "header too long");
	if ((state->status < 100 || state->status >= 200 ||
		    state->status == 101) &&
		!codes_has(&conf->accepted, state->status))
		return bad(state, io, "unexpected status");
	io->used += line.size;
	io->why = "waiting for the end of the header";
	state->phase = HTTP_FIELDS;
	return HTTP_GO;
}

/* RFC 9112, 5.2: returns the bytes of a field line with its folded lines, or 0
 * if more input is needed. Only the byte after a line end shows whether the
 * next line is folded. */
static size_t field_size(const char *in, size_t len)
{
	const char *end = memchr(in, '\n', len);

	while (end) {
		size_t size = (size_t)(end - in) + 1;

		if (size == len)
			return 0;
		if (in[size] != ' ' && in[size] != '\t')
			return size;
		end = memchr(in + size, '\n', len - size);
	}
	return 0;
}

/* Forgets an interim answer; the next answer follows. */
static enum http_turn interim_end(
	struct http_state *state, struct checker_io *io)
{
	if (++state->interim > HTTP_INTERIM_MAX)
		return bad(state, io, "too many interim answers");
	state->status = 0;
	state->fields = 0;
	state->has_length = false;
	state->chunked = false;
	state->phase = HTTP_STATUS;
	io->why = "waiting for the final answer";
	return HTTP_GO;
}

static enum http_turn head_end(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	const char *why = NULL;

	if (state->status < 200 && state->status != 101)
		return interim_end(state, io);
	if (has_body(conf, state->status))
		why = http_framing(state);
	if (why)
		return bad(state, io, why);
	if (!conf->needle)
		return good(state, io);
	if (!has_body(conf, state->status) ||
		(state->has_length && state->length == 0))
		return bad(state, io, WHY_NOT_FOUND);
	state->left = state->has_length ? state->length : UINT64_MAX;
	state->body_left = conf->body_max;
	state->phase = state->chunked ? HTTP_CHUNK_SIZE : HTTP_DATA;
	io->why = "waiting for text in the body";
	return HTTP_GO;
}

static enum http_turn fields_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	const char *in = rest(io, &len);
	struct line line;
	size_t size;
	const char *why;

	if (line_first(&line, in, len) && line.len == 0) {
		io->used += line.size;
		return head_end(conf, state, io);
	}
	size = field_size(in, len);
	if (size > HTTP_LINE_MAX || (size == 0 && len > HTTP_LINE_MAX))
		return bad(state, io, WHY_LONG);
	if (size == 0)
		return HTTP_MORE;
	if (++state->fields > HTTP_FIELDS_MAX)
		return bad(state, io, "too many header lines");
	if (!head_spend(state, size))
		return bad(state, io, "header too long");
	io->used += size;
	size -= size > 1 && in[size - 2] == '\r' ? 2 : 1;
	why = http_field(state, in, size);
	return why ? bad(state, io, why) : HTTP_GO;
}

/* Searches with the algorithm of Knuth, Morris and Pratt. state->matched is all
 * that it remembers between calls. */
static bool needle_found(const struct http_conf *conf, struct http_state *state,
	const char *data, size_t len)
{
	uint16_t matched = state->matched;

	for (size_t i = 0; i < len; i++) {
		while (matched > 0 && data[i] != conf->needle[matched])
			matched = conf->border[matched];
		if (data[i] == conf->needle[matched])
			matched++;
		if (matched == conf->needle_len)
			return true;
	}
	state->matched = matched;
	return false;
}

static size_t at_most(size_t a, uint64_t b)
{
	return a < b ? a : (size_t)b;
}

static enum http_turn data_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	const char *in = rest(io, &len);
	bool endless = !state->chunked && !state->has_length;
	bool over = io->eof && endless && len < state->body_left;

	len = at_most(at_most(len, state->left), state->body_left);
	io->used += len;
	state->body_left -= (uint32_t)len;
	if (!endless)
		state->left -= len;
	if (needle_found(conf, state, in, len))
		return good(state, io);
	if (over || (state->left == 0 && !state->chunked))
		return bad(state, io, WHY_NOT_FOUND);
	if (state->body_left == 0)
		return bad(state, io, WHY_LIMIT);
	if (state->left > 0)
		return HTTP_MORE;
	state->phase = HTTP_CHUNK_END;
	return HTTP_GO;
}

/* Takes a line between chunks. The line counts against body_max. */
static enum http_turn chunk_line(
	struct http_state *state, struct checker_io *io, struct line *line)
{
	size_t len;
	const char *in = rest(io, &len);
	bool whole = line_first(line, in, len);

	if (whole ? line->size > HTTP_LINE_MAX : len > HTTP_LINE_MAX)
		return bad(state, io, "chunk size too long");
	if (!whole)
		return HTTP_MORE;
	if (line->size >= state->body_left)
		return bad(state, io, WHY_LIMIT);
	state->body_left -= (uint32_t)line->size;
	io->used += line->size;
	return HTTP_GO;
}

static enum http_turn size_turn(struct http_state *state, struct checker_io *io)
{
	struct line line;
	enum http_turn turn = chunk_line(state, io, &line);

	if (turn != HTTP_GO)
		return turn;
	if (http_chunk_size(&line, &state->left) < 0)
		return bad(state, io, "bad chunk size");
	if (state->left == 0)
		return bad(state, io, WHY_NOT_FOUND);
	state->phase = HTTP_DATA;
	return HTTP_GO;
}

static enum http_turn chunk_end_turn(
	struct http_state *state, struct checker_io *io)
{
	struct line line;
	enum http_turn turn = chunk_line(state, io, &line);

	if (turn != HTTP_GO)
		return turn;
	if (line.len > 0 || !line.crlf)
		return bad(state, io, "bad end of a chunk");
	state->phase = HTTP_CHUNK_SIZE;
	return HTTP_GO;
}

static enum http_turn any_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	switch ((enum http_phase)state->phase) {
	case HTTP_STATUS:
		return status_turn(conf, state, io);
	case HTTP_FIELDS:
		return fields_turn(conf, state, io);
	case HTTP_DATA:
		return data_turn(conf, state, io);
	case HTTP_CHUNK_SIZE:
		return size_turn(state, io);
	case HTTP_CHUNK_END:
		return chunk_end_turn(state, io);
	case HTTP_REQUEST:
		break;
	}
	return bad(state, io, "internal error");
}

static enum checker_next http_step(
	const void *conf, void *data, struct checker_io *io)
{
	const struct http_conf *http = conf;
	struct http_state *state = data;
	enum http_turn result;

	if (state->phase == HTTP_REQUEST) {
		state->phase = HTTP_STATUS;
		io->out = http->request;
		io->out_len = http->request_len;
		io->why = "waiting for the status line";
		return CHECKER_WRITE;
	}
	do
		result = any_turn(http, state, io);
	while (result == HTTP_GO);
	if (result == HTTP_MORE)
		return CHECKER_READ;
	return result == HTTP_GOOD ? CHECKER_UP : CHECKER_DOWN;
}

static uint16_t http_port(const void *conf)
{
	const struct http_conf *http = conf;

	return http->port;
}

static enum checker_transport http_transport(const void *conf)
{
	const struct http_conf *http = conf;

	return http->tls_host ? CHECKER_TLS : CHECKER_TCP;
}

static const char *http_host(const void *conf)
{
	const struct http_conf *http = conf;

	return http->tls_host;
}

_Static_assert(sizeof(struct http_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct http_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct http_conf),
	.state_size = sizeof(struct http_state),
	.window = HTTP_LINE_MAX + 1,
	.transport = CHECKER_TCP,
	.summary = "HTTP/1.x request: status, and text in the body",
	.usage = "[-u path|URL] [-H host] [-m method] [-v 1.0|1.1] [-s codes] "
		 "[-e text] [-l bytes] [-a header]... [-A user:password]",
	.configure = http_configure,
	.release = http_release,
	.port = http_port,
	.transport_of = http_transport,
	.host = http_host,
	.step = http_step,
};
