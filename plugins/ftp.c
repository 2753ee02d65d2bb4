// SPDX-License-Identifier: GPL-2.0-or-later
/* ftp: greeting, optional AUTH TLS, USER and PASS, NOOP, QUIT; no data
 * connection. */
#include "login.h"
#include "reply.h"

/* RFC 1635: an anonymous server takes any password. */
#define FTP_ANONYMOUS_PASSWORD "lvsmon@"

struct ftp_conf {
	struct codes greeting;
	struct codes noop;
	struct command user;
	struct command pass;
	bool starttls;
};

enum ftp_phase {
	FTP_GREETING,
	FTP_AUTH,
	FTP_USER,
	FTP_PASS,
	FTP_NOOP,
};

struct ftp_state {
	struct reply reply;
	uint8_t phase; /* enum ftp_phase: the reply that is awaited */
	bool delayed;  /* the server has said 120 */
	bool anew;     /* TLS has just begun */
};

static const struct reply_form form = {
	.lines = REPLY_ENDS,
	.least = 100,
	.closing = 421,
	.alien = "not an FTP reply",
};

static char noop_text[] = "NOOP\r\n";
static char auth_text[] = "AUTH TLS\r\n";
static const struct command auth = {auth_text, sizeof(auth_text) - 1};
static const struct command noop = {noop_text, sizeof(noop_text) - 1};

static bool is_anonymous(const char *user)
{
	return strcmp(user, "anonymous") == 0 || strcmp(user, "ftp") == 0;
}

static int option_parse(struct ftp_conf *conf, struct login *login, int option,
	const struct refusal *to)
{
	switch (option) {
	case 'S':
		conf->starttls = true;
		return 0;
	case 'u':
	case 'P':
		return login_option(login, option, optarg, to);
	case 'G':
		return reply_codes(&conf->greeting, &form, option, optarg, to);
	case 'N':
		return reply_codes(&conf->noop, &form, option, optarg, to);
	default:
		return refuse_option(to, option);
	}
}

static int commands_make(
	struct ftp_conf *conf, struct login *login, const struct refusal *to)
{
	if (login->user && login->len == 0 && is_anonymous(login->user)) {
		login->len = sizeof(FTP_ANONYMOUS_PASSWORD) - 1;
		strcpy(login->password, FTP_ANONYMOUS_PASSWORD);
	}
	if (login_whole(login, to) < 0)
		return -1;
	if (!login->user)
		return 0;
	if (command_set(&conf->user, to, "USER %s\r\n", login->user) < 0)
		return -1;
	return command_set(&conf->pass, to, "PASS %s\r\n", login->password);
}

/* Some servers refuse NOOP with 530 before a login. */
static void noop_default(struct ftp_conf *conf, const struct login *login)
{
	static const struct codes none;

	if (memcmp(&conf->noop, &none, sizeof(none)) == 0)
		codes_parse(&conf->noop,
			login->user ? "200-299" : "200-299,530", 100, 599);
}

