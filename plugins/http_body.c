// SPDX-License-Identifier: GPL-2.0-or-later
/* The body of an HTTP/1.x answer as it arrives: its end, its chunks, and the
 * texts or the digest that it must have. */
#include "http_conf.h"

/* Patterns are matched in blocks of so many bytes of input, lines between
 * chunks included. The second half of a block is the first half of the next. */
#define BLOCK_SIZE HTTP_LINE_MAX

static const char WHY_NOT_FOUND[] = "text not in the body";
static const char WHY_LIMIT[] = "text not in the searched part of the body";
static const char WHY_REFUSED[] = "refused text in the body";

/* The body's bytes of the current block; used within one step only. */
static struct {
	size_t len;
	char bytes[BLOCK_SIZE + 1];
} block;

static bool has_patterns(const struct http_judges *judges)
{
	return judges->wanted_pattern || judges->refused_pattern;
}

static enum http_turn limit_reached(const struct http_conf *conf,
	const struct http_state *state, struct checker_io *io)
{
	return http_bad(state, io,
		conf->whole ? "body longer than the limit" : WHY_LIMIT);
}

/* Searches with the algorithm of Knuth, Morris and Pratt. *matched is all that
 * it remembers between calls. */
static bool needle_found(const struct http_needle *needle,
	uint16_t *matched_before, const char *data, size_t len)
{
	uint16_t matched = *matched_before;

	for (size_t i = 0; i < len && matched < needle->len; i++) {
		while (matched > 0 && data[i] != needle->text[matched])
			matched = needle->border[matched];
		if (data[i] == needle->text[matched])
			matched++;
	}
	*matched_before = matched;
	return matched == needle->len;
}

/* Takes bytes of the body. */
static enum http_turn body_feed(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io, const char *data,
	size_t len)
{
	const struct http_judges *judges = conf->judges;
	struct http_search *search = &state->search;

	if (has_patterns(judges)) {
		memcpy(block.bytes + block.len, data, len);
		block.len += len;
	} else if (judges->digest_len) {
		digest_add(&state->digest, data, len);
	} else if (judges->refused.text &&
		   needle_found(
			   &judges->refused, &search->refused, data, len)) {
		return http_bad(state, io, WHY_REFUSED);
	} else if (judges->wanted.text &&
		   needle_found(&judges->wanted, &search->wanted, data, len) &&
		   !conf->whole) {
		return http_good(state, io);
	}
	return HTTP_GO;
}

static bool digest_is_right(
	const struct http_judges *judges, struct http_state *state)
{
	uint8_t digest[DIGEST_MAX];

	digest_end(&state->digest, digest);
	return memcmp(digest, judges->digest, judges->digest_len) == 0;
}

/* The body is complete. Patterns are judged elsewhere. */
static enum http_turn body_end(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	const struct http_judges *judges = conf->judges;

	if (judges->digest_len && !digest_is_right(judges, state))
		return http_bad(state, io, "wrong digest of the body");
	if (judges->wanted.text && state->search.wanted < judges->wanted.len)
		return http_bad(state, io, WHY_NOT_FOUND);
	return http_good(state, io);
}

static enum http_turn line_too_long(
	const struct http_state *state, struct checker_io *io)
{
	return http_bad(state, io,
		state->phase == HTTP_TRAILER ? "trailer line too long"
					     : "chunk size too long");
}

static size_t at_most(size_t a, uint64_t b)
{
	return a < b ? a : (size_t)b;
}

static enum http_turn data_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	const char *in = http_rest(io, &len);
	bool endless = !state->chunked && !state->has_length;
	bool over = io->eof && endless && len < state->budget;
	enum http_turn turn;

	len = at_most(at_most(len, state->left), state->budget);
	io->used += len;
	state->budget -= (uint32_t)len;
	if (!endless)
		state->left -= len;
	turn = body_feed(conf, state, io, in, len);
	if (turn != HTTP_GO)
		return turn;
	if (over || (state->left == 0 && !state->chunked))
		return body_end(conf, state, io);
	if (state->budget == 0)
		return limit_reached(conf, state, io);
	if (state->left > 0)
		return HTTP_MORE;
	state->phase = HTTP_CHUNK_END;
	return HTTP_GO;
}

