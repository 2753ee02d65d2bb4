// SPDX-License-Identifier: GPL-2.0-or-later
/* dns: one question over UDP or TCP; checks the code and the records. */
#include "dns_conf.h"

#include <string.h>

#define PREFIX_SIZE 2 /* of a message over TCP (RFC 1035, 4.2.2) */
#define FLAG_RD 0x0100
#define CLASS_IN 1

struct dns_state {
	bool asked;
	/* The prefix, which UDP does not send, and the message. */
	uint8_t query[PREFIX_SIZE + DNS_QUERY_MAX];
};

static enum checker_next dns_ask(const struct dns_conf *conf,
	struct dns_state *state, struct checker_io *io)
{
	uint8_t *message = state->query + PREFIX_SIZE;
	uint8_t *end = message + DNS_HEADER_SIZE + conf->name_len;
	size_t len = (size_t)(end + 4 - message);

	dns_put(state->query, (unsigned int)len);
	dns_put(message, (unsigned int)(io->random & 0xffff));
	dns_put(message + 2, FLAG_RD);
	dns_put(message + 4, 1); /* questions */
	memcpy(message + DNS_HEADER_SIZE, conf->name, conf->name_len);
	dns_put(end, conf->type);
	dns_put(end + 2, CLASS_IN);
	state->asked = true;
	io->out = conf->tcp ? state->query : message;
	io->out_len = conf->tcp ? len + PREFIX_SIZE : len;
	io->why = "waiting for the answer";
	return CHECKER_WRITE;
}

static enum checker_next down(struct checker_io *io, const char *why)
{
	io->why = why;
	return CHECKER_DOWN;
}

/* Finds the message in the input. Returns UP if it is whole, READ or DOWN. */
static enum checker_next message_take(const struct dns_conf *conf,
	struct dns_message *message, struct checker_io *io)
{
	message->bytes = (const uint8_t *)io->in;
	message->len = io->in_len;
	if (!conf->tcp)
		return CHECKER_UP;
	if (io->in_len < PREFIX_SIZE)
		return CHECKER_READ;
	message->len = dns_number(message->bytes);
	message->bytes += PREFIX_SIZE;
	if (message->len > DNS_ANSWER_MAX)
		return down(io, "answer too long");
	return io->in_len - PREFIX_SIZE < message->len ? CHECKER_READ
						       : CHECKER_UP;
}

/* RFC 5452, 9.1: over UDP anybody can send an answer to another query, which
 * is no evidence. */
static enum checker_next answer_judge(const struct dns_conf *conf,
	const struct dns_state *state, const struct dns_message *message,
	struct checker_io *io)
{
	const char *why = NULL;

	switch (dns_judge(
		conf, state->query + PREFIX_SIZE, message, &why, &io->code)) {
	case DNS_GOOD:
		return CHECKER_UP;
	case DNS_BAD:
		return down(io, why);
	case DNS_OTHER:
		break;
	}
	return conf->tcp ? down(io, "not the answer to the question")
			 : CHECKER_READ;
}

static enum checker_next dns_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct dns_conf *conf = data;
	struct dns_state *state = memory;
	struct dns_message message;
	enum checker_next next;

	if (!state->asked)
		return dns_ask(conf, state, io);
	next = message_take(conf, &message, io);
	if (next != CHECKER_UP)
		return next;
	return answer_judge(conf, state, &message, io);
}

static enum checker_transport dns_transport(const void *data)
{
	const struct dns_conf *conf = data;

	return conf->tcp ? CHECKER_TCP : CHECKER_UDP;
}

_Static_assert(sizeof(struct dns_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct dns_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct dns_conf),
	.state_size = sizeof(struct dns_state),
	.window = PREFIX_SIZE + DNS_ANSWER_MAX,
	.transport = CHECKER_UDP,
	.summary = "DNS question over UDP or TCP, code and records",
	.usage = "[-n name] [-t type] [-a data]... [-r codes] [-e] [-T]",
	.configure = dns_configure,
	.transport_of = dns_transport,
	.step = dns_step,
};
