// SPDX-License-Identifier: GPL-2.0-or-later
/* http: one HTTP/1.x request; judges the status, the header and the body. */
#include "http_conf.h"

static bool has_body(const struct http_conf *conf, unsigned int status)
{
	return !conf->head && status >= 200 && status != 204 && status != 304;
}

/* Counts bytes of the head. Returns false if the head is too long. */
static bool head_spend(struct http_state *state, size_t size)
{
	state->head.size += (uint32_t)size;
	return state->head.size <= HTTP_HEAD_MAX;
}

static enum http_turn status_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	const char *in = http_rest(io, &len);
	struct line line;
	const char *why;

	if (!line_first(&line, in, len)) {
		if (len > HTTP_LINE_MAX)
			return http_bad(state, io, "status line too long");
		return HTTP_MORE;
	}
	if (line.size > HTTP_LINE_MAX)
		return http_bad(state, io, "status line too long");
	why = http_status_line(state, &line);
	if (why)
		return http_bad(state, io, why);
	if (!head_spend(state, line.size))
		return http_bad(state, io, "header too long");
	if ((state->status < 100 || state->status >= 200 ||
		    state->status == 101) &&
		!codes_has(&conf->accepted, state->status))
		return http_bad(state, io, "unexpected status");
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
	if (++state->head.interim > HTTP_INTERIM_MAX)
		return http_bad(state, io, "too many interim answers");
	state->status = 0;
	state->head.fields = 0;
	state->head.fault = HTTP_NO_FAULT;
	state->has_length = false;
	state->chunked = false;
	state->phase = HTTP_STATUS;
	io->why = "waiting for the final answer";
	return HTTP_GO;
}

/* Returns NULL, or why the header is not the one that -R expects. */
static const char *headers_judge(
	const struct http_judges *judges, const struct http_head *head)
{
	unsigned int all = (1U << judges->header_count) - 1;

	if (head->present != all)
		return "expected header is missing";
	return head->expected == all ? NULL : "unexpected text in a header";
}

static enum http_turn head_end(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	const char *why = NULL;

	if (state->status < 200 && state->status != 101)
		return interim_end(state, io);
	if (conf->judges)
		why = headers_judge(conf->judges, &state->head);
	if (why)
		return http_bad(state, io, why);
	if (!conf->reads)
		return http_good(state, io);
	return http_body_begin(conf, state, io, has_body(conf, state->status));
}

static enum http_turn fields_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	const char *in = http_rest(io, &len);
	struct line line;
	size_t size;
	const char *why;

	if (line_first(&line, in, len) && line.len == 0) {
		io->used += line.size;
		return head_end(conf, state, io);
	}
	size = field_size(in, len);
	if (size > HTTP_LINE_MAX || (size == 0 && len > HTTP_LINE_MAX))
		return http_bad(state, io, "header line too long");
	if (size == 0)
		return HTTP_MORE;
	if (++state->head.fields > HTTP_FIELDS_MAX)
		return http_bad(state, io, "too many header lines");
	if (!head_spend(state, size))
		return http_bad(state, io, "header too long");
	io->used += size;
	size -= size > 1 && in[size - 2] == '\r' ? 2 : 1;
	why = http_field(conf, state, in, size);
	return why ? http_bad(state, io, why) : HTTP_GO;
}

static enum http_turn any_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	if (state->phase == HTTP_STATUS)
		return status_turn(conf, state, io);
	if (state->phase == HTTP_FIELDS)
		return fields_turn(conf, state, io);
	return http_body_turn(conf, state, io);
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
	.summary = "HTTP/1.x request: status, header and body",
	.usage = "[-u path|URL] [-H host] [-m method] [-v 1.0|1.1] [-s codes] "
		 "[-e text] [-E text] [-x regex] [-X regex] [-P] "
		 "[-D md5:hex|sha256:hex] [-w] [-l bytes] [-R 'name: text']... "
		 "[-W name] [-a header]... [-A user:password] "
		 "[-U user:password] [-p] [-d text | -F file]",
	.configure = http_configure,
	.release = http_release,
	.port = http_port,
	.transport_of = http_transport,
	.host = http_host,
	.step = http_step,
};
