/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser: recursive descent over lines of words. The statements of the
 * language are handed to it. An error costs the rest of its line, and the
 * parser goes on with the next one.
 */
#ifndef LVSMON_CONFIG_PARSE_H
#define LVSMON_CONFIG_PARSE_H

#include "config/draft.h"
#include "config/endpoint.h"
#include "config/source.h"

struct arguments;
typedef void statement_read(const struct arguments *arguments);

struct statement {
	const char *word;
	int levels; /* where it is allowed, IN_* */
	statement_read *read;
	unsigned int count; /* of arguments, the fewest */
	bool rest;          /* takes the rest of the line */
	const char *needs;  /* the arguments, for an error */
};

struct language {
	const struct statement *statements; /* ended by one without a word */
	statement_read *setting;            /* for every word of a setting */
};

struct parser {
	const struct language *language;
	struct draft *draft;
	struct endpoint_context context;
	struct source *source; /* of the file being read */
	struct line *line;
	unsigned int depth; /* of includes */
	unsigned int file_count;
	size_t bytes;    /* of all files so far */
	bool full;       /* too many files or bytes; no more are read */
	bool block_read; /* the block of this line has been read */
};

/* The block that a statement is in. */
struct block {
	int level; /* one of IN_* */
	struct draft_level *settings;
	struct draft_virtual *virtual;
};

/* A statement's words up to the end of the line; the first is its name. */
struct arguments {
	struct parser *parser;
	const struct block *block;
	const struct word *words;
	unsigned int count;
};

/* Reads the rest of the parser's source as lines of the top level. */
void parse_top(struct parser *parser);

/* Reads lines up to the } of a block whose { has been read. opened is the
 * place to report if there is no }. */
void parse_block(struct parser *parser, const struct block *block,
	const struct place *opened);

/* Reads statements that follow one another on a line. */
void parse_statements(struct parser *parser, const struct block *block,
	const struct word *words, unsigned int count);

/* Returns how many words more than one follow a setting as its value: those of
 * "on-fail quiesce TIME remove". */
unsigned int parse_more(const struct arguments *arguments);

/* Returns whether the last of these words is a { of its own. */
bool opens_block(const struct word *words, unsigned int count);

static inline struct complaints *complaints_of(
	const struct arguments *arguments)
{
	return arguments->parser->context.complaints;
}

static inline struct arena *arena_of(const struct arguments *arguments)
{
	return arguments->parser->draft->arena;
}

#endif
