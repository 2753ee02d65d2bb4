// SPDX-License-Identifier: GPL-2.0-or-later
/* smtp: greeting, EHLO or HELO, optional STARTTLS, AUTH, MAIL and RCPT, QUIT;
 * never DATA. */
#include "smtp_conf.h"

#include <strings.h>

struct smtp_state {
	struct reply reply;
	uint16_t hello; /* the code by which EHLO was refused, or 0 */
	uint8_t phase;  /* enum smtp_phase: the reply that is awaited */
	bool plain;     /* the server offers AUTH PLAIN */
	bool login;     /* the server offers AUTH LOGIN */
	bool secure;    /* TLS has begun */
	bool anew;      /* the first step in TLS follows */
};

/* A phase's reasons. */
static const struct {
	const char *waiting;
	const char *refused;
} phases[SMTP_PHASES] = {
	[SMTP_GREETING] = {"waiting for the greeting", "unexpected greeting"},
	[SMTP_EHLO] = {"waiting for the reply to EHLO", "EHLO refused"},
	[SMTP_HELO] = {"waiting for the reply to HELO", "HELO refused"},
	[SMTP_STARTTLS] = {"waiting for the reply to STARTTLS",
		"STARTTLS refused"},
	[SMTP_PLAIN] = {"waiting for the reply to AUTH", "AUTH refused"},
	[SMTP_LOGIN] = {"waiting for the reply to AUTH", "AUTH refused"},
	[SMTP_USER] = {"waiting for the reply to the user", "AUTH refused"},
	[SMTP_PASS] = {"waiting for the reply to the password", "AUTH refused"},
	[SMTP_MAIL] = {"waiting for the reply to MAIL", "MAIL refused"},
	[SMTP_RCPT] = {"waiting for the reply to RCPT", "RCPT refused"},
};

static bool is_lhlo(const struct smtp_conf *conf, enum smtp_phase phase)
{
	return conf->lmtp && phase == SMTP_EHLO;
}

/* Sends the command of a phase. */
static enum checker_next say(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io, enum smtp_phase phase)
{
	state->phase = (uint8_t)phase;
	return command_say(&conf->commands[phase], io,
		is_lhlo(conf, phase) ? "waiting for the reply to LHLO"
				     : phases[phase].waiting);
}

/* RFC 4954, 6 has these codes. */
static const char *refusal_of(
	const struct smtp_conf *conf, const struct smtp_state *state)
{
	enum smtp_phase phase = (enum smtp_phase)state->phase;
	bool auth = phase >= SMTP_PLAIN && phase <= SMTP_PASS;

	if (is_lhlo(conf, phase))
		return "LHLO refused";
	if (auth && state->reply.code == 535)
		return "wrong user or password";
	if (auth && state->reply.code == 538)
		return "AUTH needs TLS";
	return phases[phase].refused;
}

static enum checker_next refused(const struct smtp_conf *conf,
	const struct smtp_state *state, struct checker_io *io)
{
	return reply_refused(
		&state->reply, &smtp_form, io, refusal_of(conf, state));
}

/* Sends the command that follows an accepted reply, from this phase on. If
 * there is none, the server is up. */
static enum checker_next go_on(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io, enum smtp_phase phase)
{
	for (; phase < SMTP_PHASES; phase++)
		if (conf->commands[phase].text)
			return say(conf, state, io, phase);
	return reply_accepted(&state->reply, io);
}

/* A password is sent only to a server that offers to take it. */
static enum checker_next authenticate(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io)
{
	if (!conf->commands[SMTP_PLAIN].text)
		return go_on(conf, state, io, SMTP_MAIL);
	if (state->plain)
		return say(conf, state, io, SMTP_PLAIN);
	if (state->login)
		return say(conf, state, io, SMTP_LOGIN);
	return reply_refused(&state->reply, &smtp_form, io, "AUTH not offered");
}

/* RFC 3207, 4.2: what the server said before TLS is forgotten, and EHLO is said
 * again. */
static enum checker_next secure(struct smtp_state *state, struct checker_io *io)
{
	state->secure = state->anew = true;
	state->plain = state->login = false;
	io->why = "waiting for TLS";
	return CHECKER_STARTTLS;
}

static enum checker_next hello_accepted(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io)
{
	if (conf->commands[SMTP_STARTTLS].text && !state->secure)
		return say(conf, state, io, SMTP_STARTTLS);
	return authenticate(conf, state, io);
}

/* RFC 5321, 3.2: HELO follows if the server does not know EHLO. */
static enum checker_next hello_refused(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io)
{
	bool again = state->phase == SMTP_EHLO && state->reply.code >= 500;

	if (!again || !conf->commands[SMTP_HELO].text)
		return refused(conf, state, io);
	state->hello = state->reply.code;
	return say(conf, state, io, SMTP_HELO);
}

