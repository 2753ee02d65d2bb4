// SPDX-License-Identifier: GPL-2.0-or-later
/* ldap: a simple bind, a search for one entry, or both, and an unbind. */
#include "ber.h"
#include "lvsmon/checker.h"
#include "secret.h"
#include "vector.h"

#define LDAP_DN_MAX 1024
#define LDAP_REQUEST_MAX (LDAP_DN_MAX + SECRET_MAX + 64)
/* Bytes of a message. The entry of a search comes without attributes. */
#define LDAP_MESSAGE_MAX 8192
#define LDAP_MESSAGES_MAX 64 /* in one answer */

/* RFC 4511, 4: the tags of the operations. */
#define LDAP_BIND 0x60
#define LDAP_BIND_RESPONSE 0x61
#define LDAP_SEARCH 0x63
#define LDAP_ENTRY 0x64
#define LDAP_DONE 0x65
#define LDAP_REFERENCE 0x73
#define LDAP_EXTENDED_RESPONSE 0x78
#define LDAP_INTERMEDIATE 0x79

/* RFC 4511, 4.2: the choice of a simple bind; 4.5.1: of a filter "present". */
#define LDAP_SIMPLE 0x80
#define LDAP_PRESENT 0x87
#define LDAP_BOOLEAN 0x01

/* The ids of the messages. An id of 0 is the server's own (4.4). */
#define ID_SERVER 0
#define ID_BIND 1
#define ID_SEARCH 2

struct request {
	uint16_t len; /* bytes; 0 = not sent */
	uint8_t bytes[LDAP_REQUEST_MAX];
};

struct ldap_conf {
	struct request bind;
	struct request search;
};

struct ldap_options {
	const char *dn;
	const char *base;
	const char *file;
	char password[SECRET_MAX + 1];
};

struct ldap_state {
	uint8_t asked;    /* ID_BIND or ID_SEARCH; 0 = nothing */
	uint8_t messages; /* of the current answer so far */
	bool has_entry;
};

/* An answer of the server. */
struct answer {
	size_t size; /* bytes of the message */
	int64_t id;
	uint8_t tag;
	const uint8_t *body;
	size_t len;
};

struct reason {
	int code;
	const char *why;
};

/* RFC 4511, 4.3: UnbindRequest. */
static const uint8_t unbind[] = {0x30, 5, 2, 1, 3, 0x42, 0};

/* RFC 4511, 4.1.9 and A.2. */
static const struct reason reasons[] = {
	{8, "server requires a stronger authentication"},
	{13, "server requires TLS"},
	{32, "no such entry"},
	{34, "invalid name"},
	{48, "method of authentication refused"},
	{49, "authentication failed"},
	{50, "access denied"},
	{51, "server is busy"},
	{52, "server is unavailable"},
	{53, "server is unwilling"},
};

static struct ber_writer request_begin(struct request *request, uint8_t id)
{
	struct ber_writer writer = {.at = request->bytes};

	ber_put_number(&writer, BER_INTEGER, id);
	return writer;
}

static void request_end(struct request *request, struct ber_writer *writer)
{
	ber_wrap(writer, BER_SEQUENCE, 0);
	request->len = (uint16_t)writer->len;
}

/* RFC 4511, 4.2: version 3, the name, and the password. */
static void bind_write(
	struct request *request, const char *dn, const char *password)
{
	struct ber_writer writer = request_begin(request, ID_BIND);
	size_t from = writer.len;

	ber_put_number(&writer, BER_INTEGER, 3);
	ber_put(&writer, BER_OCTETS, dn, strlen(dn));
	ber_put(&writer, LDAP_SIMPLE, password, strlen(password));
	ber_wrap(&writer, LDAP_BIND, from);
	request_end(request, &writer);
}

/* RFC 4511, 4.5.1: the base alone, no aliases, no limits, types only, the
 * filter (objectClass=*), and no attribute ("1.1", 4.5.1.8). */
