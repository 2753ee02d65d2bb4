// SPDX-License-Identifier: GPL-2.0-or-later
/* sip: OPTIONS over UDP or TCP (RFC 3261, 11); checks the status. */
#include "codes.h"
#include "line.h"
#include "lvsmon/checker.h"
#include "vector.h"

#include <strings.h>

#define SIP_URI_MAX 128
#define SIP_REQUEST_MAX 704
#define SIP_ANSWER_MAX 8192 /* bytes of an answer's head */
#define SIP_HEX 16          /* digits of a number */

/* Numbers in the request that differ between probes. */
enum sip_number {
	SIP_BRANCH,
	SIP_TAG,
	SIP_CALL,
	SIP_NUMBERS,
};

struct sip_conf {
	bool tcp;
	struct codes accepted;
	uint16_t at[SIP_NUMBERS]; /* indices in text[] */
	uint16_t len;
	char text[SIP_REQUEST_MAX];
};

struct sip_state {
	bool asked;
	uint32_t skip; /* bytes of a body that are still to come */
	uint16_t seen; /* bytes of the unused input that were seen before */
	char request[SIP_REQUEST_MAX];
};

/* The head of an answer. */
struct sip_answer {
	int code;
	bool ours;     /* the Call-ID is that of the request */
	size_t size;   /* bytes of the head */
	uint32_t body; /* bytes behind the head */
};

struct sip_options {
	const char *uri;
	const char *from;
};

/* RFC 3261, 19.1.1, without the characters that would end a header's part. */
static int uri_parse(const char **uri, int option, const struct refusal *to)
{
	size_t len = strlen(optarg);
	bool sip = strncasecmp(optarg, "sip:", 4) == 0 && len > 4;
	bool sips = strncasecmp(optarg, "sips:", 5) == 0 && len > 5;

	if ((!sip && !sips) || len > SIP_URI_MAX ||
		!option_is_word(optarg, len) || strpbrk(optarg, "<>\"?"))
		return refuse(to, "-%c: '%s' is not a SIP URI", option, optarg);
	*uri = optarg;
	return 0;
}

