// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser: recursive descent over lines of words, from one table of
 * statements. An error costs its line, and the rest is read on. */
#include "config/parse.h"
#include "base/text.h"
#include "config/settings.h"

#include <string.h>

#define INCLUDE_MAX 8 /* files inside files */
#define WORDS_MAX 48  /* that one kind of block knows */

struct statement {
	const char *word;
	int where;
	unsigned int arguments; /* fewest */
	bool rest;              /* takes the rest of the line */
	void (*read)(const struct call *call);
	enum setting setting;
};

static const struct statement statements[] = {
	{"user", IN_TOP, 1, false, read_user, 0},
	{"plugin-dir", IN_TOP, 1, false, read_plugin_dir, 0},
	{"audit", IN_TOP, 1, false, read_audit, 0},
	{"on-exit", IN_TOP, 1, false, read_on_exit, 0},
	{"probes", IN_TOP, 1, false, read_probes, 0},
	{"modprobe", IN_TOP, 1, false, read_modprobe, 0},
	{"include", IN_TOP, 1, false, read_include, 0},
	{"virtual", IN_TOP, 2, true, read_virtual, 0},
	{"also", IN_VIRTUAL, 1, false, read_also, 0},
	{"scheduler", IN_VIRTUAL, 1, false, read_scheduler, 0},
	{"flags", IN_VIRTUAL, 1, false, read_flags, 0},
	{"persistence", IN_VIRTUAL, 1, false, read_persistence, 0},
	{"netmask", IN_VIRTUAL, 1, false, read_netmask, 0},
	{"real", IN_VIRTUAL, 1, true, read_real, 0},
	{"fallback", IN_VIRTUAL, 1, true, read_real, 0},
	{"check", IN_NODES, 1, true, read_check, 0},
	{"interval", IN_ANY, 1, false, read_setting, SETTING_INTERVAL},
	{"timeout", IN_ANY, 1, false, read_setting, SETTING_TIMEOUT},
	{"connect-timeout", IN_ANY, 1, false, read_setting,
		SETTING_CONNECT_TIMEOUT},
	{"rise", IN_ANY, 1, false, read_setting, SETTING_RISE},
	{"fall", IN_ANY, 1, false, read_setting, SETTING_FALL},
	{"fall-after", IN_ANY, 1, false, read_setting, SETTING_FALL_AFTER},
	{"bind", IN_ANY, 1, false, read_setting, SETTING_BIND},
	{"check-address", IN_ANY, 1, false, read_setting,
		SETTING_CHECK_ADDRESS},
	{"check-port", IN_ANY, 1, false, read_setting, SETTING_CHECK_PORT},
	{"weight", IN_NODES, 1, false, read_setting, SETTING_WEIGHT},
	{"upper", IN_NODES, 1, false, read_setting, SETTING_UPPER},
	{"lower", IN_NODES, 1, false, read_setting, SETTING_LOWER},
	{"forward", IN_NODES, 1, false, read_setting, SETTING_FORWARD},
	{"on-fail", IN_NODES, 1, false, read_setting, SETTING_ON_FAIL},
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

static const struct statement *find_statement(struct parser *parser,
	const struct block *block, const struct word *word)
{
	const char *known[WORDS_MAX];
	const struct statement *elsewhere = NULL;
	unsigned int count = 0;

	for (size_t i = 0; i < STATEMENTS; i++) {
		bool same = strcmp(statements[i].word, word->text) == 0;

		if (same && statements[i].where & block->kind)
			return &statements[i];
		if (same)
			elsewhere = &statements[i];
		else if (statements[i].where & block->kind)
			known[count++] = statements[i].word;
	}
	known[count] = NULL;
	if (elsewhere)
		complain(parser->endpoint.complaints, &word->spot,
			"'%s' does not belong here", word->text);
	else
		complain_unknown(parser->endpoint.complaints, &word->spot,
			"unknown word", word->text, known);
	return NULL;
}

static bool has_arguments(
	const struct word *words, unsigned int count, unsigned int arguments)
{
	if (count < 1 + arguments)
		return false;
	for (unsigned int i = 1; i <= arguments; i++)
		if (words[i].brace)
			return false;
	return true;
}

/* Statements stand one after another on a line; one that is not understood
 * takes the rest with it. */
void parse_statements(struct parser *parser, const struct block *block,
	const struct word *words, unsigned int count)
{
	while (count) {
		const struct statement *statement =
			find_statement(parser, block, words);
		const struct call call = {parser, block, words, count};

		if (!statement)
			return;
		if (!has_arguments(words, count, statement->arguments)) {
			complain(parser->endpoint.complaints, &words->spot,
				"'%s' needs %s", words->text,
				statement->arguments == 1
					? "an argument"
					: "a name and an address");
			return;
		}
		statement->read(&call);
		if (statement->rest)
			return;
		words += 1 + statement->arguments;
		count -= 1 + statement->arguments;
	}
}

static bool closes_block(const struct line *line)
{
	return line->words[0].brace && line->words[0].text[0] == '}';
}

static bool opens_block(const struct line *line)
{
	const struct word *last = &line->words[line->count - 1];

	return last->brace && last->text[0] == '{';
}

/* A block that belongs to nothing: one error is enough for it. */
static void skip_block(struct parser *parser)
{
	unsigned int open = 1;

	while (open &&
		source_line(parser->source, parser->line, parser->draft->arena,
			parser->endpoint.complaints)) {
		open += opens_block(parser->line);
		open -= closes_block(parser->line);
	}
}

/* A line of its own for blocks inside: they read on in the same file. */
static void read_line(struct parser *parser, const struct block *block,
	const struct line *line)
{
	struct word *words =
		arena_array(parser->draft->arena, line->count, sizeof(*words));
	bool opens = opens_block(line);

	memcpy(words, line->words, line->count * sizeof(*words));
	parser->block_read = false;
	parse_statements(parser, block, words, line->count);
	if (opens && !parser->block_read)
		skip_block(parser);
}

static void read_block(struct parser *parser, const struct block *block,
	const struct spot *opened)
{
	struct line *line = parser->line;
	struct complaints *complaints = parser->endpoint.complaints;

	while (source_line(
		parser->source, line, parser->draft->arena, complaints)) {
		if (!closes_block(line)) {
			read_line(parser, block, line);
			continue;
		}
		if (line->count > 1)
			complain(complaints, &line->words[1].spot,
				"unexpected '%s' after '}'",
				line->words[1].text);
		return;
	}
	complain(complaints, opened, "this block has no end");
}

void parse_block(struct parser *parser, const struct block *block,
	const struct spot *opened)
{
	read_block(parser, block, opened);
	/* Only now: the lines inside had blocks of their own. */
	parser->block_read = true;
}

static void read_top(struct parser *parser)
{
	const struct block block = {IN_TOP, &parser->draft->level, NULL};
	struct line *line = parser->line;

	while (source_line(parser->source, line, parser->draft->arena,
		parser->endpoint.complaints)) {
		if (closes_block(line))
			complain(parser->endpoint.complaints,
				&line->words[0].spot, "no block is open here");
		else
			read_line(parser, &block, line);
	}
}

static void read_file(
	struct parser *parser, const char *path, const struct spot *spot)
{
	const struct system *system = parser->endpoint.system;
	struct source *outer = parser->source;
	struct source *source =
		arena_alloc(parser->draft->arena, sizeof(*source));
	const char *why = "cannot be read";
	char *text;
	size_t len;

	if (system->load(system->arg, parser->draft->arena, path, &text, &len,
		    &why) < 0) {
		complain(
			parser->endpoint.complaints, spot, "%s: %s", path, why);
		return;
	}
	source_init(source, path, text, len);
	parser->source = source;
	read_top(parser);
	parser->source = outer;
}

/* A pattern that is not absolute is one beside the file it stands in. */
static const char *beside(const struct call *call, const char *pattern)
{
	const char *file = call->parser->source->name;
	const char *slash = strrchr(file, '/');
	size_t dir = slash ? (size_t)(slash - file) + 1 : 0;
	char *path;

	if (*pattern == '/')
		return pattern;
	path = arena_alloc(arena_of(call), dir + strlen(pattern) + 1);
	memcpy(path, file, dir);
	strcpy(path + dir, pattern);
	return path;
}

void read_include(const struct call *call)
{
	const struct system *system = call->parser->endpoint.system;
	const struct spot spot = call->words[1].spot;
	const char *pattern = beside(call, call->words[1].text);
	const char *why = "cannot be read";
	char **paths;
	size_t count;

	if (call->parser->depth == INCLUDE_MAX) {
		complain(complaints_of(call), &spot,
			"more than %d files inside each other", INCLUDE_MAX);
		return;
	}
	if (system->expand(system->arg, arena_of(call), pattern, &paths, &count,
		    &why) < 0) {
		complain(complaints_of(call), &spot, "%s: %s", pattern, why);
		return;
	}
	call->parser->depth++;
	for (size_t i = 0; i < count; i++)
		read_file(call->parser, paths[i], &spot);
	call->parser->depth--;
}

void level_init(struct draft_level *level, const struct draft_level *outer)
{
	*level = (struct draft_level){.outer = outer};
	level->checks_end = &level->checks;
}

void config_parse(struct draft *draft, const char *path,
	const struct system *system, struct complaints *complaints)
{
	struct source nowhere;
	struct spot spot = {&nowhere, "", 1};
	struct parser parser = {
		.draft = draft,
		.endpoint = {system, complaints, draft->arena},
		.line = arena_alloc(draft->arena, sizeof(struct line)),
	};

	draft->user = "lvsmon";
	draft->audit_ms = 30000;
	draft->pool = 512;
	draft->modprobe = true;
	draft->virtuals_end = &draft->virtuals;
	level_init(&draft->level, NULL);
	source_init(&nowhere, path, spot.at, 0);
	read_file(&parser, path, &spot);
}
