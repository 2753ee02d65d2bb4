// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of a configuration: words as in a shell, and errors about them. */
#include "config/source.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 200 /* of a source line */

bool complained_enough(const struct complaints *to)
{
	return to->count >= SOURCE_ERRORS_MAX;
}

static const char *line_start(const struct spot *spot)
{
	const char *start = spot->at;

	while (start > spot->source->text && start[-1] != '\n')
		start--;
	return start;
}

static uint32_t spot_column(const struct spot *spot)
{
	return (uint32_t)(spot->at - line_start(spot)) + 1;
}

struct config_place spot_place(const struct spot *spot, struct arena *arena)
{
	return (struct config_place){
		.file = arena_strdup(arena, spot->source->name),
		.line = spot->line,
		.column = spot_column(spot),
	};
}

/* The source line and a caret below; tabs stay tabs, so that it stands right.
 */
static void add_picture(
	struct text *text, const char *start, const char *end, uint32_t column)
{
	size_t len = 0;

	while (start + len < end && start[len] != '\n' && len < SHOWN_MAX)
		len++;
	text_add(text, "\n");
	for (size_t i = 0; i < len; i++)
		text_add(text, "%c",
			start[i] == '\t' || (start[i] >= ' ' && start[i] <= '~')
				? start[i]
				: '?');
	if (column > len + 1)
		return;
	text_add(text, "\n");
	for (size_t i = 0; i + 1 < column; i++)
		text_add(text, "%c", start[i] == '\t' ? '\t' : ' ');
	text_add(text, "^");
}

static void report(struct complaints *to, const struct config_place *place,
	const char *start, const char *end, const char *message)
{
	char buf[SOURCE_MESSAGE_MAX * 2 + 2 * SHOWN_MAX];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_add(&text, "%s:%u:%u: %s", place->file, place->line, place->column,
		message);
	if (start && start < end)
		add_picture(&text, start, end, place->column);
	to->report(to->arg, buf);
}

static bool said_before(const struct complaints *to, const struct spot *spot,
	const char *format)
{
	for (unsigned int i = 0; i < to->count; i++)
		if (to->said[i].at == spot->at && to->said[i].format == format)
			return true;
	return false;
}

void complain(
	struct complaints *to, const struct spot *spot, const char *format, ...)
{
	struct config_place place = {
		.file = spot->source->name,
		.line = spot->line,
		.column = spot_column(spot),
	};
	char message[SOURCE_MESSAGE_MAX];
	va_list ap;

	if (complained_enough(to) ||
		(to->once && said_before(to, spot, format)))
		return;
	to->said[to->count].at = spot->at;
	to->said[to->count].format = format;
	va_start(ap, format);
	vsnprintf(message, sizeof(message), format, ap);
	va_end(ap);
	report(to, &place, line_start(spot), spot->source->end, message);
	if (++to->count == SOURCE_ERRORS_MAX)
		to->report(to->arg, "too many errors");
}

void config_complain(const struct system *system,
	const struct config_place *place, config_report *call, void *arg,
	const char *message)
{
	struct complaints to = {.report = call, .arg = arg};
	struct arena *arena = arena_create();
	const char *why, *start = NULL, *end = NULL;
	char *text;
	size_t len;

	if (system && system->load(system->arg, arena, place->file, &text, &len,
			      &why) == 0) {
		start = text;
		end = text + len;
		for (uint32_t line = 1; start && line < place->line; line++) {
			start = memchr(start, '\n', (size_t)(end - start));
			start = start ? start + 1 : NULL;
		}
	}
	report(&to, place, start, end, message);
	arena_destroy(arena);
}

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

static struct spot here(const struct source *source)
{
	return (struct spot){source, source->at, source->line};
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

/* Past white space, continuations and a comment; stops at a word or at the
 * line's end. */
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

/* Bytes that may stand in a word: no control characters. UTF-8 may. */
static bool is_text(char c)
{
	return (unsigned char)c >= ' ' && c != 0x7f;
}

/* One character of a word that is not quoted, or after a backslash.
 * Returns how many bytes of the source it took; 0 = it does not belong. */
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

/* In double quotes a backslash is one but before " and \. */
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
	struct spot spot = here(source);

	complain(complaints, &spot, "a character that no text has (0x%02x)",
		(unsigned int)(unsigned char)*source->at);
	return -1;
}

/* From one quote to the next; both on one line. -1 = said what is wrong. */
static int take_quoted(
	struct source *source, char **out, struct complaints *complaints)
{
	struct spot opening = here(source);
	char quote = *source->at++;

	while (!at_line_end(source) && *source->at != quote) {
		if (*source->at != '\t' && !is_text(*source->at))
			return refuse_char(source, complaints);
		source->at += quoted_char(source, quote, (*out)++);
	}
	if (at_line_end(source)) {
		complain(complaints, &opening, "this quote has no end");
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
	word->spot = here(source);
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

/* Bytes that a word can take at the most: what is quoted may hold blanks. */
static size_t word_room(const struct source *source)
{
	size_t room = 0;
	bool quoted = false;

	for (const char *at = source->at; at < source->end && *at != '\n';
		at++) {
		quoted |= *at == '\'' || *at == '"' || *at == '\\';
		if (is_blank(*at) && !quoted)
			break;
		room++;
	}
	return room;
}

static int take_next(struct source *source, struct line *line,
	struct arena *arena, struct complaints *complaints)
{
	struct spot spot = here(source);

	if (line->count == SOURCE_WORDS_MAX) {
		complain(complaints, &spot, "more than %d words on one line",
			SOURCE_WORDS_MAX);
		return -1;
	}
	return take_word(source, &line->words[line->count],
		arena_alloc(arena, word_room(source) + 1), complaints);
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
