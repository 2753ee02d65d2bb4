// SPDX-License-Identifier: GPL-2.0-or-later
/* radius: Status-Server, or an Access-Request of a user. */
#include "lvsmon/checker.h"
#include "radius_packet.h"

struct radius_state {
	bool asked;
	struct radius_request request;
};

/* Reads the first line of a file. */
static int file_parse(struct radius_text *text, int option, int most,
	const struct refusal *to)
{
	int len = secret_read(optarg, option, text->bytes, to);

	if (len < 0)
		return -1;
	if (len > most)
		return refuse(to,
			"-%c: %s: the first line has more than %d bytes",
			option, optarg, most);
	text->len = (uint16_t)len;
	return 0;
}

static int text_parse(
	struct radius_text *text, int option, const struct refusal *to)
{
	size_t len = strlen(optarg);

	if (len == 0 || len > RADIUS_TEXT_MAX)
		return refuse(to, "-%c: must have 1 to %d bytes, not %zu",
			option, RADIUS_TEXT_MAX, len);
	memcpy(text->bytes, optarg, len);
	text->len = (uint16_t)len;
	return 0;
}

static int option_parse(
	struct radius_conf *conf, int option, const struct refusal *to)
{
	switch (option) {
	case 's':
		return file_parse(&conf->secret, option, SECRET_MAX, to);
	case 'u':
		return text_parse(&conf->user, option, to);
	case 'P':
		return file_parse(
			&conf->password, option, RADIUS_PASSWORD_MAX, to);
	case 'i':
		return text_parse(&conf->nas, option, to);
	case 'R':
		conf->rejected = true;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

static int conf_check(const struct radius_conf *conf, const struct refusal *to)
{
	if (conf->secret.len == 0)
		return refuse(to, "needs -s, the file of the shared secret");
	if (conf->user.len > 0 && conf->password.len == 0)
		return refuse(to, "-u needs -P, the file of the password");
	if (conf->user.len == 0 && conf->password.len > 0)
		return refuse(to, "-P needs -u");
	if (conf->user.len == 0 && conf->rejected)
		return refuse(to, "-R needs -u");
	return 0;
}

static void radius_release(void *data)
{
	struct radius_conf *conf = data;

	explicit_bzero(conf, sizeof(*conf));
}

static int vector_parse(struct radius_conf *conf, int argc, char **argv,
	const struct refusal *to)
{
	static const char nas[] = "lvsmon";
	int option;

	memcpy(conf->nas.bytes, nas, sizeof(nas));
	conf->nas.len = sizeof(nas) - 1;
	while ((option = getopt(argc, argv, "+:s:u:P:i:R")) != -1)
		if (option_parse(conf, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	return conf_check(conf, to);
}

static int radius_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};

	if (vector_parse(data, argc, argv, &to) == 0)
		return 0;
	radius_release(data);
	return -1;
}

static enum checker_next answer_judge(
	const struct radius_conf *conf, int code, struct checker_io *io)
{
	bool status = conf->user.len == 0;

	io->code = code;
	if (code == RADIUS_ACCESS_ACCEPT ||
		(code == RADIUS_ACCOUNTING_RESPONSE && status))
		return CHECKER_UP;
	if (code == RADIUS_ACCESS_REJECT)
		io->why = "access rejected";
	else if (code == RADIUS_ACCESS_CHALLENGE)
		io->why = "access challenged";
	else
		io->why = "unexpected answer";
	if (conf->rejected && (code == RADIUS_ACCESS_REJECT ||
				      code == RADIUS_ACCESS_CHALLENGE))
		return CHECKER_UP;
	return CHECKER_DOWN;
}

/* A packet that nobody with the secret has made is no evidence, but the reason
 * at the deadline tells about it. */
static enum checker_next radius_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct radius_conf *conf = data;
	struct radius_state *state = memory;
	int code;

	if (!state->asked) {
		state->asked = true;
		radius_write(conf, io->random, &state->request);
		io->out = state->request.bytes;
		io->out_len = state->request.len;
		io->why = "waiting for the answer";
		return CHECKER_WRITE;
	}
	code = radius_verify(
		conf, &state->request, (const uint8_t *)io->in, io->in_len);
	if (code > 0)
		return answer_judge(conf, code, io);
	if (code < 0)
		io->why = "answer with another secret";
	return CHECKER_READ;
}

_Static_assert(sizeof(struct radius_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct radius_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct radius_conf),
	.state_size = sizeof(struct radius_state),
	.window = RADIUS_ANSWER_MAX,
	.transport = CHECKER_UDP,
	.summary = "RADIUS Status-Server, or access of a user",
	.usage = "-s secret-file [-u user -P password-file [-R]] [-i name]",
	.configure = radius_configure,
	.release = radius_release,
	.step = radius_step,
};
