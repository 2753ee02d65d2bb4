// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of a configuration, and files that they include. */
#include "config/include.h"

#include <string.h>

#define DEPTH_MAX 8 /* of files inside files */
#define FILES_MAX 10000
#define TOTAL_MIB 64 /* of all files together */
#define TOTAL_MAX ((size_t)TOTAL_MIB << 20)

/* Counts a file against the limits. Returns false and complains once if there
 * are too many files or too many bytes. */
static bool fits(struct parser *parser, size_t len, const struct place *place)
{
	if (parser->full)
		return false;
	parser->file_count++;
	parser->bytes += len;
	if (parser->file_count > FILES_MAX)
		complain(parser->context.complaints, place,
			"more than %d files", FILES_MAX);
	else if (parser->bytes > TOTAL_MAX)
		complain(parser->context.complaints, place,
			"more than %d MiB in all files", TOTAL_MIB);
	else
		return true;
	parser->full = true;
	return false;
}

void include_file(
	struct parser *parser, const char *path, const struct place *place)
{
	const struct system *system = parser->context.system;
	struct source *outer = parser->source;
	struct source *source =
		arena_alloc(parser->draft->arena, sizeof(*source));
	const char *why = "cannot be read";
	char *text;
	size_t len;

	if (parser->full)
		return;
	if (system->load(system->arg, parser->draft->arena, path, &text, &len,
		    &why) < 0) {
		complain(
			parser->context.complaints, place, "%s: %s", path, why);
		return;
	}
	if (!fits(parser, len, place))
		return;
	source_init(source, path, text, len);
	parser->source = source;
	parse_top(parser);
	parser->source = outer;
}

/* Returns the pattern as a path. A relative pattern starts in the directory of
 * the file that it is in. */
static const char *beside(const struct arguments *arguments)
{
	const char *pattern = arguments->words[1].text;
	const char *file = arguments->parser->source->name;
	const char *slash = strrchr(file, '/');
	size_t dir = slash ? (size_t)(slash - file) + 1 : 0;
	char *path;

	if (*pattern == '/')
		return pattern;
	path = arena_alloc(arena_of(arguments), dir + strlen(pattern) + 1);
	memcpy(path, file, dir);
	strcpy(path + dir, pattern);
	return path;
}

void read_include(const struct arguments *arguments)
{
	struct parser *parser = arguments->parser;
	const struct system *system = parser->context.system;
	const struct place place = arguments->words[1].place;
	const char *pattern = beside(arguments);
	const char *why = "cannot be read";
	char **paths;
	size_t count;

	if (parser->depth == DEPTH_MAX) {
		complain(complaints_of(arguments), &place,
			"files are included more than %d deep", DEPTH_MAX);
		return;
	}
	if (system->expand(system->arg, arena_of(arguments), pattern, &paths,
		    &count, &why) < 0) {
		complain(complaints_of(arguments), &place, "%s: %s", pattern,
			why);
		return;
	}
	parser->depth++;
	for (size_t i = 0; i < count && !parser->full; i++)
		include_file(parser, paths[i], &place);
	parser->depth--;
}
