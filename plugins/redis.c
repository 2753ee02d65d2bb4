// SPDX-License-Identifier: GPL-2.0-or-later
/* redis: optional AUTH, PING, optional ROLE, QUIT. */
#include "command.h"
#include "login.h"
#include "resp.h"

struct role {
	const char *option; /* argument of -R */
	const char *name;   /* in the reply */
	const char *why;    /* the server has another role */
};

struct redis_conf {
	struct command auth;
	const struct role *role; /* NULL = any */
	bool linked;             /* -c: the replica has its master */
};

enum redis_phase {
	REDIS_BEGIN,
	REDIS_AUTH,
	REDIS_PING,
	REDIS_ROLE,
};

struct redis_state {
	uint8_t phase; /* enum redis_phase: the reply that is awaited */
	uint8_t items; /* of the reply to ROLE so far, the array counts */
};

/* The items of the reply to ROLE: behind the array, the first is the role, and
 * a replica's fourth is the state of its link. */
#define ROLE_NAME 1
#define ROLE_LINK 4

static const struct role roles[] = {
	{"master", "master", "not a master"},
	{"replica", "slave", "not a replica"},
	{"sentinel", "sentinel", "not a sentinel"},
};

static char ping_text[] = "*1\r\n$4\r\nPING\r\n";
static char role_text[] = "*1\r\n$4\r\nROLE\r\n";
static const char quit[] = "*1\r\n$4\r\nQUIT\r\n";
static const struct command ping = {ping_text, sizeof(ping_text) - 1};
static const struct command role = {role_text, sizeof(role_text) - 1};

static int role_parse(
	struct redis_conf *conf, const char *name, const struct refusal *to)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (strcmp(name, roles[i].option) == 0)
			conf->role = &roles[i];
	if (conf->role)
		return 0;
	return refuse(to, "-R: '%s' is not master, replica or sentinel", name);
}

