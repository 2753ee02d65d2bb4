// SPDX-License-Identifier: GPL-2.0-or-later
/* Splits a configuration into lines and words, which are quoted as in a shell.
 */
#include "config/source.h"

#include <assert.h>
#include <string.h>

void source_init(
	struct source *source, const char *name, const char *text, size_t len)
{
	*source = (struct source){
		.name = name,
		.text = text,
		.end = text + len,
		.at = text,
		.line = 1,
	};
}

static struct place here(const struct source *source)
{
	return (struct place){source, source->at, source->line};
}

static bool at_end(const struct source *source)
{
	return source->at == source->end;
}

static bool at_line_end(const struct source *source)
{
	return at_end(source) || *source->at == '\n';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Skips white space, continuations and a comment. Stops at a word or at the
 * end of the line. */
static void skip_blank(struct source *source)
{
	for (; !at_line_end(source); source->at++) {
		char c = *source->at;

		if (c == '#') {
			while (!at_line_end(source))
				source->at++;
			return;
		}
		if (c == '\\' && source->at + 1 < source->end &&
			source->at[1] == '\n') {
			source->at++;
			source->line++;
			continue;
		}
		if (!is_blank(c))
			return;
	}
}

/* Returns whether a word may hold this byte: control characters are not
 * allowed, the bytes of UTF-8 are. */
static bool is_text(char c)
{
	return (unsigned char)c >= ' ' && c != 0x7f;
}

/* Takes one character outside quotes; a backslash quotes the next one. Returns
 * the number of bytes taken from the source, 0 at a continuation. */
static size_t plain_char(const struct source *source, char *out)
{
	const char *at = source->at;

	*out = at[0];
	if (at[0] != '\\' || at + 1 == source->end)
		return 1;
	if (at[1] == '\n')
		return 0;
	if (!is_text(at[1]))
		return 1;
	*out = at[1];
	return 2;
}

/* Takes one character inside quotes. Inside double quotes a backslash quotes
 * only " and \. Returns the number of bytes taken. */
static size_t quoted_char(const struct source *source, char quote, char *out)
{
	const char *at = source->at;

	*out = at[0];
	if (quote == '"' && at[0] == '\\' && at + 1 < source->end &&
		(at[1] == '"' || at[1] == '\\')) {
		*out = at[1];
		return 2;
	}
	return 1;
}

static int refuse_char(
	const struct source *source, struct complaints *complaints)
{
	struct place place = here(source);

	complain(complaints, &place, "control character 0x%02x is not allowed",
		(unsigned int)(unsigned char)*source->at);
	return -1;
}

/* Takes the text from a quote to its end on the same line. Returns 0, or -1
 * after a complaint. */
static int take_quoted(
	struct source *source, char **out, struct complaints *complaints)
{
	struct place opening = here(source);
	char quote = *source->at++;

	while (!at_line_end(source) && *source->at != quote) {
		if (*source->at != '\t' && !is_text(*source->at))
			return refuse_char(source, complaints);
		source->at += quoted_char(source, quote, (*out)++);
	}
	if (at_line_end(source)) {
		complain(complaints, &opening, "this quote is not closed");
		return -1;
	}
	source->at++;
	return 0;
}

static bool ends_word(const struct source *source)
{
	return at_line_end(source) || is_blank(*source->at);
}

static int take_word(struct source *source, struct word *word, char *out,
	struct complaints *complaints)
{
	const char *start = source->at;

	word->text = out;
	word->place = here(source);
	while (!ends_word(source)) {
		size_t took;

		if (*source->at == '\'' || *source->at == '"') {
			if (take_quoted(source, &out, complaints) < 0)
				return -1;
			continue;
		}
		if (!is_text(*source->at))
			return refuse_char(source, complaints);
		took = plain_char(source, out);
		if (!took)
			break;
		out++;
		source->at += took;
	}
	*out = '\0';
	word->brace =
		source->at - start == 1 && (*start == '{' || *start == '}');
	return 0;
}

static void skip_line(struct source *source)
{
	while (!at_line_end(source))
		source->at++;
}

/* Returns the most bytes that the next word can take: its length in the source.
 * Reads no further than the word, so that a line of many words costs no more
 * than its length. */
static size_t word_room(const struct source *source)
{
	const char *at = source->at;
	char quote = '\0', unused;

	while (at < source->end && *at != '\n' && (quote || !is_blank(*at))) {
		const struct source rest = {.at = at, .end = source->end};
		size_t took = 1;

		if (quote)
			took = quoted_char(&rest, quote, &unused);
		else if (*at != '\'' && *at != '"')
			took = plain_char(&rest, &unused);
		if (took == 1 && *at == quote)
			quote = '\0';
		else if (!quote && (*at == '\'' || *at == '"'))
			quote = *at;
		if (!took)
			break;
		at += took;
	}
	return (size_t)(at - source->at);
}

static int take_next(struct source *source, struct line *line,
	struct arena *arena, struct complaints *complaints)
{
	const struct place place = here(source);
	const size_t room = word_room(source);
	struct word *word = &line->words[line->count];
	int result;

	if (line->count == SOURCE_WORDS_MAX) {
		complain(complaints, &place, "more than %d words on one line",
			SOURCE_WORDS_MAX);
		return -1;
	}
	result = take_word(
		source, word, arena_alloc(arena, room + 1), complaints);
	assert(strlen(word->text) <= room);
	return result;
}

static void take_words(struct source *source, struct line *line,
	struct arena *arena, struct complaints *complaints)
{
	for (skip_blank(source); !at_line_end(source); skip_blank(source)) {
		if (take_next(source, line, arena, complaints) < 0) {
			skip_line(source);
			line->count = 0;
			return;
		}
		line->count++;
	}
}

bool source_line(struct source *source, struct line *line, struct arena *arena,
	struct complaints *complaints)
{
	line->count = 0;
	while (!line->count && !at_end(source) &&
		!complained_enough(complaints)) {
		take_words(source, line, arena, complaints);
		if (!at_end(source)) {
			source->at++;
			source->line++;
		}
	}
	return line->count > 0;
}
