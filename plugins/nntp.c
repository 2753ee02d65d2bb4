// SPDX-License-Identifier: GPL-2.0-or-later
/* nntp: greeting, then the commands that the options ask for, QUIT. */
#include "block.h"
#include "login.h"
#include "reply.h"

/* RFC 3977, 3.1 limits a command line to 512 bytes. */
#define NNTP_GROUP_MAX 497

enum nntp_phase {
	NNTP_GREETING,
	NNTP_CAPABILITIES,
	NNTP_LIST, /* the capabilities themselves */
	NNTP_READER,
	NNTP_USER,
	NNTP_PASS,
	NNTP_GROUP,
	NNTP_DATE,
	NNTP_PHASES
};

struct nntp_conf {
	struct codes greeting;
	struct command commands[NNTP_PHASES]; /* to send, by phase */
};

struct nntp_state {
	struct reply reply;
	uint16_t lines; /* of the list */
	uint8_t phase;  /* enum nntp_phase: the reply that is awaited */
};

static const struct reply_form form = {
	.lines = REPLY_ONE,
	.least = 100,
	.closing = 400,
	.alien = "not an NNTP reply",
};

/* A phase's reasons. good is the code, a second one has `also` added. */
static const struct {
	uint16_t good;
	uint16_t also;
	const char *waiting;
	const char *refused;
} phases[NNTP_PHASES] = {
	[NNTP_GREETING] = {0, 0, "waiting for the greeting",
		"unexpected greeting"},
	[NNTP_CAPABILITIES] = {101, 0, "waiting for the reply to CAPABILITIES",
		"CAPABILITIES refused"},
	[NNTP_LIST] = {0, 0, "waiting for the capabilities", ""},
	[NNTP_READER] = {200, 201, "waiting for the reply to MODE READER",
		"MODE READER refused"},
	[NNTP_USER] = {281, 381, "waiting for the reply to AUTHINFO USER",
		"AUTHINFO USER refused"},
	[NNTP_PASS] = {281, 0, "waiting for the reply to AUTHINFO PASS",
		"login refused"},
	[NNTP_GROUP] = {211, 0, "waiting for the reply to GROUP",
		"GROUP refused"},
	[NNTP_DATE] = {111, 0, "waiting for the reply to DATE", "DATE refused"},
};

static int group_parse(
	struct nntp_conf *conf, const char *group, const struct refusal *to)
{
	size_t len = strlen(group);

	if (len == 0 || len > NNTP_GROUP_MAX || !option_is_word(group, len))
		return refuse(to, "-g: '%s' is not a newsgroup", group);
	return command_set(
		&conf->commands[NNTP_GROUP], to, "GROUP %s\r\n", group);
}

static int option_parse(struct nntp_conf *conf, struct login *login, int option,
	const struct refusal *to)
{
	switch (option) {
	case 'c':
		return command_set(&conf->commands[NNTP_CAPABILITIES], to,
			"CAPABILITIES\r\n");
	case 'm':
		return command_set(
			&conf->commands[NNTP_READER], to, "MODE READER\r\n");
	case 'd':
		return command_set(&conf->commands[NNTP_DATE], to, "DATE\r\n");
	case 'g':
		return group_parse(conf, optarg, to);
	case 'u':
	case 'P':
		return login_option(login, option, optarg, to);
	case 'G':
		return reply_codes(&conf->greeting, &form, option, optarg, to);
	default:
		return refuse_option(to, option);
	}
}

/* RFC 4643, 2.3. */
static int login_make(struct nntp_conf *conf, const struct login *login,
	const struct refusal *to)
{
	if (login_whole(login, to) < 0)
		return -1;
	if (!login->user)
		return 0;
	if (command_set(&conf->commands[NNTP_USER], to, "AUTHINFO USER %s\r\n",
		    login->user) < 0)
		return -1;
	return command_set(&conf->commands[NNTP_PASS], to,
		"AUTHINFO PASS %s\r\n", login->password);
}

