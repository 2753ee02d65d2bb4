// SPDX-License-Identifier: GPL-2.0-or-later
/* imap: greeting, optional STARTTLS and LOGIN, NOOP, LOGOUT (RFC 3501, RFC
 * 9051). */
#include "command.h"
#include "line.h"
#include "login.h"

#include <strings.h>

#define IMAP_LINE_MAX 8192     /* bytes, with the line's end */
#define IMAP_LINES_MAX 128     /* in one answer */
#define IMAP_LITERAL_MAX 65536 /* bytes in all literals of an answer */

struct imap_conf {
	struct command log_in;
	bool starttls;
};

enum imap_phase {
	IMAP_GREETING,
	IMAP_STARTTLS,
	IMAP_LOGIN,
	IMAP_NOOP,
};

struct imap_state {
	uint32_t skip;     /* bytes left of a literal */
	uint32_t literals; /* bytes of all literals so far */
	uint16_t lines;
	uint8_t phase;  /* enum imap_phase: the answer that is awaited */
	bool continued; /* the line continues a response after a literal */
	bool anew;      /* TLS has just begun */
};

static const char logout[] = "c LOGOUT\r\n";
static char noop_text[] = "b NOOP\r\n";
static char starttls_text[] = "d STARTTLS\r\n";
static const struct command noop = {noop_text, sizeof(noop_text) - 1};
static const struct command starttls = {
	starttls_text, sizeof(starttls_text) - 1};

static int option_parse(struct imap_conf *conf, struct login *login, int option,
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

static int vector_parse(struct imap_conf *conf, struct login *login, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:Su:P:")) != -1)
		if (option_parse(conf, login, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	return login_whole(login, to);
}

/* RFC 3501, 4.3: writes text as a quoted string. out has room for each byte
 * twice, two quotes and a 0. */
static void quote(char *out, const char *text)
{
	*out++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*out++ = '\\';
		*out++ = *text;
	}
	*out++ = '"';
	*out = '\0';
}

/* A quoted string has 7-bit characters alone. */
static int log_in_make(struct imap_conf *conf, const struct login *login,
	const struct refusal *to)
{
	char user[2 * LOGIN_USER_MAX + 3];
	char password[2 * SECRET_MAX + 3];
	int result;

	for (size_t i = 0; i < login->len; i++)
		if ((unsigned char)login->password[i] >= 0x80)
			return refuse(to,
				"-P: the password has bytes that are not "
				"ASCII");
	quote(user, login->user);
	quote(password, login->password);
	result = command_set(
		&conf->log_in, to, "a LOGIN %s %s\r\n", user, password);
	explicit_bzero(password, sizeof(password));
	return result;
}

static int imap_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct login login = {.user = NULL};
	int result = vector_parse(data, &login, argc, argv, &to);

	if (result == 0 && login.user)
		result = log_in_make(data, &login, &to);
	login_forget(&login);
	return result;
}

static void imap_release(void *data)
{
	struct imap_conf *conf = data;

	command_free(&conf->log_in);
}

static enum checker_next verdict(
	struct checker_io *io, enum checker_next next, const char *why)
{
	io->why = why;
	io->out = logout;
	io->out_len = sizeof(logout) - 1;
	return next;
}

static enum checker_next refused(struct checker_io *io, const char *why)
{
	return verdict(io, CHECKER_DOWN, why);
}

/* The server closes, or is no IMAP server. */
static enum checker_next gone(struct checker_io *io, const char *why)
{
	io->why = why;
	return CHECKER_DOWN;
}

/* Whether the line begins with the words, which end there. Letters match in
 * either case. */
static bool begins(const struct line *line, const char *words)
{
	size_t len = strlen(words);

	return line->len >= len && strncasecmp(line->text, words, len) == 0 &&
	       (line->len == len || line->text[len] == ' ');
}

/* Whether the line has the text in it. Letters match in either case. */
static bool has(const struct line *line, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= line->len; i++)
		if (strncasecmp(line->text + i, text, len) == 0)
			return true;
	return false;
}

