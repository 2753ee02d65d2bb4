// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser: recursive descent over lines of words. */
#include "config/parse.h"

#include "base/text.h"

#include <string.h>

/* A setting is a statement with one argument, or with three: "on-fail quiesce
 * 30s remove". */
static struct statement setting_statement(
	const struct parser *parser, const struct setting *setting)
{
	return (struct statement){
		.word = setting->word,
		.levels = setting->levels,
		.read = parser->language->setting,
		.count = 1,
		.needs = "an argument",
	};
}

/* Finds the statement of a word at any level. */
static bool find_anywhere(const struct parser *parser, const char *word,
	struct statement *statement)
{
	const struct statement *found = parser->language->statements;
	uint32_t setting;

	while (found->word && strcmp(found->word, word) != 0)
		found++;
	if (found->word) {
		*statement = *found;
		return true;
	}
	setting = setting_find(word);
	if (setting == SETTING_NONE)
		return false;
	*statement = setting_statement(parser, &settings_table[setting]);
	return true;
}

static void complain_statement(const struct parser *parser,
	const struct block *block, const struct word *word)
{
	const struct statement *statement = parser->language->statements;
	struct known known = {.count = 0};

	for (; statement->word; statement++)
		if (statement->levels & block->level)
			known_add(&known, statement->word);
	for (uint32_t i = 0; i < settings_count; i++)
		if (settings_table[i].levels & block->level)
			known_add(&known, settings_table[i].word);
	complain_unknown(parser->context.complaints, &word->place,
		"unknown word", word->text, &known);
}

static bool find_statement(const struct parser *parser,
	const struct block *block, const struct word *word,
	struct statement *statement)
{
	if (!find_anywhere(parser, word->text, statement)) {
		complain_statement(parser, block, word);
		return false;
	}
	if (statement->levels & block->level)
		return true;
	complain(parser->context.complaints, &word->place,
		"'%s' is not allowed here", word->text);
	return false;
}

static bool has_arguments(
	const struct word *words, unsigned int count, unsigned int needed)
{
	if (count < 1 + needed)
		return false;
	for (unsigned int i = 1; i <= needed; i++)
		if (words[i].brace)
			return false;
	return true;
}

unsigned int parse_more(const struct arguments *arguments)
{
	const struct word *words = arguments->words;
	uint32_t ms;

	if (arguments->count < 3 || strcmp(words[0].text, "on-fail") != 0 ||
		words[2].brace || text_duration(words[2].text, &ms) < 0)
		return 0;
	return arguments->count > 3 && !words[3].brace ? 2 : 1;
}

void parse_statements(struct parser *parser, const struct block *block,
	const struct word *words, unsigned int count)
{
	while (count) {
		const struct arguments arguments = {
			parser, block, words, count};
		struct statement statement;
		unsigned int taken;

		if (!find_statement(parser, block, words, &statement))
			return;
		if (!has_arguments(words, count, statement.count)) {
			complain(parser->context.complaints, &words->place,
				"'%s' needs %s", words->text, statement.needs);
			return;
		}
		statement.read(&arguments);
		if (statement.rest)
			return;
		taken = 1 + statement.count + parse_more(&arguments);
		words += taken;
		count -= taken;
	}
}

bool opens_block(const struct word *words, unsigned int count)
{
	const struct word *last = &words[count - 1];

	return last->brace && last->text[0] == '{';
}

static bool closes_block(const struct line *line)
{
	return line->words[0].brace && line->words[0].text[0] == '}';
}

static bool next_line(struct parser *parser)
{
	return source_line(parser->source, parser->line, parser->draft->arena,
		parser->context.complaints);
}

/* Skips a block whose statement was wrong: one error is enough for it. */
static void skip_block(struct parser *parser)
{
	const struct line *line = parser->line;
	unsigned int open = 1;

	while (open && next_line(parser)) {
		open += opens_block(line->words, line->count);
		open -= closes_block(line);
	}
}

/* Reads the words of a line from a copy, because the blocks inside use the
 * parser's line for their own lines. */
static void read_line(struct parser *parser, const struct block *block)
{
	const struct line *line = parser->line;
	const unsigned int count = line->count;
	struct word *words =
		arena_array(parser->draft->arena, count, sizeof(*words));
	bool opens = opens_block(line->words, count);

	memcpy(words, line->words, count * sizeof(*words));
	parser->block_read = false;
	parse_statements(parser, block, words, count);
	if (opens && !parser->block_read)
		skip_block(parser);
}

static void read_block(struct parser *parser, const struct block *block,
	const struct place *opened)
{
	const struct line *line = parser->line;

	while (next_line(parser)) {
		if (!closes_block(line)) {
			read_line(parser, block);
			continue;
		}
		if (line->count > 1)
			complain(parser->context.complaints,
				&line->words[1].place,
				"unexpected '%s' after '}'",
				line->words[1].text);
		return;
	}
	complain(
		parser->context.complaints, opened, "this block is not closed");
}

void parse_block(struct parser *parser, const struct block *block,
	const struct place *opened)
{
	read_block(parser, block, opened);
	/* Set last, because lines inside the block clear it. */
	parser->block_read = true;
}

void parse_top(struct parser *parser)
{
	const struct block block = {IN_TOP, &parser->draft->level, NULL};

	while (next_line(parser)) {
		if (closes_block(parser->line))
			complain(parser->context.complaints,
				&parser->line->words[0].place,
				"there is no open block to close");
		else
			read_line(parser, &block);
	}
}