static int option_parse(struct redis_conf *conf, struct login *login,
	int option, const struct refusal *to)
{
	switch (option) {
	case 'u':
	case 'P':
		return login_option(login, option, optarg, to);
	case 'R':
		conf->role = NULL;
		return role_parse(conf, optarg, to);
	case 'c':
		conf->linked = true;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

/* A password without a user is that of the user "default". */
static int auth_make(struct redis_conf *conf, const struct login *login,
	const struct refusal *to)
{
	if (login->user)
		return command_set(&conf->auth, to,
			"*3\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n",
			strlen(login->user), login->user, login->len,
			login->password);
	return command_set(&conf->auth, to,
		"*2\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n", login->len,
		login->password);
}

static int vector_parse(struct redis_conf *conf, struct login *login, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:u:P:R:c")) != -1)
		if (option_parse(conf, login, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	if (conf->linked && conf->role != &roles[1])
		return refuse(to, "-c needs -R replica");
	if (login->user && login_whole(login, to) < 0)
		return -1;
	return login->len > 0 ? auth_make(conf, login, to) : 0;
}

static int redis_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct login login = {.user = NULL};
	int result = vector_parse(data, &login, argc, argv, &to);

	login_forget(&login);
	return result;
}

static void redis_release(void *data)
{
	struct redis_conf *conf = data;

	command_free(&conf->auth);
}

static enum checker_next verdict(
	struct checker_io *io, enum checker_next next, const char *why)
{
	io->why = why;
	io->out = quit;
	io->out_len = sizeof(quit) - 1;
	return next;
}

static enum checker_next refused(struct checker_io *io, const char *why)
{
	return verdict(io, CHECKER_DOWN, why);
}

static enum checker_next say(struct redis_state *state, struct checker_io *io,
	enum redis_phase phase, const struct command *command, const char *why)
{
	state->phase = (uint8_t)phase;
	return command_say(command, io, why);
}

static enum checker_next say_ping(
	struct redis_state *state, struct checker_io *io)
{
	return say(
		state, io, REDIS_PING, &ping, "waiting for the reply to PING");
}

static enum checker_next ask_first(const struct redis_conf *conf,
	struct redis_state *state, struct checker_io *io)
{
	if (!conf->auth.text)
		return say_ping(state, io);
	return say(state, io, REDIS_AUTH, &conf->auth,
		"waiting for the reply to AUTH");
}

/* Returns the reason that an error's text gives, or NULL. */
static const char *error_reason(const struct resp *error)
{
	static const char *const reasons[][2] = {
		{"LOADING", "loading its data"},
		{"MASTERDOWN", "a replica without its master"},
		{"NOAUTH", "authentication required"},
		{"WRONGPASS", "wrong user or password"},
		{"ERR invalid password", "wrong user or password"},
		{"ERR max number of clients", "too many clients"},
		{"NOPERM", "no permission for the command"},
		{"DENIED", "protected mode"},
		{"BUSY", "busy with a script"},
		{"MISCONF", "cannot save its data"},
		{"CLUSTERDOWN", "the cluster is down"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (resp_begins(error, reasons[i][0]))
			return reasons[i][1];
	return NULL;
}

static enum checker_next error_judge(const struct redis_state *state,
	struct checker_io *io, const struct resp *error)
{
	static const char *const otherwise[] = {
		[REDIS_AUTH] = "AUTH refused",
		[REDIS_PING] = "PING refused",
		[REDIS_ROLE] = "ROLE refused",
	};
	const char *why = error_reason(error);

	return refused(io, why ? why : otherwise[state->phase]);
}

static enum checker_next role_judge(const struct redis_conf *conf,
	struct redis_state *state, struct checker_io *io,
	const struct resp *item)
{
	switch (state->items++) {
	case 0:
		if (item->type == RESP_ARRAY && item->count > 0)
			return CHECKER_READ;
		return refused(io, "unexpected reply to ROLE");
	case ROLE_NAME:
		if (!resp_is(item, conf->role->name))
			return refused(io, conf->role->why);
		if (!conf->linked)
			return verdict(io, CHECKER_UP, NULL);
		return CHECKER_READ;
	case ROLE_LINK:
		if (resp_is(item, "connected"))
			return verdict(io, CHECKER_UP, NULL);
		return refused(io, "not connected to its master");
	default:
		return CHECKER_READ;
	}
}

static enum checker_next item_judge(const struct redis_conf *conf,
	struct redis_state *state, struct checker_io *io,
	const struct resp *item)
{
	if (item->type == RESP_ERROR)
		return error_judge(state, io, item);
	if (state->phase == REDIS_ROLE)
		return role_judge(conf, state, io, item);
	if (state->phase == REDIS_AUTH) {
		if (item->type == RESP_SIMPLE && resp_is(item, "OK"))
			return say_ping(state, io);
		return refused(io, "unexpected reply to AUTH");
	}
	if (item->type != RESP_SIMPLE || !resp_is(item, "PONG"))
		return refused(io, "unexpected reply to PING");
	if (!conf->role)
		return verdict(io, CHECKER_UP, NULL);
	return say(
		state, io, REDIS_ROLE, &role, "waiting for the reply to ROLE");
}

/* Takes items until the reply is judged. */
static enum checker_next items_hear(const struct redis_conf *conf,
	struct redis_state *state, struct checker_io *io)
{
	enum checker_next next = CHECKER_READ;

	while (next == CHECKER_READ) {
		struct resp item;

		switch (resp_first(
			&item, io->in + io->used, io->in_len - io->used)) {
		case RESP_ITEM:
			io->used += item.size;
			next = item_judge(conf, state, io, &item);
			break;
		case RESP_MORE:
			return CHECKER_READ;
		case RESP_LONG:
			io->why = "reply too long";
			return CHECKER_DOWN;
		case RESP_BAD:
			io->why = "not a Redis reply";
			return CHECKER_DOWN;
		}
	}
	return next;
}

static enum checker_next redis_step(
	const void *data, void *memory, struct checker_io *io)
{
	struct redis_state *state = memory;

	if (state->phase == REDIS_BEGIN)
		return ask_first(data, state, io);
	return items_hear(data, state, io);
}

_Static_assert(sizeof(struct redis_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct redis_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct redis_conf),
	.state_size = sizeof(struct redis_state),
	.window = RESP_LINE_MAX + RESP_BULK_MAX + 2,
	.transport = CHECKER_TCP,
	.summary = "Redis PING, optional AUTH and ROLE",
	.usage = "[[-u user] -P file] [-R master|replica|sentinel] [-c]",
	.configure = redis_configure,
	.release = redis_release,
	.step = redis_step,
};
