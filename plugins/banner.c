// SPDX-License-Identifier: GPL-2.0-or-later
/* banner: a dialog of lines to expect and bytes to send, in order. */
#include "codes.h"
#include "escape.h"
#include "line.h"
#include "lvsmon/checker.h"
#include "pattern.h"
#include "vector.h"

#define BANNER_ACTS_MAX 32
#define BANNER_BYTES_MAX 8192 /* in all -s, -e and -q together */
#define BANNER_LINE_DEFAULT 1024
#define BANNER_LINE_MAX 8192
#define BANNER_REPLY_MAX 256 /* lines of one reply, with -M */

enum act_kind {
	ACT_SEND,
	ACT_PREFIX, /* a line that begins with the bytes; no bytes: any line */
	ACT_REGEX,
};

struct act {
	enum act_kind kind;
	uint16_t at; /* index in bytes[] */
	uint16_t len;
	struct pattern *regex;
};

struct banner_conf {
	uint32_t line_max; /* bytes, without the line's end */
	bool replies;      /* -M: a reply lasts from "220-" to "220 " */
	bool quits;        /* -q: the last act is sent with the verdict */
	uint16_t used;     /* bytes of bytes[] */
	uint16_t act_count;
	struct act acts[BANNER_ACTS_MAX];
	char bytes[BANNER_BYTES_MAX];
};

struct banner_state {
	uint16_t act;   /* index of the next act */
	uint16_t lines; /* lines of the current reply so far */
	uint16_t code;  /* code of the unfinished reply; 0 = none */
	uint16_t heard; /* the last code */
};

static struct act *act_add(
	struct banner_conf *conf, enum act_kind kind, const struct refusal *to)
{
	struct act *act;

	/* The last place is for the expectation that expectation_add adds. */
	if (conf->act_count == BANNER_ACTS_MAX - 1) {
		refuse(to, "more than %d of -s, -e, -x and -q",
			BANNER_ACTS_MAX - 1);
		return NULL;
	}
	act = &conf->acts[conf->act_count];
	act->kind = kind;
	return act;
}

/* Adds an act for -s, -e or -q. Returns 0, or -1 with the reason in to. */
static int bytes_parse(struct banner_conf *conf, int option, const char *text,
	const struct refusal *to)
{
	enum act_kind kind = option == 'e' ? ACT_PREFIX : ACT_SEND;
	struct act *act = act_add(conf, kind, to);
	long len;

	if (!act)
		return -1;
	len = escape_read(text, conf->bytes + conf->used,
		sizeof(conf->bytes) - conf->used);
	if (len == -1)
		return refuse(to, "-%c: bad escape in '%s'", option, text);
	if (len < 0)
		return refuse(to, "more than %d bytes to send and expect",
			BANNER_BYTES_MAX);
	if (len == 0)
		return refuse(to, "-%c needs at least one byte", option);
	if (kind == ACT_PREFIX &&
		memchr(conf->bytes + conf->used, '\n', (size_t)len))
		return refuse(to, "-e: line end in the prefix '%s'", text);
	act->at = conf->used;
	act->len = (uint16_t)len;
	conf->used = (uint16_t)(conf->used + len);
	conf->act_count++;
	return 0;
}

static int regex_parse(
	struct banner_conf *conf, const char *pattern, const struct refusal *to)
{
	struct act *act = act_add(conf, ACT_REGEX, to);

	if (!act)
		return -1;
	act->regex = pattern_compile('x', pattern, PATTERN_POSIX, to);
	if (!act->regex)
		return -1;
	conf->act_count++;
	return 0;
}

/* Adds an expectation of any line if the dialog does not end with one. */
static void expectation_add(struct banner_conf *conf)
{
	if (conf->act_count > 0 &&
		conf->acts[conf->act_count - 1].kind != ACT_SEND)
		return;
	conf->acts[conf->act_count++].kind = ACT_PREFIX;
}

static int option_parse(struct banner_conf *conf, int option, const char **quit,
	const struct refusal *to)
{
	switch (option) {
	case 's':
	case 'e':
		return bytes_parse(conf, option, optarg, to);
	case 'x':
		return regex_parse(conf, optarg, to);
	case 'q':
		*quit = optarg;
		return 0;
	case 'M':
		conf->replies = true;
		return 0;
	case 'l':
		if (option_number(
			    optarg, 1, BANNER_LINE_MAX, &conf->line_max) == 0)
			return 0;
		return refuse(
			to, "-l: '%s' is not 1 to %d", optarg, BANNER_LINE_MAX);
	default:
		return refuse_option(to, option);
	}
}

