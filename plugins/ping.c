// SPDX-License-Identifier: GPL-2.0-or-later
/* ping: an ICMP echo request, and the reply that repeats its data. */
#include "lvsmon/checker.h"
#include "vector.h"

/* Bytes of data as ping(8) counts them. lvsmon's cookie is the first 8. */
#define COOKIE 8
#define LENGTH_MIN 16
#define LENGTH_MAX 8972 /* an IPv4 packet of 9000 bytes */
#define LENGTH_DEFAULT 56

struct ping_conf {
	uint32_t len; /* of data */
	char data[LENGTH_MAX - COOKIE];
};

enum ping_phase {
	PING_ASK,
	PING_ASKED, /* the step after the WRITE has no reply */
	PING_HEAR,
};

struct ping_state {
	uint8_t phase; /* enum ping_phase */
};

static int length_parse(uint32_t *length, const struct refusal *to)
{
	if (option_number(optarg, LENGTH_MIN, LENGTH_MAX, length) == 0)
		return 0;
	return refuse(
		to, "-l: '%s' is not %d to %d", optarg, LENGTH_MIN, LENGTH_MAX);
}

static int ping_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct ping_conf *conf = data;
	uint32_t length = LENGTH_DEFAULT;
	int option;

	while ((option = getopt(argc, argv, "+:l:")) != -1) {
		if (option != 'l')
			return refuse_option(&to, option);
		if (length_parse(&length, &to) < 0)
			return -1;
	}
	if (refuse_rest(&to, argc, argv) < 0)
		return -1;
	conf->len = length - COOKIE;
	for (uint32_t i = 0; i < conf->len; i++)
		conf->data[i] = (char)('a' + i % 26);
	return 0;
}

static enum checker_next reply_judge(
	const struct ping_conf *conf, struct checker_io *io)
{
	if (io->in_len == conf->len &&
		memcmp(io->in, conf->data, conf->len) == 0)
		return CHECKER_UP;
	io->why = "reply with other data";
	return CHECKER_DOWN;
}

static enum checker_next ping_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct ping_conf *conf = data;
	struct ping_state *state = memory;

	if (state->phase == PING_ASK) {
		state->phase = PING_ASKED;
		io->out = conf->data;
		io->out_len = conf->len;
		io->why = "no reply";
		return CHECKER_WRITE;
	}
	if (state->phase == PING_ASKED) {
		state->phase = PING_HEAR;
		return CHECKER_READ;
	}
	return reply_judge(conf, io);
}

_Static_assert(sizeof(struct ping_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct ping_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct ping_conf),
	.state_size = sizeof(struct ping_state),
	.window = LENGTH_MAX - COOKIE + 1,
	.transport = CHECKER_ICMP,
	.summary = "an ICMP echo request and its reply",
	.usage = "[-l bytes]",
	.configure = ping_configure,
	.step = ping_step,
};