static enum checker_next say(struct imap_state *state, struct checker_io *io,
	enum imap_phase phase, const struct command *command, const char *why)
{
	state->phase = (uint8_t)phase;
	state->lines = 0;
	state->literals = 0;
	return command_say(command, io, why);
}

static enum checker_next say_noop(
	struct imap_state *state, struct checker_io *io)
{
	return say(
		state, io, IMAP_NOOP, &noop, "waiting for the answer to NOOP");
}

static enum checker_next say_login(const struct imap_conf *conf,
	struct imap_state *state, struct checker_io *io)
{
	if (!conf->log_in.text)
		return say_noop(state, io);
	return say(state, io, IMAP_LOGIN, &conf->log_in,
		"waiting for the answer to LOGIN");
}

/* RFC 3501, 6.2.3: a server that says LOGINDISABLED must get no LOGIN. After
 * PREAUTH it takes no STARTTLS (6.2.1). */
static enum checker_next greeting_judge(const struct imap_conf *conf,
	struct imap_state *state, struct checker_io *io,
	const struct line *line)
{
	bool preauth = begins(line, "* PREAUTH");

	if (begins(line, "* BYE"))
		return gone(io, "the server says BYE");
	if (!preauth && !begins(line, "* OK"))
		return gone(io, "not an IMAP greeting");
	if (preauth && conf->starttls)
		return refused(io, "logged in before TLS");
	if (conf->starttls)
		return say(state, io, IMAP_STARTTLS, &starttls,
			"waiting for the answer to STARTTLS");
	if (preauth)
		return say_noop(state, io);
	if (conf->log_in.text && has(line, "LOGINDISABLED"))
		return refused(io, "LOGIN is disabled without TLS");
	return say_login(conf, state, io);
}

static enum checker_next starttls_judge(struct imap_state *state,
	struct checker_io *io, const struct line *line)
{
	if (begins(line, "d NO") || begins(line, "d BAD"))
		return refused(io, "STARTTLS refused");
	if (!begins(line, "d OK"))
		return gone(io, "not an IMAP answer");
	state->anew = true;
	io->why = "waiting for TLS";
	return CHECKER_STARTTLS;
}

/* RFC 5530, 3: returns the reason that the code of a refused LOGIN gives,
 * "a NO [CODE]". */