static int vector_parse(struct ftp_conf *conf, struct login *login, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	codes_parse(&conf->greeting, "220", 100, 599);
	while ((option = getopt(argc, argv, "+:Su:P:G:N:")) != -1)
		if (option_parse(conf, login, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	noop_default(conf, login);
	return commands_make(conf, login, to);
}

static void ftp_release(void *data)
{
	struct ftp_conf *conf = data;

	command_free(&conf->user);
	command_free(&conf->pass);
}

static int ftp_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct login login = {.user = NULL};
	int result = vector_parse(data, &login, argc, argv, &to);

	login_forget(&login);
	if (result < 0)
		ftp_release(data);
	return result;
}

static enum checker_next say(struct ftp_state *state, struct checker_io *io,
	enum ftp_phase phase, const struct command *command, const char *why)
{
	state->phase = (uint8_t)phase;
	return command_say(command, io, why);
}

static enum checker_next say_noop(
	struct ftp_state *state, struct checker_io *io)
{
	return say(state, io, FTP_NOOP, &noop, "waiting for the reply to NOOP");
}

static enum checker_next refused(
	const struct ftp_state *state, struct checker_io *io, const char *why)
{
	return reply_refused(&state->reply, &form, io, why);
}

static bool is_good(const struct ftp_state *state)
{
	return state->reply.code >= 200 && state->reply.code < 300;
}

static enum checker_next say_first(const struct ftp_conf *conf,
	struct ftp_state *state, struct checker_io *io)
{
	if (!conf->user.text)
		return say_noop(state, io);
	return say(state, io, FTP_USER, &conf->user,
		"waiting for the reply to USER");
}

static enum checker_next greeted(const struct ftp_conf *conf,
	struct ftp_state *state, struct checker_io *io)
{
	if (conf->starttls)
		return say(state, io, FTP_AUTH, &auth,
			"waiting for the reply to AUTH TLS");
	return say_first(conf, state, io);
}

/* RFC 4217, 4. */
static enum checker_next auth_judge(
	struct ftp_state *state, struct checker_io *io)
{
	if (state->reply.code != 234)
		return refused(state, io, "AUTH TLS refused");
	state->anew = true;
	io->why = "waiting for TLS";
	return CHECKER_STARTTLS;
}

/* RFC 959, 5.4: 120 says that 220 follows later. */
static enum checker_next greeting_judge(const struct ftp_conf *conf,
	struct ftp_state *state, struct checker_io *io)
{
	if (codes_has(&conf->greeting, state->reply.code))
		return greeted(conf, state, io);
	if (state->reply.code != 120 || state->delayed)
		return refused(state, io, "unexpected greeting");
	state->delayed = true;
	io->why = "waiting for the server to be ready";
	return CHECKER_READ;
}

/* RFC 959, 5.4: 331 asks for the password, 332 for an account too. */
static enum checker_next user_judge(const struct ftp_conf *conf,
	struct ftp_state *state, struct checker_io *io)
{
	if (is_good(state))
		return say_noop(state, io);
	if (state->reply.code != 331)
		return refused(state, io, "USER refused");
	return say(state, io, FTP_PASS, &conf->pass,
		"waiting for the reply to PASS");
}

static enum checker_next reply_judge(const struct ftp_conf *conf,
	struct ftp_state *state, struct checker_io *io)
{
	switch ((enum ftp_phase)state->phase) {
	case FTP_GREETING:
		return greeting_judge(conf, state, io);
	case FTP_AUTH:
		return auth_judge(state, io);
	case FTP_USER:
		return user_judge(conf, state, io);
	case FTP_PASS:
		if (is_good(state))
			return say_noop(state, io);
		return refused(state, io, "login refused");
	case FTP_NOOP:
		break;
	}
	if (!codes_has(&conf->noop, state->reply.code))
		return refused(state, io, "NOOP refused");
	return reply_accepted(&state->reply, io);
}

static enum checker_next ftp_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct ftp_conf *conf = data;
	struct ftp_state *state = memory;
	enum checker_next next;

	if (!io->why)
		io->why = "waiting for the greeting";
	if (state->anew) {
		state->anew = false;
		return say_first(conf, state, io);
	}
	do {
		next = reply_hear(&state->reply, &form, io);
		if (next == CHECKER_UP)
			next = reply_judge(conf, state, io);
		else
			return next;
	} while (next == CHECKER_READ);
	return next;
}

static bool ftp_starttls(const void *data)
{
	const struct ftp_conf *conf = data;

	return conf->starttls;
}

_Static_assert(sizeof(struct ftp_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct ftp_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct ftp_conf),
	.state_size = sizeof(struct ftp_state),
	.window = REPLY_LINE_MAX,
	.transport = CHECKER_TCP,
	.summary = "FTP greeting, optional AUTH TLS and login, NOOP",
	.usage = "[-S] [-u user [-P file]] [-G codes] [-N codes]",
	.configure = ftp_configure,
	.starttls = ftp_starttls,
	.release = ftp_release,
	.step = ftp_step,
};
