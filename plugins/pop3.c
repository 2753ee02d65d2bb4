// SPDX-License-Identifier: GPL-2.0-or-later
/* pop3: greeting, optional STLS; CAPA, or USER, PASS and NOOP; QUIT. */
#include "block.h"
#include "command.h"
#include "login.h"

#include <strings.h>

struct pop3_conf {
	struct command user;
	struct command pass;
	bool starttls;
};

enum pop3_phase {
	POP3_GREETING,
	POP3_STLS,
	POP3_CAPA,
	POP3_LIST, /* the capabilities themselves */
	POP3_USER,
	POP3_PASS,
	POP3_NOOP,
};

struct pop3_state {
	uint16_t lines; /* of the list */
	uint8_t phase;  /* enum pop3_phase: the reply that is awaited */
	bool anew;      /* TLS has just begun */
};

/* RFC 1939, 3. */
enum pop3_status {
	POP3_OK,
	POP3_ERR,
	POP3_ALIEN,
};

static char capa_text[] = "CAPA\r\n";
static char noop_text[] = "NOOP\r\n";
static char stls_text[] = "STLS\r\n";
static const struct command stls = {stls_text, sizeof(stls_text) - 1};
static const struct command capa = {capa_text, sizeof(capa_text) - 1};
static const struct command noop = {noop_text, sizeof(noop_text) - 1};

static int option_parse(struct pop3_conf *conf, struct login *login, int option,
	const struct refusal *to)
{
	switch (option) {
	case 'S':
		conf->starttls = true;
		return 0;
	case 'u':
	case 'P':
		return login_option(login, option, optarg, to);
	default:
		return refuse_option(to, option);
	}
}

static int vector_parse(struct pop3_conf *conf, struct login *login, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:Su:P:")) != -1)
		if (option_parse(conf, login, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0 || login_whole(login, to) < 0)
		return -1;
	if (!login->user)
		return 0;
	if (command_set(&conf->user, to, "USER %s\r\n", login->user) < 0)
		return -1;
	return command_set(&conf->pass, to, "PASS %s\r\n", login->password);
}

static void pop3_release(void *data)
{
	struct pop3_conf *conf = data;

	command_free(&conf->user);
	command_free(&conf->pass);
}

static int pop3_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct login login = {.user = NULL};
	int result = vector_parse(data, &login, argc, argv, &to);

	login_forget(&login);
	if (result < 0)
		pop3_release(data);
	return result;
}

/* Whether the line begins with the word, which ends there. */
static bool begins(const struct line *line, const char *word)
{
	size_t len = strlen(word);

	return line->len >= len && memcmp(line->text, word, len) == 0 &&
	       (line->len == len || line->text[len] == ' ');
}

static enum pop3_status status_of(const struct line *line)
{
	if (begins(line, "+OK"))
		return POP3_OK;
	return begins(line, "-ERR") ? POP3_ERR : POP3_ALIEN;
}

/* RFC 2449, 8 and RFC 3206, 4: returns the reason that the code of a refusal
 * gives, or `otherwise`. Before a password was sent, [AUTH] means another
 * fault, such as a server that wants TLS. */
static const char *code_reason(
	const struct line *line, bool password, const char *otherwise)
{
	static const struct {
		const char *code;
		const char *why;
	} reasons[] = {
		{"[AUTH]", "wrong user or password"},
		{"[IN-USE]", "the mailbox is in use"},
		{"[LOGIN-DELAY]", "too soon after the last login"},
		{"[SYS/", "the server has a fault"},
	};
	const size_t skip = sizeof("-ERR ") - 1;

	for (size_t i = password ? 0 : 1;
		i < sizeof(reasons) / sizeof(*reasons); i++) {
		size_t len = strlen(reasons[i].code);

		if (line->len >= skip + len &&
			strncasecmp(line->text + skip, reasons[i].code, len) ==
				0)
			return reasons[i].why;
	}
	return otherwise;
}

static enum checker_next refused(struct checker_io *io, const char *why)
{
	io->why = why;
	command_quit(io);
	return CHECKER_DOWN;
}

static enum checker_next accepted(struct checker_io *io)
{
	command_quit(io);
	return CHECKER_UP;
}

static enum checker_next say(struct pop3_state *state, struct checker_io *io,
	enum pop3_phase phase, const struct command *command, const char *why)
{
	state->phase = (uint8_t)phase;
	return command_say(command, io, why);
}

