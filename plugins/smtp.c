// SPDX-License-Identifier: GPL-2.0-or-later
/* smtp: greeting, EHLO or HELO, optional MAIL and RCPT, QUIT; never DATA. */
#include "codes.h"
#include "line.h"
#include "lvsmon/checker.h"
#include "vector.h"

/* RFC 5321, 4.5.3.1 limits a domain and a path to these lengths. It limits a
 * reply line to 512 bytes, but some servers send longer lines. */
#define SMTP_DOMAIN_MAX 255
#define SMTP_ADDRESS_MAX 254
#define SMTP_COMMAND_MAX 288
#define SMTP_LINE_MAX 2048
#define SMTP_REPLY_MAX 128 /* lines in one reply */

struct command {
	uint16_t len; /* bytes; 0 = not sent */
	char text[SMTP_COMMAND_MAX];
};

struct smtp_conf {
	struct codes greeting;
	struct codes hello;
	struct codes mail;
	struct codes rcpt;
	struct command ehlo;
	struct command helo;
	struct command mail_from;
	struct command rcpt_to;
};

enum smtp_phase {
	SMTP_GREETING,
	SMTP_EHLO,
	SMTP_HELO,
	SMTP_MAIL,
	SMTP_RCPT,
};

struct smtp_state {
	uint16_t code;  /* code of the current reply; 0 = no line yet */
	uint16_t lines; /* lines of the current reply so far */
	uint8_t phase;  /* enum smtp_phase: the reply that is awaited */
};

static const char quit[] = "QUIT\r\n";

static int domain_parse(
	struct smtp_conf *conf, const char *name, const struct refusal *to)
{
	size_t len = strlen(name);

	if (len == 0 || len > SMTP_DOMAIN_MAX || !option_is_word(name, len))
		return refuse(to, "-h: '%s' is not a host name", name);
	conf->ehlo.len = (uint16_t)snprintf(
		conf->ehlo.text, sizeof(conf->ehlo.text), "EHLO %s\r\n", name);
	conf->helo.len = (uint16_t)snprintf(
		conf->helo.text, sizeof(conf->helo.text), "HELO %s\r\n", name);
	return 0;
}

/* RFC 5321, 4.5.5: an empty address is the null reverse-path. */
static int mailbox_parse(struct command *command, int option,
	const char *address, const struct refusal *to)
{
	size_t len = strlen(address);

	if (len > SMTP_ADDRESS_MAX || !option_is_word(address, len) ||
		strpbrk(address, "<>"))
		return refuse(
			to, "-%c: '%s' is not a mail address", option, address);
	command->len = (uint16_t)snprintf(command->text, sizeof(command->text),
		"%s:<%s>\r\n", option == 'f' ? "MAIL FROM" : "RCPT TO",
		address);
	return 0;
}

static int expected_parse(struct codes *codes, int option, const char *text,
	const struct refusal *to)
{
	if (codes_parse(codes, text, 200, 599) == 0)
		return 0;
	return refuse(to, "-%c: bad code list '%s'", option, text);
}

static int option_parse(
	struct smtp_conf *conf, int option, const struct refusal *to)
{
	switch (option) {
	case 'h':
		return domain_parse(conf, optarg, to);
	case 'f':
		return mailbox_parse(&conf->mail_from, option, optarg, to);
	case 'r':
		if (optarg[0] == '\0')
			return refuse(to, "-r: a recipient cannot be empty");
		return mailbox_parse(&conf->rcpt_to, option, optarg, to);
	case 'G':
		return expected_parse(&conf->greeting, option, optarg, to);
	case 'E':
		return expected_parse(&conf->hello, option, optarg, to);
	case 'F':
		return expected_parse(&conf->mail, option, optarg, to);
	case 'R':
		return expected_parse(&conf->rcpt, option, optarg, to);
	default:
		return refuse_option(to, option);
	}
}

static int smtp_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct smtp_conf *conf = data;
	int option;

	codes_parse(&conf->greeting, "220", 200, 599);
	codes_parse(&conf->hello, "250", 200, 599);
	codes_parse(&conf->mail, "250", 200, 599);
	codes_parse(&conf->rcpt, "250-252", 200, 599);
	domain_parse(conf, "localhost", &to);
	while ((option = getopt(argc, argv, "+:h:f:r:G:E:F:R:")) != -1)
		if (option_parse(conf, option, &to) < 0)
			return -1;
	if (refuse_rest(&to, argc, argv) < 0)
		return -1;
	if (conf->rcpt_to.len > 0 && conf->mail_from.len == 0)
		return mailbox_parse(&conf->mail_from, 'f', "", &to);
	return 0;
}

/* RFC 5321, 4.2 and 4.2.1: a line begins with the code and has '-' behind the
 * code if more lines follow. Sets *last to whether the line ends the reply.
 * Returns NULL, or why the line is wrong. */