static int option_parse(struct sip_conf *conf, struct sip_options *options,
	int option, const struct refusal *to)
{
	switch (option) {
	case 'u':
		return uri_parse(&options->uri, option, to);
	case 'f':
		return uri_parse(&options->from, option, to);
	case 's':
		if (codes_parse(&conf->accepted, optarg, 200, 699) == 0)
			return 0;
		return refuse(to, "-s: bad status list '%s'", optarg);
	case 'T':
		conf->tcp = true;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

static void text_put(struct sip_conf *conf, const char *text)
{
	size_t len = strlen(text);

	memcpy(conf->text + conf->len, text, len);
	conf->len = (uint16_t)(conf->len + len);
}

/* Leaves room for a number. */
static void number_put(struct sip_conf *conf, enum sip_number number)
{
	conf->at[number] = conf->len;
	text_put(conf, "0000000000000000");
}

/* RFC 3261, 11.1. A server sends the answer to the source of the request
 * because of rport (RFC 3581), so the name in Via does not matter. */
static void request_write(
	struct sip_conf *conf, const struct sip_options *options)
{
	text_put(conf, "OPTIONS ");
	text_put(conf, options->uri);
	text_put(conf, " SIP/2.0\r\nVia: SIP/2.0/");
	text_put(conf, conf->tcp ? "TCP" : "UDP");
	text_put(conf, " localhost;rport;branch=z9hG4bK");
	number_put(conf, SIP_BRANCH);
	text_put(conf, "\r\nMax-Forwards: 70\r\nFrom: <");
	text_put(conf, options->from);
	text_put(conf, ">;tag=");
	number_put(conf, SIP_TAG);
	text_put(conf, "\r\nTo: <");
	text_put(conf, options->uri);
	text_put(conf, ">\r\nCall-ID: ");
	number_put(conf, SIP_CALL);
	text_put(conf, "\r\nCSeq: 1 OPTIONS\r\nAccept: application/sdp\r\n"
		       "User-Agent: lvsmon\r\nContent-Length: 0\r\n\r\n");
}

static int sip_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct sip_conf *conf = data;
	struct sip_options options = {
		.uri = "sip:localhost", .from = "sip:lvsmon@localhost"};
	int option;

	codes_parse(&conf->accepted, "200-299", 200, 699);
	while ((option = getopt(argc, argv, "+:u:f:s:T")) != -1)
		if (option_parse(conf, &options, option, &to) < 0)
			return -1;
	if (refuse_rest(&to, argc, argv) < 0)
		return -1;
	request_write(conf, &options);
	return 0;
}

static enum checker_next sip_ask(const struct sip_conf *conf,
	struct sip_state *state, struct checker_io *io)
{
	static const char digits[] = "0123456789abcdef";

	memcpy(state->request, conf->text, conf->len);
	for (size_t i = 0; i < SIP_NUMBERS; i++)
		for (unsigned int k = 0; k < SIP_HEX; k++)
			state->request[conf->at[i] + k] =
				digits[(io->random + i) >> 4 * k & 15];
	state->asked = true;
	io->out = state->request;
	io->out_len = conf->len;
	io->why = "waiting for the answer";
	return CHECKER_WRITE;
}

/* RFC 3261, 7.2: "SIP/2.0 200 OK". Returns the status, or -1. */
static int status_read(const struct line *line)
{
	static const char version[] = "SIP/2.0 ";
	size_t len = sizeof(version) - 1;
	int code;

	if (line->len < len + 3 || strncasecmp(line->text, version, len) != 0)
		return -1;
	code = codes_number(line->text + len);
	if (line->len > len + 3 && line->text[len + 3] != ' ')
		return -1;
	return code >= 100 && code <= 699 ? code : -1;
}

/* RFC 3261, 7.3.1 and 7.3.3: the value of a header that has a long or a short
 * name. Returns its length, or 0 if the line is another header. */
static size_t header_value(const struct line *line, const char *name,
	const char *brief, const char **value)
{
	const char *end = line->text + line->len;
	const char *colon = memchr(line->text, ':', line->len);
	const char *at = colon;

	if (!colon)
		return 0;
	while (at > line->text && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	if (strncasecmp(line->text, name, (size_t)(at - line->text)) == 0 &&
		strlen(name) == (size_t)(at - line->text))
		brief = NULL;
	else if (at - line->text != 1 || strncasecmp(line->text, brief, 1) != 0)
		return 0;
	for (at = colon + 1; at < end && (*at == ' ' || *at == '\t'); at++)
		;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*value = at;
	return (size_t)(end - at);
}

/* Returns false if the header is malformed. */
static bool header_read(const struct sip_conf *conf,
	const struct sip_state *state, const struct line *line,
	struct sip_answer *answer)
{
	const char *value;
	size_t len = header_value(line, "Call-ID", "i", &value);
	char digits[10] = "";

	if (len == SIP_HEX &&
		memcmp(value, state->request + conf->at[SIP_CALL], len) == 0)
		answer->ours = true;
	len = header_value(line, "Content-Length", "l", &value);
	if (len == 0)
		return true;
	if (len >= sizeof(digits))
		return false;
	memcpy(digits, value, len);
	return option_number(digits, 0, UINT32_MAX, &answer->body) == 0;
}

/* Reads the head of an answer. Returns UP if it is complete, READ if it is not,
 * or DOWN if it is malformed. */
static enum checker_next head_read(const struct sip_conf *conf,
	const struct sip_state *state, const struct checker_io *io,
	struct sip_answer *answer)
{
	const char *at = io->in + io->used;
	size_t left = io->in_len - io->used;
	struct line line;

	if (left > SIP_ANSWER_MAX)
		left = SIP_ANSWER_MAX;
	*answer = (struct sip_answer){0};
	while (line_first(&line, at, left)) {
		at += line.size;
		left -= line.size;
		answer->size += line.size;
		if (line.len == 0 && answer->code > 0)
			return CHECKER_UP;
		/* RFC 3261, 7.5: empty lines may precede a message. */
		if (line.len == 0)
			continue;
		if (answer->code == 0)
			answer->code = status_read(&line);
		else if (!header_read(conf, state, &line, answer))
			return CHECKER_DOWN;
		if (answer->code < 0)
			return CHECKER_DOWN;
	}
	return CHECKER_READ;
}

static enum checker_next down(struct checker_io *io, const char *why)
{
	io->why = why;
	return CHECKER_DOWN;
}

/* Judges an answer to the request. A provisional one is followed by others. */
static enum checker_next status_judge(const struct sip_conf *conf,
	const struct sip_answer *answer, struct checker_io *io)
{
	if (answer->code < 200) {
		io->why = "waiting for the final answer";
		return CHECKER_READ;
	}
	io->code = answer->code;
	if (codes_has(&conf->accepted, (unsigned int)answer->code))
		return CHECKER_UP;
	return down(io, "unexpected status");
}

/* Anybody can send a datagram, so that another message is no evidence. */
static enum checker_next datagram_hear(const struct sip_conf *conf,
	const struct sip_state *state, struct checker_io *io)
{
	struct sip_answer answer;

	if (head_read(conf, state, io, &answer) == CHECKER_UP && answer.ours)
		return status_judge(conf, &answer, io);
	return CHECKER_READ;
}

/* Skips the rest of a body. Returns whether all of it has come. */
static bool body_skip(struct sip_state *state, struct checker_io *io)
{
	size_t len = io->in_len - io->used;

	if (len > state->skip)
		len = state->skip;
	io->used += len;
	state->skip -= (uint32_t)len;
	return state->skip == 0;
}

/* Whether a line has ended since the last step, or the input is full. Otherwise
 * reading the head again has the same result. */
static bool has_news(struct sip_state *state, const struct checker_io *io)
{
	const char *in = io->in + io->used;
	size_t len = io->in_len - io->used;
	size_t seen = state->seen;

	state->seen = (uint16_t)(len < SIP_ANSWER_MAX ? len : 0);
	return len >= SIP_ANSWER_MAX || memchr(in + seen, '\n', len - seen);
}

static enum checker_next stream_hear(const struct sip_conf *conf,
	struct sip_state *state, struct checker_io *io)
{
	struct sip_answer answer;
	enum checker_next next;

	while (body_skip(state, io) && has_news(state, io)) {
		next = head_read(conf, state, io, &answer);
		if (next == CHECKER_DOWN)
			return down(io, "not a SIP answer");
		if (next == CHECKER_READ &&
			io->in_len - io->used >= SIP_ANSWER_MAX)
			return down(io, "answer too long");
		if (next == CHECKER_READ)
			return CHECKER_READ;
		if (!answer.ours)
			return down(io, "not the answer to the request");
		next = status_judge(conf, &answer, io);
		if (next != CHECKER_READ)
			return next;
		io->used += answer.size;
		state->seen = 0;
		state->skip = answer.body;
	}
	return CHECKER_READ;
}

static enum checker_next sip_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct sip_conf *conf = data;
	struct sip_state *state = memory;

	if (!state->asked)
		return sip_ask(conf, state, io);
	return conf->tcp ? stream_hear(conf, state, io)
			 : datagram_hear(conf, state, io);
}

static enum checker_transport sip_transport(const void *data)
{
	const struct sip_conf *conf = data;

	return conf->tcp ? CHECKER_TCP : CHECKER_UDP;
}

_Static_assert(sizeof(struct sip_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct sip_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct sip_conf),
	.state_size = sizeof(struct sip_state),
	.window = SIP_ANSWER_MAX,
	.transport = CHECKER_UDP,
	.summary = "SIP OPTIONS over UDP or TCP, status",
	.usage = "[-u uri] [-f uri] [-s codes] [-T]",
	.configure = sip_configure,
	.transport_of = sip_transport,
	.step = sip_step,
};