static enum checker_next say_first(const struct pop3_conf *conf,
	struct pop3_state *state, struct checker_io *io)
{
	if (conf->user.text)
		return say(state, io, POP3_USER, &conf->user,
			"waiting for the reply to USER");
	return say(
		state, io, POP3_CAPA, &capa, "waiting for the reply to CAPA");
}

static enum checker_next greeting_judge(const struct pop3_conf *conf,
	struct pop3_state *state, struct checker_io *io, bool ok)
{
	if (!ok)
		return refused(io, "unexpected greeting");
	if (conf->starttls)
		return say(state, io, POP3_STLS, &stls,
			"waiting for the reply to STLS");
	return say_first(conf, state, io);
}

/* RFC 2595, 4. */
static enum checker_next stls_judge(
	struct pop3_state *state, struct checker_io *io, bool ok)
{
	if (!ok)
		return refused(io, "STLS refused");
	state->anew = true;
	io->why = "waiting for TLS";
	return CHECKER_STARTTLS;
}

/* RFC 2449, 5: a server without CAPA says -ERR. */
static enum checker_next capa_judge(
	struct pop3_state *state, struct checker_io *io, bool ok)
{
	if (!ok)
		return accepted(io);
	state->phase = POP3_LIST;
	io->why = "waiting for the capabilities";
	return CHECKER_READ;
}

static enum checker_next line_judge(const struct pop3_conf *conf,
	struct pop3_state *state, struct checker_io *io,
	const struct line *line)
{
	bool ok = status_of(line) == POP3_OK;

	switch ((enum pop3_phase)state->phase) {
	case POP3_GREETING:
		return greeting_judge(conf, state, io, ok);
	case POP3_STLS:
		return stls_judge(state, io, ok);
	case POP3_CAPA:
		return capa_judge(state, io, ok);
	case POP3_USER:
		if (!ok)
			return refused(
				io, code_reason(line, false, "USER refused"));
		return say(state, io, POP3_PASS, &conf->pass,
			"waiting for the reply to PASS");
	case POP3_PASS:
		if (!ok)
			return refused(
				io, code_reason(line, true, "login refused"));
		return say(state, io, POP3_NOOP, &noop,
			"waiting for the reply to NOOP");
	case POP3_LIST:
	case POP3_NOOP:
		break;
	}
	return ok ? accepted(io) : refused(io, "NOOP refused");
}

static enum checker_next line_hear(const struct pop3_conf *conf,
	struct pop3_state *state, struct checker_io *io)
{
	struct line line;
	bool whole = line_first(&line, io->in, io->in_len);

	if (whole ? line.size > BLOCK_LINE_MAX : io->in_len >= BLOCK_LINE_MAX)
		io->why = "line too long";
	else if (!whole)
		return CHECKER_READ;
	else if (status_of(&line) == POP3_ALIEN)
		io->why = "not a POP3 reply";
	else {
		io->used = line.size;
		return line_judge(conf, state, io, &line);
	}
	return CHECKER_DOWN;
}

static enum checker_next pop3_step(
	const void *data, void *memory, struct checker_io *io)
{
	struct pop3_state *state = memory;
	enum checker_next next = CHECKER_READ;

	if (!io->why)
		io->why = "waiting for the greeting";
	if (state->anew) {
		state->anew = false;
		return say_first(data, state, io);
	}
	if (state->phase != POP3_LIST)
		next = line_hear(data, state, io);
	if (state->phase == POP3_LIST)
		next = block_skip(&state->lines, io);
	if (state->phase == POP3_LIST && next == CHECKER_UP)
		return accepted(io);
	return next;
}

static bool pop3_starttls(const void *data)
{
	const struct pop3_conf *conf = data;

	return conf->starttls;
}

_Static_assert(sizeof(struct pop3_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct pop3_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct pop3_conf),
	.state_size = sizeof(struct pop3_state),
	.window = BLOCK_LINE_MAX,
	.transport = CHECKER_TCP,
	.summary = "POP3 greeting, optional STLS, CAPA or login",
	.usage = "[-S] [-u user -P file]",
	.configure = pop3_configure,
	.starttls = pop3_starttls,
	.release = pop3_release,
	.step = pop3_step,
};
