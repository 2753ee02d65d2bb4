/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parser's files share: the state, the block, the statement. */
#ifndef LVSMON_CONFIG_PARSE_H
#define LVSMON_CONFIG_PARSE_H

#include "config/draft.h"
#include "config/endpoint.h"

/* Kinds of blocks, as bits. */
enum { IN_TOP = 1, IN_VIRTUAL = 2, IN_REAL = 4, IN_CHECK = 8 };
#define IN_ANY (IN_TOP | IN_VIRTUAL | IN_REAL | IN_CHECK)
#define IN_NODES (IN_TOP | IN_VIRTUAL | IN_REAL)

struct parser {
	struct draft *draft;
	struct endpoint_context endpoint;
	struct source *source; /* of the file being read */
	struct line *line;
	unsigned int depth; /* of includes */
	bool block_read;    /* the line's block has been read */
};

/* The block that a statement stands in. */
struct block {
	int kind;
	struct draft_level *level;
	struct draft_virtual *virtual;
};

/* What a statement is called with: its words, the first one its name. */
struct call {
	struct parser *parser;
	const struct block *block;
	const struct word *words;
	unsigned int count; /* from its name to the end of the line */
};

/* Reads lines up to the } of a block whose { has been seen. */
void parse_block(struct parser *parser, const struct block *block,
	const struct spot *opened);

/* Reads statements that stand one after another. */
void parse_statements(struct parser *parser, const struct block *block,
	const struct word *words, unsigned int count);

/* A level with nothing set. */
void level_init(struct draft_level *level, const struct draft_level *outer);

/* Says that a word is none of some, and which one may have been meant. */
void complain_unknown(struct complaints *complaints, const struct spot *spot,
	const char *what, const char *word, const char *const *known);

/* The first argument as a value. 0, or -1 and said; read_one_of gives the
 * word's place among words. */
int read_one_of(const struct call *call, const char *const *words);
int read_duration(
	const struct call *call, uint32_t min, uint32_t max, uint32_t *ms);

static inline struct complaints *complaints_of(const struct call *call)
{
	return call->parser->endpoint.complaints;
}

static inline struct arena *arena_of(const struct call *call)
{
	return call->parser->draft->arena;
}

/* The statements. */
void read_setting(const struct call *call);
void read_user(const struct call *call);
void read_plugin_dir(const struct call *call);
void read_audit(const struct call *call);
void read_on_exit(const struct call *call);
void read_probes(const struct call *call);
void read_modprobe(const struct call *call);
void read_include(const struct call *call);
void read_virtual(const struct call *call);
void read_also(const struct call *call);
void read_scheduler(const struct call *call);
void read_flags(const struct call *call);
void read_persistence(const struct call *call);
void read_netmask(const struct call *call);
void read_real(const struct call *call);
void read_check(const struct call *call);

#endif