static int vector_parse(struct nntp_conf *conf, struct login *login, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	codes_parse(&conf->greeting, "200-201", 100, 599);
	while ((option = getopt(argc, argv, "+:cmdg:u:P:G:")) != -1)
		if (option_parse(conf, login, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	return login_make(conf, login, to);
}

static void nntp_release(void *data)
{
	struct nntp_conf *conf = data;

	for (size_t i = 0; i < NNTP_PHASES; i++)
		command_free(&conf->commands[i]);
}

static int nntp_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct login login = {.user = NULL};
	int result = vector_parse(data, &login, argc, argv, &to);

	login_forget(&login);
	if (result < 0)
		nntp_release(data);
	return result;
}

/* Sends the command of the first later phase that has one. If there is none,
 * the server is up. */
static enum checker_next go_on(const struct nntp_conf *conf,
	struct nntp_state *state, struct checker_io *io)
{
	for (unsigned int i = state->phase + 1U; i < NNTP_PHASES; i++) {
		if (!conf->commands[i].text)
			continue;
		state->phase = (uint8_t)i;
		return command_say(&conf->commands[i], io, phases[i].waiting);
	}
	return reply_accepted(&state->reply, io);
}

/* RFC 3977, 3.2.1, and RFC 4643, 2.2: codes that any command can have. */
static const char *refusal_of(const struct nntp_state *state)
{
	switch (state->reply.code) {
	case 411:
		return "no such newsgroup";
	case 480:
		return "authentication required";
	case 481:
		return "wrong user or password";
	case 483:
		return "TLS required";
	default:
		return phases[state->phase].refused;
	}
}

static bool is_accepted(
	const struct nntp_conf *conf, const struct nntp_state *state)
{
	uint16_t code = state->reply.code;

	if (state->phase == NNTP_GREETING)
		return codes_has(&conf->greeting, code);
	return code == phases[state->phase].good ||
	       code == phases[state->phase].also;
}

/* RFC 4643, 2.3.2: 281 after the user needs no password. */
static enum checker_next reply_judge(const struct nntp_conf *conf,
	struct nntp_state *state, struct checker_io *io)
{
	if (!is_accepted(conf, state))
		return reply_refused(
			&state->reply, &form, io, refusal_of(state));
	if (state->phase == NNTP_USER && state->reply.code == 281)
		state->phase = NNTP_PASS;
	if (state->phase != NNTP_CAPABILITIES)
		return go_on(conf, state, io);
	state->phase = NNTP_LIST;
	io->why = phases[NNTP_LIST].waiting;
	return CHECKER_READ;
}

static enum checker_next list_hear(const struct nntp_conf *conf,
	struct nntp_state *state, struct checker_io *io)
{
	enum checker_next next = block_skip(&state->lines, io);

	if (next == CHECKER_DOWN)
		io->code = state->reply.code;
	return next == CHECKER_UP ? go_on(conf, state, io) : next;
}

static enum checker_next nntp_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct nntp_conf *conf = data;
	struct nntp_state *state = memory;
	enum checker_next next = CHECKER_READ;

	io->why = phases[state->phase].waiting;
	if (state->phase != NNTP_LIST) {
		next = reply_hear(&state->reply, &form, io);
		if (next == CHECKER_UP)
			next = reply_judge(conf, state, io);
	}
	if (state->phase == NNTP_LIST)
		next = list_hear(conf, state, io);
	return next;
}

_Static_assert(sizeof(struct nntp_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct nntp_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct nntp_conf),
	.state_size = sizeof(struct nntp_state),
	.window = REPLY_LINE_MAX,
	.transport = CHECKER_TCP,
	.summary = "NNTP greeting, optional login, GROUP and DATE",
	.usage = "[-c] [-m] [-u user -P file] [-g group] [-d] [-G codes]",
	.configure = nntp_configure,
	.release = nntp_release,
	.step = nntp_step,
};