/* Takes a line between chunks. The line counts against body_max. */
static enum http_turn chunk_line(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io, struct line *line)
{
	size_t len;
	const char *in = http_rest(io, &len);
	bool whole = line_first(line, in, len);

	if (whole ? line->size > HTTP_LINE_MAX : len > HTTP_LINE_MAX)
		return line_too_long(state, io);
	if (!whole)
		return HTTP_MORE;
	if (line->size >= state->budget)
		return limit_reached(conf, state, io);
	state->budget -= (uint32_t)line->size;
	io->used += line->size;
	return HTTP_GO;
}

static enum http_turn size_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	struct line line;
	enum http_turn turn = chunk_line(conf, state, io, &line);

	if (turn != HTTP_GO)
		return turn;
	if (http_chunk_size(&line, &state->left) < 0)
		return http_bad(state, io, "bad chunk size");
	if (state->left == 0 && !conf->whole)
		return body_end(conf, state, io);
	state->phase = state->left == 0 ? HTTP_TRAILER : HTTP_DATA;
	return HTTP_GO;
}

static enum http_turn chunk_end_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	struct line line;
	enum http_turn turn = chunk_line(conf, state, io, &line);

	if (turn != HTTP_GO)
		return turn;
	if (line.len > 0 || !line.crlf)
		return http_bad(state, io, "bad end of a chunk");
	state->phase = HTTP_CHUNK_SIZE;
	return HTTP_GO;
}

/* RFC 9112, 7.1.2. */
static enum http_turn trailer_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	struct line line;
	enum http_turn turn = chunk_line(conf, state, io, &line);

	if (turn != HTTP_GO || line.len > 0)
		return turn;
	return body_end(conf, state, io);
}

/* Goes on until more input is needed or the body has ended. */
static enum http_turn body_run(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	enum http_turn turn = HTTP_GO;

	while (turn == HTTP_GO) {
		if (state->phase == HTTP_DATA)
			turn = data_turn(conf, state, io);
		else if (state->phase == HTTP_CHUNK_SIZE)
			turn = size_turn(conf, state, io);
		else if (state->phase == HTTP_CHUNK_END)
			turn = chunk_end_turn(conf, state, io);
		else
			turn = trailer_turn(conf, state, io);
	}
	return turn;
}

static enum pattern_result block_search(const struct pattern *pattern,
	const struct http_search *search, bool ended)
{
	size_t from = 0;

	if (!pattern)
		return PATTERN_ABSENT;
	if (search->later)
		from = pattern_lookbehind(pattern);
	/* Behind the first byte, a pattern's ^ does not match. */
	if (search->later && from == 0)
		from = 1;
	if (from > block.len)
		return PATTERN_ABSENT;
	return pattern_search(pattern, block.bytes, block.len, from, ended);
}

static enum http_turn pattern_failed(const struct http_state *state,
	struct checker_io *io, enum pattern_result result)
{
	if (result == PATTERN_STEPS)
		return http_bad(state, io, "too many steps to match the body");
	if (result == PATTERN_MEMORY)
		return http_bad(state, io, "no memory to match the body");
	return http_bad(state, io, "body cannot be matched");
}

/* Matches the patterns with the block. Returns HTTP_GO if they do not decide.
 */
static enum http_turn block_judge(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io, bool ended)
{
	const struct http_judges *judges = conf->judges;
	struct http_search *search = &state->search;
	enum pattern_result result;

	result = block_search(judges->refused_pattern, search, ended);
	if (result == PATTERN_FOUND)
		return http_bad(state, io, WHY_REFUSED);
	if (result == PATTERN_ABSENT && !search->found)
		result = block_search(judges->wanted_pattern, search, ended);
	if (result != PATTERN_FOUND && result != PATTERN_ABSENT)
		return pattern_failed(state, io, result);
	search->found |= result == PATTERN_FOUND;
	if (search->found && !conf->whole)
		return http_good(state, io);
	if (!ended)
		return HTTP_GO;
	if (judges->wanted_pattern && !search->found)
		return http_bad(state, io, "body does not match");
	return http_good(state, io);
}