static void search_write(struct request *request, const char *base)
{
	struct ber_writer writer = request_begin(request, ID_SEARCH);
	size_t from = writer.len;
	size_t attributes;

	ber_put(&writer, BER_OCTETS, base, strlen(base));
	ber_put_number(&writer, BER_ENUMERATED, 0);
	ber_put_number(&writer, BER_ENUMERATED, 0);
	ber_put_number(&writer, BER_INTEGER, 0);
	ber_put_number(&writer, BER_INTEGER, 0);
	ber_put(&writer, LDAP_BOOLEAN, "\xff", 1);
	ber_put(&writer, LDAP_PRESENT, "objectClass", 11);
	attributes = writer.len;
	ber_put(&writer, BER_OCTETS, "1.1", 3);
	ber_wrap(&writer, BER_SEQUENCE, attributes);
	ber_wrap(&writer, LDAP_SEARCH, from);
	request_end(request, &writer);
}

/* RFC 4513, 4: a session is anonymous without a bind too. */
static void requests_write(
	struct ldap_conf *conf, const struct ldap_options *options)
{
	if (options->dn || !options->base)
		bind_write(&conf->bind, options->dn ? options->dn : "",
			options->password);
	if (options->base)
		search_write(&conf->search, options->base);
}

static int name_parse(const char **name, int option, const struct refusal *to)
{
	if (strlen(optarg) > LDAP_DN_MAX)
		return refuse(
			to, "-%c: more than %d bytes", option, LDAP_DN_MAX);
	*name = optarg;
	return 0;
}

static int option_parse(
	struct ldap_options *options, int option, const struct refusal *to)
{
	switch (option) {
	case 'D':
		if (optarg[0] == '\0')
			return refuse(to, "-D: a name cannot be empty");
		return name_parse(&options->dn, option, to);
	case 'b':
		return name_parse(&options->base, option, to);
	case 'P':
		options->file = optarg;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

/* RFC 4513, 5.1.2: a bind with a name and without a password proves nothing,
 * so both must be there. */
static int vector_parse(struct ldap_options *options, int argc, char **argv,
	const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:D:P:b:")) != -1)
		if (option_parse(options, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	if (options->dn && !options->file)
		return refuse(to, "-D needs -P");
	if (!options->dn && options->file)
		return refuse(to, "-P needs -D");
	if (!options->file)
		return 0;
	return secret_read(options->file, 'P', options->password, to) < 0 ? -1
									  : 0;
}

static int ldap_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct ldap_options options = {.dn = NULL};
	struct ldap_conf *conf = data;
	int result = vector_parse(&options, argc, argv, &to);

	if (result == 0)
		requests_write(conf, &options);
	explicit_bzero(options.password, sizeof(options.password));
	return result;
}

static enum checker_next verdict(struct checker_io *io, const char *why)
{
	io->out = unbind;
	io->out_len = sizeof(unbind);
	io->why = why;
	return why ? CHECKER_DOWN : CHECKER_UP;
}

static enum checker_next ldap_ask(struct ldap_state *state,
	struct checker_io *io, uint8_t id, const struct request *request,
	const char *why)
{
	state->asked = id;
	state->messages = 0;
	io->out = request->bytes;
	io->out_len = request->len;
	io->why = why;
	return CHECKER_WRITE;
}

static enum checker_next ldap_search(const struct ldap_conf *conf,
	struct ldap_state *state, struct checker_io *io)
{
	return ldap_ask(state, io, ID_SEARCH, &conf->search,
		"waiting for the result of the search");
}

static enum checker_next ldap_begin(const struct ldap_conf *conf,
	struct ldap_state *state, struct checker_io *io)
{
	if (conf->bind.len == 0)
		return ldap_search(conf, state, io);
	return ldap_ask(state, io, ID_BIND, &conf->bind,
		"waiting for the answer to the bind");
}

static enum checker_next wrong(struct checker_io *io)
{
	io->why = "not an LDAP answer";
	return CHECKER_DOWN;
}

/* Reads the result's code, which is the first value of a body. Returns it, or
 * -1. */
static int result_code(const struct answer *answer)
{
	const uint8_t *at = answer->body;
	size_t len = answer->len;
	int64_t code = ber_take_number(BER_ENUMERATED, &at, &len);

	return code > INT32_MAX ? -1 : (int)code;
}

static enum checker_next refusal_hear(
	struct checker_io *io, int code, const char *why)
{
	io->code = code;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].code == code)
			why = reasons[i].why;
	return verdict(io, why);
}

/* RFC 4511, 4.4.1: a notice that the server is about to close. */
static enum checker_next notice_hear(
	const struct answer *answer, struct checker_io *io)
{
	int code = result_code(answer);

	if (answer->tag != LDAP_EXTENDED_RESPONSE || code < 0)
		return wrong(io);
	return refusal_hear(io, code, "server disconnects");
}

static enum checker_next bind_hear(const struct ldap_conf *conf,
	struct ldap_state *state, const struct answer *answer,
	struct checker_io *io)
{
	int code = result_code(answer);

