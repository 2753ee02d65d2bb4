// SPDX-License-Identifier: GPL-2.0-or-later
/* udp: a datagram, and the reply that is expected, if any. */
#include "escape.h"
#include "lvsmon/checker.h"
#include "vector.h"

#define PAYLOAD_MAX 1024
#define PREFIX_MAX 1024
#define REPLY_MAX 8192

struct udp_conf {
	bool quiet;    /* silence is up */
	uint32_t skip; /* bytes of the reply before the prefix */
	uint32_t shortest;
	uint32_t longest;
	uint16_t payload_len;
	uint16_t prefix_len;
	char payload[PAYLOAD_MAX];
	char prefix[PREFIX_MAX];
};

enum udp_phase {
	UDP_ASK,
	UDP_ASKED, /* the step after the WRITE has no datagram */
	UDP_HEAR,
};

struct udp_state {
	uint8_t phase; /* enum udp_phase */
};

/* Reads the bytes of -s or -e. Returns their number, or 0 with the reason in
 * to. */
static uint16_t bytes_parse(
	char *bytes, size_t size, int option, const struct refusal *to)
{
	long len = escape_read(optarg, bytes, size);

	if (len > 0)
		return (uint16_t)len;
	if (len == -1)
		refuse(to, "-%c: bad escape in '%s'", option, optarg);
	else if (len == 0)
		refuse(to, "-%c needs at least one byte", option);
	else
		refuse(to, "-%c: more than %zu bytes", option, size);
	return 0;
}

/* Reads "12" or "12-512". */
static int lengths_parse(struct udp_conf *conf, const struct refusal *to)
{
	size_t len = strcspn(optarg, "-");
	char first[8] = "";

	if (len < sizeof(first))
		memcpy(first, optarg, len);
	if (option_number(first, 0, REPLY_MAX, &conf->shortest) == 0 &&
		option_number(optarg[len] ? optarg + len + 1 : first,
			conf->shortest, REPLY_MAX, &conf->longest) == 0)
		return 0;
	return refuse(to, "-l: '%s' is not a length or a range up to %d",
		optarg, REPLY_MAX);
}

static int option_parse(
	struct udp_conf *conf, int option, const struct refusal *to)
{
	switch (option) {
	case 's':
		conf->payload_len = bytes_parse(
			conf->payload, sizeof(conf->payload), option, to);
		return conf->payload_len ? 0 : -1;
	case 'e':
		conf->prefix_len = bytes_parse(
			conf->prefix, sizeof(conf->prefix), option, to);
		return conf->prefix_len ? 0 : -1;
	case 'k':
		if (option_number(optarg, 0, REPLY_MAX, &conf->skip) == 0)
			return 0;
		return refuse(to, "-k: '%s' is not 0 to %d", optarg, REPLY_MAX);
	case 'l':
		return lengths_parse(conf, to);
	case 'q':
		conf->quiet = true;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

static int conf_check(const struct udp_conf *conf, const struct refusal *to)
{
	if (conf->payload_len == 0)
		return refuse(to, "needs -s, the bytes to send");
	if (conf->skip > 0 && conf->prefix_len == 0)
		return refuse(to, "-k needs -e");
	if (conf->longest < conf->skip + conf->prefix_len)
		return refuse(to, "-e: no reply has room for %u bytes",
			conf->skip + conf->prefix_len);
	return 0;
}

static int udp_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct udp_conf *conf = data;
	int option;

	conf->longest = REPLY_MAX;
	while ((option = getopt(argc, argv, "+:s:e:k:l:q")) != -1)
		if (option_parse(conf, option, &to) < 0)
			return -1;
	if (refuse_rest(&to, argc, argv) < 0)
		return -1;
	return conf_check(conf, &to);
}

/* Returns NULL, or why the reply is wrong. */
static const char *reply_judge(
	const struct udp_conf *conf, const struct checker_io *io)
{
	size_t skip = conf->skip;

	if (io->in_len < conf->shortest)
		return "reply too short";
	if (io->in_len > conf->longest)
		return "reply too long";
	if (conf->prefix_len == 0)
		return NULL;
	if (io->in_len < skip + conf->prefix_len ||
		memcmp(io->in + skip, conf->prefix, conf->prefix_len) != 0)
		return "unexpected reply";
	return NULL;
}

static enum checker_next udp_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct udp_conf *conf = data;
	struct udp_state *state = memory;
	const char *why;

	if (state->phase == UDP_ASK) {
		state->phase = UDP_ASKED;
		io->out = conf->payload;
		io->out_len = conf->payload_len;
		io->why = "waiting for the reply";
		return CHECKER_WRITE;
	}
	if (io->expired && conf->quiet)
		return CHECKER_UP;
	if (state->phase == UDP_ASKED || io->expired) {
		state->phase = UDP_HEAR;
		return CHECKER_READ;
	}
	why = reply_judge(conf, io);
	if (!why)
		return CHECKER_UP;
	io->why = why;
	return CHECKER_DOWN;
}

_Static_assert(sizeof(struct udp_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct udp_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct udp_conf),
	.state_size = sizeof(struct udp_state),
	.window = REPLY_MAX,
	.transport = CHECKER_UDP,
	.deadline = true,
	.summary = "a datagram and its reply",
	.usage = "-s bytes [-e prefix] [-k bytes] [-l length[-length]] [-q]",
	.configure = udp_configure,
	.step = udp_step,
};