/* Leaves the first half of a block behind; more if a line between chunks is
 * longer. `size` is at least BLOCK_SIZE. */
static enum http_turn block_leave(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io, size_t size)
{
	struct checker_io part = {
		.in = io->in + io->used, .in_len = BLOCK_SIZE / 2};

	block.len = 0;
	body_run(conf, state, &part);
	if (part.used == 0) {
		part.in_len = BLOCK_SIZE;
		body_run(conf, state, &part);
	}
	io->used += part.used;
	state->search.later |= block.len > 0;
	if (part.used > 0)
		return HTTP_GO;
	return size > BLOCK_SIZE ? line_too_long(state, io) : HTTP_MORE;
}

/* The next scan begins with the block. */
static void scan_begin(struct http_state *state)
{
	state->search.scanned = 0;
	state->search.phase = state->phase;
	state->search.budget = state->budget;
	state->search.left = state->left;
}

/* Decodes what has arrived since the last scan, so that a peer that drips costs
 * no more than one that does not. Returns HTTP_MORE if neither the block nor
 * the body is complete. */
static enum http_turn block_scan(const struct http_conf *conf,
	struct http_state *state, const struct checker_io *io)
{
	struct http_search *search = &state->search;
	struct http_state copy = *state;
	struct checker_io part = {.eof = io->eof};
	enum http_turn turn;
	size_t len;

	part.in = http_rest(io, &len) + search->scanned;
	part.in_len = len - search->scanned;
	if (len >= BLOCK_SIZE)
		return HTTP_GO;
	copy.phase = search->phase;
	copy.budget = search->budget;
	copy.left = search->left;
	block.len = 0;
	turn = body_run(conf, &copy, &part);
	search->scanned = (uint16_t)(search->scanned + part.used);
	search->phase = copy.phase;
	search->budget = copy.budget;
	search->left = copy.left;
	return turn;
}

/*
 * Waits for a block of the body or for its end, and matches it. The decoder
 * runs on copies: a block stays in the input, because its second half is needed
 * again. The places of the blocks do not depend on how the bytes arrive.
 */
static enum http_turn block_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	size_t len;
	struct checker_io part = {.in = http_rest(io, &len), .why = io->why};
	struct http_state copy = *state;
	enum http_turn turn, judged;

	if (block_scan(conf, state, io) == HTTP_MORE)
		return HTTP_MORE;
	part.in_len = at_most(len, BLOCK_SIZE);
	part.eof = io->eof && len <= BLOCK_SIZE;
	block.len = 0;
	turn = body_run(conf, &copy, &part);
	judged = block_judge(conf, state, io, turn == HTTP_GOOD);
	if (judged != HTTP_GO)
		return judged;
	if (turn == HTTP_BAD)
		return http_bad(state, io, part.why);
	judged = block_leave(conf, state, io, len);
	scan_begin(state);
	return judged;
}

enum http_turn http_body_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io)
{
	if (has_patterns(conf->judges))
		return block_turn(conf, state, io);
	return body_run(conf, state, io);
}

static void judges_begin(
	const struct http_judges *judges, struct http_state *state)
{
	if (judges->digest_len)
		digest_begin(
			&state->digest, (enum digest_kind)judges->digest_kind);
	else
		memset(&state->search, 0, sizeof(state->search));
}

enum http_turn http_body_begin(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io, bool has_body)
{
	const char *why = has_body ? http_framing(state) : NULL;

	if (why)
		return http_bad(state, io, why);
	if (!has_body) {
		state->chunked = false;
		state->has_length = true;
		state->left = 0;
	} else if (!state->has_length) {
		state->left = UINT64_MAX;
	}
	judges_begin(conf->judges, state);
	state->budget = conf->body_max;
	state->phase = state->chunked ? HTTP_CHUNK_SIZE : HTTP_DATA;
	if (has_patterns(conf->judges))
		scan_begin(state);
	io->why = conf->whole ? "waiting for the end of the body"
			      : "waiting for text in the body";
	return HTTP_GO;
}