	if (answer->tag != LDAP_BIND_RESPONSE || code < 0)
		return wrong(io);
	if (code != 0)
		return refusal_hear(io, code, "bind refused");
	if (conf->search.len == 0)
		return verdict(io, NULL);
	return ldap_search(conf, state, io);
}

/* Returns READ if more messages follow. */
static enum checker_next search_hear(struct ldap_state *state,
	const struct answer *answer, struct checker_io *io)
{
	int code;

	switch (answer->tag) {
	case LDAP_ENTRY:
		state->has_entry = true;
		return CHECKER_READ;
	case LDAP_REFERENCE:
	case LDAP_INTERMEDIATE:
		return CHECKER_READ;
	case LDAP_DONE:
		break;
	default:
		return wrong(io);
	}
	code = result_code(answer);
	if (code < 0)
		return wrong(io);
	if (code != 0)
		return refusal_hear(io, code, "search refused");
	return verdict(io, state->has_entry ? NULL : "no such entry");
}

static enum checker_next answer_hear(const struct ldap_conf *conf,
	struct ldap_state *state, const struct answer *answer,
	struct checker_io *io)
{
	if (answer->id == ID_SERVER)
		return notice_hear(answer, io);
	if (answer->id != state->asked)
		return wrong(io);
	if (++state->messages > LDAP_MESSAGES_MAX) {
		io->why = "too many messages";
		return CHECKER_DOWN;
	}
	if (state->asked == ID_BIND)
		return bind_hear(conf, state, answer, io);
	return search_hear(state, answer, io);
}

/* RFC 4511, 4.1.1: a sequence of id, operation and optional controls. Returns
 * 0, or -1 if the message is not one. */
static int answer_open(struct answer *answer, const struct ber *message)
{
	const uint8_t *at = message->data;
	size_t len = message->len;
	struct ber operation;

	answer->size = message->size;
	answer->id = ber_take_number(BER_INTEGER, &at, &len);
	if (answer->id < 0 || ber_take(&operation, &at, &len) < 0)
		return -1;
	answer->tag = operation.tag;
	answer->body = operation.data;
	answer->len = operation.len;
	return 0;
}

/* Reads the next message. Returns UP if it is there, READ, or DOWN. */
static enum checker_next answer_read(
	struct answer *answer, struct checker_io *io)
{
	const uint8_t *in = (const uint8_t *)io->in + io->used;
	size_t have = io->in_len - io->used;
	struct ber message;
	enum ber_found found = ber_head(&message, in, have);

	if (have > 0 && in[0] != BER_SEQUENCE)
		return wrong(io);
	if (found == BER_SHORT)
		return CHECKER_READ;
	if (found == BER_WRONG)
		return wrong(io);
	if (message.size > LDAP_MESSAGE_MAX) {
		io->why = "message too long";
		return CHECKER_DOWN;
	}
	if (have < message.size)
		return CHECKER_READ;
	return answer_open(answer, &message) < 0 ? wrong(io) : CHECKER_UP;
}

static enum checker_next ldap_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct ldap_conf *conf = data;
	struct ldap_state *state = memory;
	enum checker_next next = CHECKER_READ;

	if (state->asked == 0)
		return ldap_begin(conf, state, io);
	while (next == CHECKER_READ) {
		struct answer answer;
		enum checker_next got = answer_read(&answer, io);

		if (got != CHECKER_UP)
			return got;
		next = answer_hear(conf, state, &answer, io);
		io->used += answer.size;
	}
	return next;
}

_Static_assert(sizeof(struct ldap_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct ldap_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct ldap_conf),
	.state_size = sizeof(struct ldap_state),
	.window = LDAP_MESSAGE_MAX,
	.transport = CHECKER_TCP,
	.summary = "LDAP bind, or search for one entry, or both",
	.usage = "[-D dn -P file] [-b base]",
	.configure = ldap_configure,
	.step = ldap_step,
};
