// SPDX-License-Identifier: GPL-2.0-or-later
/* banner: a dialog of lines and bytes to expect and bytes to send, in order. */
#include "banner_conf.h"
#include "codes.h"
#include "line.h"

struct banner_state {
	uint16_t act;   /* index of the next act */
	uint16_t lines; /* lines of the current reply so far */
	uint16_t code;  /* code of the unfinished reply; 0 = none */
	uint16_t heard; /* the last code */
	uint16_t tries; /* lines or replies that -f has looked at */
	bool missed;    /* the current line or reply is not the one */
	bool counted;   /* left holds the bytes that are left to skip */
	uint32_t left;
};

static const char unexpected[] = "unexpected line";
static const char forbidden[] = "forbidden line";

/* Whether another line can be the one that -f looks for. A line that PCRE2 gave
 * up ends the search. */
static bool is_miss(const char *why)
{
	return why == unexpected || why == forbidden || why == pattern_mismatch;
}

/* Returns NULL, or why the line does not match. */
static const char *act_match(const struct banner_conf *conf,
	const struct act *act, const struct line *line)
{
	if (act->kind == ACT_REGEX)
		return pattern_match(act->regex, line->text, line->len);
	if (line->len >= act->len &&
		memcmp(line->text, conf->bytes + act->at, act->len) == 0)
		return NULL;
	return unexpected;
}

/* Returns NULL, or why the line is not what the act expects. */
static const char *act_expect(const struct banner_conf *conf,
	const struct act *act, const struct line *line)
{
	const char *why = act_match(conf, act, line);

	if (!act->negated || (why && !is_miss(why)))
		return why;
	return why ? NULL : forbidden;
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
	const struct act *act = &conf->acts[state->act];
	const char *why = NULL;

	if (state->lines == 0) {
		state->heard = (uint16_t)line_code(line);
		why = act_expect(conf, act, line);
		state->missed = act->find && why && is_miss(why);
	}
	if (why && !state->missed)
		return why;
	if (++state->lines > BANNER_REPLY_MAX)
		return "too many lines in a reply";
	if (conf->replies)
		reply_follow(state, line);
	if (state->code != 0)
		return NULL;
	state->lines = 0;
	if (state->missed)
		return ++state->tries == BANNER_TRIES_MAX ? "no line matches"
							  : NULL;
	state->tries = 0;
	state->act++;
	return NULL;
}

/* Judges the next line. Returns UP if the dialog goes on, READ or DOWN. */
static enum checker_next line_listen(const struct banner_conf *conf,
	struct banner_state *state, struct checker_io *io)
{
	struct line line;
	bool whole = line_take(&line, io);
	/* The last byte of an unfinished line may be the CR of its end. */
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
	return io->why ? CHECKER_DOWN : CHECKER_UP;
}

/* The next bytes must be those of the act; the first other byte decides. */
static enum checker_next bytes_listen(const struct banner_conf *conf,
	struct banner_state *state, struct checker_io *io)
{
	const struct act *act = &conf->acts[state->act];
	size_t have = io->in_len - io->used;
	size_t len = have < act->len ? have : act->len;

	if (memcmp(io->in + io->used, conf->bytes + act->at, len) != 0) {
		io->why = "unexpected bytes";
		return CHECKER_DOWN;
	}
	if (len < act->len) {
		io->why = "waiting for bytes";
		return CHECKER_READ;
	}
	io->used += len;
	state->act++;
	return CHECKER_UP;
}

/* Takes the length field, or the count of the act. Returns UP, READ or DOWN. */
static enum checker_next skip_count(const struct act *act,
	struct banner_state *state, struct checker_io *io)
{
	const uint8_t *in = (const uint8_t *)io->in + io->used;
	uint32_t count = 0;

	if (act->kind == ACT_SKIP) {
		count = act->count;
	} else {
		if (io->in_len - io->used < act->count)
			return CHECKER_READ;
		for (uint32_t i = 0; i < act->count; i++)
			count = count << 8 |
				in[act->little ? act->count - 1 - i : i];
		io->used += act->count;
	}
	state->left = count;
	state->counted = true;
	if (count <= BANNER_SKIP_MAX)
		return CHECKER_UP;
	io->why = "length field too large";
	return CHECKER_DOWN;
}

static enum checker_next skip_listen(const struct banner_conf *conf,
	struct banner_state *state, struct checker_io *io)
{
	enum checker_next next = CHECKER_UP;
	size_t have;

	io->why = "waiting for bytes";
	if (!state->counted)
		next = skip_count(&conf->acts[state->act], state, io);
	if (next != CHECKER_UP)
		return next;
	have = io->in_len - io->used;
	if (have > state->left)
		have = state->left;
	io->used += have;
	state->left -= (uint32_t)have;
	if (state->left > 0)
		return CHECKER_READ;
	state->counted = false;
	state->act++;
	return CHECKER_UP;
}

/* Returns UP if the dialog goes on, READ or DOWN. */
static enum checker_next act_listen(const struct banner_conf *conf,
	struct banner_state *state, struct checker_io *io)
{
	switch (conf->acts[state->act].kind) {
	case ACT_BYTES:
		return bytes_listen(conf, state, io);
	case ACT_SKIP:
	case ACT_FIELD:
		return skip_listen(conf, state, io);
	default:
		return line_listen(conf, state, io);
	}
}

/* Listens until the next act is one to send, or no act is left. */
static enum checker_next banner_listen(const struct banner_conf *conf,
	struct banner_state *state, struct checker_io *io)
{
	enum checker_next next = CHECKER_UP;

	while (next == CHECKER_UP && state->act < conf->act_count &&
		conf->acts[state->act].kind != ACT_SEND)
		next = act_listen(conf, state, io);
	return next;
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
	.summary = "lines or bytes expected and bytes sent, in order",
	.usage = "[[-f] [-v] -e prefix | [-f] [-v] -x regex | -r bytes | "
		 "-n count | -N width | -s bytes]... [-q bytes] [-M] "
		 "[-l length]",
	.configure = banner_configure,
	.release = banner_release,
	.step = banner_step,
};