static int vector_parse(struct banner_conf *conf, int argc, char **argv,
	const struct refusal *to)
{
	const char *quit = NULL;
	int option;

	conf->line_max = BANNER_LINE_DEFAULT;
	while ((option = getopt(argc, argv, "+:s:e:x:q:l:M")) != -1)
		if (option_parse(conf, option, &quit, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	expectation_add(conf);
	conf->quits = quit != NULL;
	return quit ? bytes_parse(conf, 'q', quit, to) : 0;
}

static void banner_release(void *data)
{
	struct banner_conf *conf = data;

	for (size_t i = 0; i < conf->act_count; i++)
		if (conf->acts[i].kind == ACT_REGEX)
			pattern_free(conf->acts[i].regex);
	conf->act_count = 0;
}

static int banner_configure(
	void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};

	if (vector_parse(data, argc, argv, &to) == 0)
		return 0;
	banner_release(data);
	return -1;
}

/* Returns NULL, or why the line is not what the act expects. */
static const char *act_expect(const struct banner_conf *conf,
	const struct act *act, const struct line *line)
{
	if (act->kind == ACT_REGEX)
		return pattern_match(act->regex, line->text, line->len);
	if (line->len >= act->len &&
		memcmp(line->text, conf->bytes + act->at, act->len) == 0)
		return NULL;
	return "unexpected line";
}

/* Returns the number in the first three digits of a line, or 0. */
static int line_code(const struct line *line)
{
	int code = line->len < 3 ? -1 : codes_number(line->text);

	return code < 0 ? 0 : code;
}

/* RFC 959, 4.2: a reply that begins with "220-" ends with the line "220 "; the
 * lines between have any form. */
static void reply_follow(struct banner_state *state, const struct line *line)
{
	int code = line_code(line);
	char mark = ' ';

	if (line->len > 3)
		mark = line->text[3];
	if (state->code == 0 && mark == '-')
		state->code = (uint16_t)code;
	else if (state->code == code && mark == ' ')
		state->code = 0;
}

/* Takes the next line of in[]. At eof the rest counts as a line without an
 * end. Returns whether there is a line. */
static bool line_take(struct line *line, const struct checker_io *io)
{
	const char *in = io->in + io->used;
	size_t len = io->in_len - io->used;

	if (line_first(line, in, len))
		return true;
	*line = (struct line){.text = in, .len = len, .size = len};
	return io->eof && len > 0;
}

/* Judges one line by the current expectation. Returns NULL, or why the line is
 * wrong. */
static const char *line_hear(const struct banner_conf *conf,
	struct banner_state *state, const struct line *line)
{
	const char *why = NULL;

	if (state->lines == 0) {
		state->heard = (uint16_t)line_code(line);
		why = act_expect(conf, &conf->acts[state->act], line);
	}
	if (why)
		return why;
	if (++state->lines > BANNER_REPLY_MAX)
		return "too many lines in a reply";
	if (conf->replies)
		reply_follow(state, line);
	if (state->code != 0)
		return NULL;
	state->act++;
	state->lines = 0;
	return NULL;
}

/* Judges lines until the next act is one to send, or no act is left. */
static enum checker_next banner_listen(const struct banner_conf *conf,
	struct banner_state *state, struct checker_io *io)
{
	struct line line;

	while (state->act < conf->act_count &&
		conf->acts[state->act].kind != ACT_SEND) {
		bool whole = line_take(&line, io);
		/* The last byte of an unfinished line may be the CR of its
		 * end. */
		size_t spare = whole ? 0 : 1;

		if (line.len > conf->line_max + spare) {
			io->why = "line too long";
			return CHECKER_DOWN;
		}
		if (!whole) {
			io->why = "waiting for a line";
			return CHECKER_READ;
		}
		io->used += line.size;
		io->why = line_hear(conf, state, &line);
		if (io->why)
			return CHECKER_DOWN;
	}
	return CHECKER_UP;
}

static enum checker_next banner_step(
	const void *data, void *memory, struct checker_io *io)
{
	const struct banner_conf *conf = data;
	struct banner_state *state = memory;
	enum checker_next next = banner_listen(conf, state, io);
	const struct act *act = &conf->acts[state->act];

	if (next == CHECKER_READ)
		return next;
	io->code = state->heard;
	if (next == CHECKER_DOWN || state->act == conf->act_count)
		return next;
	io->out = conf->bytes + act->at;
	io->out_len = act->len;
	if (conf->quits && state->act + 1 == conf->act_count)
		return CHECKER_UP;
	state->act++;
	io->why = "sending";
	return CHECKER_WRITE;
}

_Static_assert(sizeof(struct banner_conf) <= CHECKER_CONF_MAX, "conf");
_Static_assert(sizeof(struct banner_state) <= CHECKER_STATE_MAX, "state");

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.conf_size = sizeof(struct banner_conf),
	.state_size = sizeof(struct banner_state),
	.window = BANNER_LINE_MAX + 2,
	.transport = CHECKER_TCP,
	.summary = "lines expected and bytes sent, in order",
	.usage = "[-e prefix | -x regex | -s bytes]... [-q bytes] [-M] "
		 "[-l length]",
	.configure = banner_configure,
	.release = banner_release,
	.step = banner_step,
};