static bool is_accepted(
	const struct smtp_conf *conf, const struct smtp_state *state)
{
	uint16_t code = state->reply.code;

	switch ((enum smtp_phase)state->phase) {
	case SMTP_GREETING:
		return codes_has(&conf->greeting, code);
	case SMTP_EHLO:
	case SMTP_HELO:
		return codes_has(&conf->hello, code);
	case SMTP_STARTTLS:
		return code == 220;
	case SMTP_PLAIN:
	case SMTP_PASS:
		return code == 235;
	case SMTP_LOGIN:
	case SMTP_USER:
		return code == 334;
	case SMTP_MAIL:
		return codes_has(&conf->mail, code);
	case SMTP_RCPT:
	case SMTP_PHASES:
		break;
	}
	return codes_has(&conf->rcpt, code);
}

/* Judges a complete reply. */
static enum checker_next reply_judge(const struct smtp_conf *conf,
	struct smtp_state *state, struct checker_io *io)
{
	enum smtp_phase phase = (enum smtp_phase)state->phase;
	bool hello = phase == SMTP_EHLO || phase == SMTP_HELO;

	if (!is_accepted(conf, state))
		return hello ? hello_refused(conf, state, io)
			     : refused(conf, state, io);
	if (hello)
		return hello_accepted(conf, state, io);
	if (phase == SMTP_STARTTLS)
		return secure(state, io);
	if (phase == SMTP_PLAIN)
		return go_on(conf, state, io, SMTP_MAIL);
	return go_on(conf, state, io, phase + 1);
}

/* Whether the words from `at` on have this one. Letters match in either case.
 */
static bool offers(const struct line *line, size_t at, const char *word)
{
	size_t len = strlen(word);

	while (at + len <= line->len) {
		size_t end = at;

		while (end < line->len && line->text[end] != ' ')
			end++;
		if (end - at == len &&
			strncasecmp(line->text + at, word, len) == 0)
			return true;
		at = end + 1;
	}
	return false;
}

/* RFC 4954, 3: a line behind the first one has the mechanisms: "250-AUTH PLAIN
 * LOGIN". Old servers have "AUTH=" too. */
static void extension_note(struct smtp_state *state, const struct line *line)
{
	const size_t code = 4, mechanisms = 9;

	if (state->phase != SMTP_EHLO || state->reply.lines < 2 ||
		line->len <= mechanisms)
		return;
	if (strncasecmp(line->text + code, "AUTH ", 5) != 0 &&
		strncasecmp(line->text + code, "AUTH=", 5) != 0)
		return;
	if (offers(line, mechanisms, "PLAIN"))
		state->plain = true;
	if (offers(line, mechanisms, "LOGIN"))
		state->login = true;
}

static enum checker_next lines_hear(
	struct smtp_state *state, struct checker_io *io)
{
	enum checker_next next;
	struct line line;

	do {
		next = reply_line(&state->reply, &smtp_form, io, &line);
		if (next == CHECKER_UP)
			extension_note(state, &line);
	} while (next == CHECKER_UP && !state->reply.ended);
	return next;
}

/* The server stays silent or has closed after EHLO was refused: HELO has helped
 * nothing, and the refusal is the reason. */
static enum checker_next silence_judge(
	const struct smtp_state *state, struct checker_io *io)
{
	if (state->phase != SMTP_HELO || (!io->eof && !io->expired))
		return CHECKER_READ;
	io->why = phases[SMTP_EHLO].refused;
	io->code = state->hello;
	return CHECKER_DOWN;
}

static enum checker_next smtp_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct smtp_conf *conf = data;
	struct smtp_state *state = memory;
	enum checker_next next;

	if (!io->why)
		io->why = phases[SMTP_GREETING].waiting;
	if (state->anew) {
		state->anew = false;
		return say(conf, state, io, SMTP_EHLO);
	}
	next = lines_hear(state, io);
	if (next == CHECKER_READ)
		return silence_judge(state, io);
	return next == CHECKER_UP ? reply_judge(conf, state, io) : next;
}

static bool smtp_starttls(const void *data)
{
	const struct smtp_conf *conf = data;

	return conf->commands[SMTP_STARTTLS].text != NULL;
}

_Static_assert(sizeof(struct smtp_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct smtp_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct smtp_conf),
	.state_size = sizeof(struct smtp_state),
	.window = REPLY_LINE_MAX,
	.transport = CHECKER_TCP,
	.deadline = true,
	.summary = "SMTP or LMTP greeting, EHLO, optional AUTH, MAIL, RCPT",
	.usage = "[-L] [-S] [-h name] [-u user -P file] [-f sender] [-r "
		 "recipient] "
		 "[-G codes] [-E codes] [-F codes] [-R codes]",
	.configure = smtp_configure,
	.release = smtp_release,
	.starttls = smtp_starttls,
	.step = smtp_step,
};