static const char *line_hear(
	struct smtp_state *state, const struct line *line, bool *last)
{
	int code = line->len < 3 ? -1 : codes_number(line->text);
	char mark = ' ';

	if (line->len > 3)
		mark = line->text[3];
	if (code < 200 || code > 599 || (mark != ' ' && mark != '-'))
		return "not an SMTP reply";
	if (state->code != 0 && state->code != code)
		return "codes of one reply differ";
	if (++state->lines > SMTP_REPLY_MAX)
		return "too many lines in a reply";
	state->code = (uint16_t)code;
	*last = mark == ' ';
	return NULL;
}

/* Reads lines of the reply. Returns UP when the reply is complete, READ or
 * DOWN. */
static enum checker_next reply_hear(
	struct smtp_state *state, struct checker_io *io)
{
	bool last = false;

	while (!last) {
		const char *in = io->in + io->used;
		size_t len = io->in_len - io->used;
		struct line line;
		const char *why = NULL;
		bool whole = line_first(&line, in, len);

		if (whole ? line.size > SMTP_LINE_MAX : len >= SMTP_LINE_MAX)
			why = "reply line too long";
		else if (!whole)
			return CHECKER_READ;
		else
			why = line_hear(state, &line, &last);
		if (why) {
			io->why = why;
			io->code = state->code;
			return CHECKER_DOWN;
		}
		io->used += line.size;
	}
	return CHECKER_UP;
}

/* Sends a command; the next phase is to read the reply. */
static enum checker_next say(struct smtp_state *state, struct checker_io *io,
	enum smtp_phase phase, const struct command *command, const char *why)
{
	state->phase = (uint8_t)phase;
	state->code = 0;
	state->lines = 0;
	io->out = command->text;
	io->out_len = command->len;
	io->why = why;
	return CHECKER_WRITE;
}

static enum checker_next reply_refused(
	const struct smtp_state *state, struct checker_io *io, const char *why)
{
	io->why = why;
	io->code = state->code;
	return CHECKER_DOWN;
}

/* Sends the command that follows an accepted reply. If there is none, the
 * server is up and QUIT is sent with the verdict. */
static enum checker_next go_on(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io)
{
	enum smtp_phase done = (enum smtp_phase)state->phase;

	if (done < SMTP_MAIL && conf->mail_from.len > 0)
		return say(state, io, SMTP_MAIL, &conf->mail_from,
			"waiting for the reply to MAIL");
	if (done < SMTP_RCPT && conf->rcpt_to.len > 0)
		return say(state, io, SMTP_RCPT, &conf->rcpt_to,
			"waiting for the reply to RCPT");
	io->out = quit;
	io->out_len = sizeof(quit) - 1;
	io->code = state->code;
	return CHECKER_UP;
}

/* Judges a complete reply. RFC 5321, 3.2: HELO follows if the server does not
 * know EHLO. */
static enum checker_next reply_judge(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io)
{
	switch ((enum smtp_phase)state->phase) {
	case SMTP_GREETING:
		if (!codes_has(&conf->greeting, state->code))
			return reply_refused(state, io, "unexpected greeting");
		return say(state, io, SMTP_EHLO, &conf->ehlo,
			"waiting for the reply to EHLO");
	case SMTP_EHLO:
		if (codes_has(&conf->hello, state->code))
			return go_on(conf, state, io);
		if (state->code < 500)
			return reply_refused(state, io, "EHLO refused");
		return say(state, io, SMTP_HELO, &conf->helo,
			"waiting for the reply to HELO");
	case SMTP_HELO:
		if (!codes_has(&conf->hello, state->code))
			return reply_refused(state, io, "HELO refused");
		return go_on(conf, state, io);
	case SMTP_MAIL:
		if (!codes_has(&conf->mail, state->code))
			return reply_refused(state, io, "MAIL refused");
		return go_on(conf, state, io);
	case SMTP_RCPT:
		if (!codes_has(&conf->rcpt, state->code))
			return reply_refused(state, io, "RCPT refused");
		break;
	}
	return go_on(conf, state, io);
}

static enum checker_next smtp_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct smtp_conf *conf = data;
	struct smtp_state *state = memory;
	enum checker_next next;

	if (state->phase == SMTP_GREETING && state->lines == 0)
		io->why = "waiting for the greeting";
	next = reply_hear(state, io);
	return next == CHECKER_UP ? reply_judge(conf, state, io) : next;
}

_Static_assert(sizeof(struct smtp_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct smtp_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct smtp_conf),
	.state_size = sizeof(struct smtp_state),
	.window = SMTP_LINE_MAX,
	.transport = CHECKER_TCP,
	.summary = "SMTP greeting, EHLO or HELO, optional MAIL and RCPT",
	.usage = "[-h name] [-f sender] [-r recipient] [-G codes] [-E codes] "
		 "[-F codes] [-R codes]",
	.configure = smtp_configure,
	.step = smtp_step,
};