static const char *code_reason(const struct line *line)
{
	static const char *const reasons[][2] = {
		{"[AUTHENTICATIONFAILED]", "wrong user or password"},
		{"[AUTHORIZATIONFAILED]", "the user may not log in"},
		{"[EXPIRED]", "the password has expired"},
		{"[PRIVACYREQUIRED]", "LOGIN is disabled without TLS"},
		{"[UNAVAILABLE]", "a part of the server is unavailable"},
		{"[INUSE]", "the mailbox is in use"},
		{"[LIMIT]", "too many logins"},
	};
	const struct line rest = {
		.text = line->text + 5,
		.len = line->len > 5 ? line->len - 5 : 0,
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (begins(&rest, reasons[i][0]))
			return reasons[i][1];
	return "login refused";
}

/* RFC 3501, 4.3: whether the line ends with the size of a literal. Sets *size
 * to it, or to UINT32_MAX if it is above the limit. */
static bool literal_begins(const struct line *line, uint32_t *size)
{
	size_t at = line->len;
	uint32_t unit = 1;

	*size = 0;
	if (at < 3 || line->text[--at] != '}')
		return false;
	while (at > 0 && line->text[--at] >= '0' && line->text[at] <= '9') {
		if (unit > IMAP_LITERAL_MAX * 10)
			*size = UINT32_MAX;
		if (*size != UINT32_MAX)
			*size += unit * (uint32_t)(line->text[at] - '0');
		unit = *size == UINT32_MAX ? unit : unit * 10;
	}
	return line->text[at] == '{' && at + 2 < line->len;
}

/* An untagged response. One with a status has text instead of data, and a
 * literal is in data alone. */
static enum checker_next untagged_judge(struct imap_state *state,
	struct checker_io *io, const struct line *line)
{
	uint32_t size;

	if (!state->continued) {
		if (begins(line, "* BYE"))
			return gone(io, "the server says BYE");
		if (begins(line, "* OK") || begins(line, "* NO") ||
			begins(line, "* BAD"))
			return CHECKER_READ;
	}
	state->continued = literal_begins(line, &size);
	if (!state->continued)
		return CHECKER_READ;
	if (size > IMAP_LITERAL_MAX - state->literals)
		return gone(io, "literals too long");
	state->literals += size;
	state->skip = size;
	return CHECKER_READ;
}

/* The tagged answer to LOGIN. A server may say OK before it knows that the
 * mailbox is there, so NOOP follows. */
static enum checker_next log_in_judge(struct imap_state *state,
	struct checker_io *io, const struct line *line)
{
	if (begins(line, "a OK"))
		return say_noop(state, io);
	if (begins(line, "a NO") || begins(line, "a BAD"))
		return refused(io, code_reason(line));
	return gone(io, "not an IMAP answer");
}

static enum checker_next noop_judge(
	struct checker_io *io, const struct line *line)
{
	if (begins(line, "b OK"))
		return verdict(io, CHECKER_UP, NULL);
	if (begins(line, "b NO") || begins(line, "b BAD"))
		return refused(io, "NOOP refused");
	return gone(io, "not an IMAP answer");
}

static enum checker_next line_judge(const struct imap_conf *conf,
	struct imap_state *state, struct checker_io *io,
	const struct line *line)
{
	if (state->phase == IMAP_GREETING)
		return greeting_judge(conf, state, io, line);
	if (state->continued || (line->len >= 2 && line->text[0] == '*'))
		return untagged_judge(state, io, line);
	if (state->phase == IMAP_STARTTLS)
		return starttls_judge(state, io, line);
	return state->phase == IMAP_LOGIN ? log_in_judge(state, io, line)
					  : noop_judge(io, line);
}

/* Skips what there is of a literal. */
static void literal_skip(struct imap_state *state, struct checker_io *io)
{
	size_t len = io->in_len - io->used;

	if (len > state->skip)
		len = state->skip;
	io->used += len;
	state->skip -= (uint32_t)len;
}

/* Takes a line. Returns READ if there is none, UP, or DOWN. */
static enum checker_next line_take(
	struct imap_state *state, struct checker_io *io, struct line *line)
{
	const char *in = io->in + io->used;
	size_t len = io->in_len - io->used;
	bool whole = line_first(line, in, len);

	if (whole ? line->size > IMAP_LINE_MAX : len >= IMAP_LINE_MAX)
		return gone(io, "line too long");
	if (!whole)
		return CHECKER_READ;
	io->used += line->size;
	if (++state->lines > IMAP_LINES_MAX)
		return gone(io, "too many lines");
	return CHECKER_UP;
}

static enum checker_next imap_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct imap_conf *conf = data;
	struct imap_state *state = memory;
	enum checker_next next = CHECKER_UP;

	if (!io->why)
		io->why = "waiting for the greeting";
	if (state->anew) {
		state->anew = false;
		return say_login(conf, state, io);
	}
	for (;;) {
		struct line line;

		literal_skip(state, io);
		next = line_take(state, io, &line);
		if (next != CHECKER_UP)
			return next;
		next = line_judge(conf, state, io, &line);
		if (next != CHECKER_READ)
			return next;
	}
}

static bool imap_starttls(const void *data)
{
	const struct imap_conf *conf = data;

	return conf->starttls;
}

_Static_assert(sizeof(struct imap_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct imap_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct imap_conf),
	.state_size = sizeof(struct imap_state),
	.window = IMAP_LINE_MAX,
	.transport = CHECKER_TCP,
	.summary = "IMAP greeting, optional STARTTLS and LOGIN, NOOP",
	.usage = "[-S] [-u user -P file]",
	.configure = imap_configure,
	.starttls = imap_starttls,
	.release = imap_release,
	.step = imap_step,
};
