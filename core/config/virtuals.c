// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements that make something: virtuals, reals, checks. */
#include "base/text.h"
#include "config/parse.h"

#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>

/* mh and sh use the same two bits (linux/ip_vs.h, IP_VS_SVC_F_SCHED_*). */
const struct config_flag config_flags[] = {
	{"ops", IP_VS_SVC_F_ONEPACKET},
	{"flag-1", IP_VS_SVC_F_SCHED1},
	{"flag-2", IP_VS_SVC_F_SCHED2},
	{"flag-3", IP_VS_SVC_F_SCHED3},
	{"sh-fallback", IP_VS_SVC_F_SCHED1},
	{"sh-port", IP_VS_SVC_F_SCHED2},
	{"mh-fallback", IP_VS_SVC_F_SCHED1},
	{"mh-port", IP_VS_SVC_F_SCHED2},
	{NULL, 0},
};

static bool is_name(const char *text)
{
	return *text &&
	       strspn(text,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		       "0123456789_.-") == strlen(text) &&
	       strlen(text) <= 64;
}

static void add_target(const struct call *call, struct draft_virtual *virtual,
	const struct word *word)
{
	struct draft_target *target =
		arena_alloc(arena_of(call), sizeof(*target));

	if (endpoint_target(&call->parser->endpoint, word, target) < 0)
		return;
	*virtual->targets_end = target;
	virtual->targets_end = &target->next;
	call->parser->draft->target_count++;
}

static bool opens_block(const struct call *call)
{
	const struct word *last = &call->words[call->count - 1];

	return last->brace && last->text[0] == '{';
}

static struct draft_virtual *new_virtual(const struct call *call)
{
	struct draft *draft = call->parser->draft;
	struct draft_virtual *virtual = arena_alloc(
		draft->arena, sizeof(*virtual));

	virtual->name = call->words[1].text;
	virtual->scheduler = "wlc";
	virtual->netmask4 = 32;
	virtual->netmask6 = 128;
	virtual->spot = call->words[1].spot;
	virtual->targets_end = &virtual->targets;
	virtual->reals_end = &virtual->reals;
	level_init(&virtual->level, &draft->level);
	*draft->virtuals_end = virtual;
	draft->virtuals_end = &virtual->next;
	draft->virtual_count++;
	return virtual;
}

void read_virtual(const struct call *call)
{
	struct draft_virtual *virtual = new_virtual(call);
	const struct block block = {IN_VIRTUAL, &virtual->level, virtual};
	const struct spot opened = call->words[0].spot;

	if (!is_name(virtual->name))
		complain(complaints_of(call), &virtual->spot,
			"'%s' is no name (letters, digits, _ . -, at most 64)",
			virtual->name);
	add_target(call, virtual, &call->words[2]);
	if (!opens_block(call)) {
		complain(complaints_of(call), &opened,
			"a virtual needs a block: virtual %s %s {",
			call->words[1].text, call->words[2].text);
		return;
	}
	if (call->count > 4)
		complain(complaints_of(call), &call->words[3].spot,
			"unexpected '%s'", call->words[3].text);
	parse_block(call->parser, &block, &opened);
}

void read_also(const struct call *call)
{
	add_target(call, call->block->virtual, &call->words[1]);
}

void read_scheduler(const struct call *call)
{
	const char *name = call->words[1].text;

	if (!*name || strlen(name) > 15 ||
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") !=
			strlen(name)) {
		complain(complaints_of(call), &call->words[1].spot,
			"'%s' is no scheduler's name", name);
		return;
	}
	call->block->virtual->scheduler = name;
}

static void read_flag(const struct call *call, const char *word)
{
	const char *known[16];
	unsigned int i;

	for (i = 0; config_flags[i].word; i++) {
		known[i] = config_flags[i].word;
		if (strcmp(known[i], word) == 0) {
			call->block->virtual->flags |= config_flags[i].flag;
			return;
		}
	}
	known[i] = NULL;
	complain_unknown(complaints_of(call), &call->words[1].spot,
		"unknown flag", word, known);
}

void read_flags(const struct call *call)
{
	char *copy = arena_strdup(arena_of(call), call->words[1].text);
	char *rest = copy, *word;

	while ((word = strsep(&rest, ",")))
		read_flag(call, word);
}

void read_persistence(const struct call *call)
{
	struct draft_virtual *virtual = call->block->virtual;
	uint32_t ms;

	if (read_duration(call, 1000, 31U * CONFIG_INTERVAL_MAX_MS, &ms) < 0)
		return;
	if (ms % 1000)
		complain(complaints_of(call), &call->words[1].spot,
			"persistence goes by whole seconds");
	virtual->persistence_s = ms / 1000;
	virtual->flags |= IP_VS_SVC_F_PERSISTENT;
}

/* "255.255.255.0" is 24; -1 where the ones are not in front. */
static int mask_length(const struct address *mask)
{
	uint32_t bits = ntohl(mask->v4.s_addr);
	int length = __builtin_popcount(bits);

	return length && bits == UINT32_MAX << (32 - length) ? length : -1;
}

void read_netmask(const struct call *call)
{
	struct draft_virtual *virtual = call->block->virtual;
	const struct word *word = &call->words[1];
	struct address mask;
	uint64_t number;
	int length;

	if (text_number(word->text, 1, 128, &number) == 0) {
		virtual->netmask4 = (uint8_t)(number < 32 ? number : 32);
		virtual->netmask6 = (uint8_t)number;
		return;
	}
	if (address_parse(&mask, word->text) == 0 && mask.family == AF_INET) {
		length = mask_length(&mask);
		if (length > 0) {
			virtual->netmask4 = (uint8_t)length;
			return;
		}
	}
	complain(complaints_of(call), &word->spot,
		"'%s' is no netmask (1 to 128, or as 255.255.255.0)",
		word->text);
}

struct new_reals {
	const struct call *call;
	struct draft_level *level;
	bool fallback;
};

static int add_real(void *arg, const char *text)
{
	const struct new_reals *new = arg;
	const struct call *call = new->call;
	struct draft_virtual *virtual = call->block->virtual;
	struct draft_real *real = arena_alloc(arena_of(call), sizeof(*real));

	real->level = new->level;
	real->fallback = new->fallback;
	real->spot = call->words[1].spot;
	if (endpoint_read(&call->parser->endpoint, &real->spot, text, "tcp",
		    &real->address, &real->has_port) < 0)
		return -1;
	if (new->fallback &&virtual->fallback) {
		complain(complaints_of(call), &call->words[0].spot,
			"a virtual has one fallback");
		return -1;
	}
	if (call->parser->draft->real_count == CONFIG_REALS_MAX) {
		complain(complaints_of(call), &real->spot, "more than %d reals",
			CONFIG_REALS_MAX);
		return -1;
	}
	call->parser->draft->real_count++;
	if (new->fallback) {
		virtual->fallback = real;
		return 0;
	}
	*virtual->reals_end = real;
	virtual->reals_end = &real->next;
	virtual->real_count++;
	return 0;
}

void read_real(const struct call *call)
{
	struct draft_level *level = arena_alloc(arena_of(call), sizeof(*level));
	struct new_reals new = {
		.call = call,
		.level = level,
		.fallback = call->words[0].text[0] == 'f',
	};
	const struct block block = {IN_REAL, level, call->block->virtual};
	const struct spot opened = call->words[0].spot;
	bool opens = opens_block(call);
	unsigned int count = call->count - 2 - opens;

	level_init(level, &call->block->virtual->level);
	endpoint_expand(
		&call->parser->endpoint, &call->words[1], add_real, &new);
	parse_statements(call->parser, &block, call->words + 2, count);
	if (opens)
		parse_block(call->parser, &block, &opened);
}

static bool is_checker_name(const char *name)
{
	return *name == '/' ||
	       (*name &&
		       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
			       strlen(name));
}

/* The vector is copied: the words are the line's. */
static struct draft_check *new_check(
	const struct call *call, unsigned int count)
{
	struct draft_check *check = arena_alloc(arena_of(call), sizeof(*check));

	level_init(&check->level, call->block->level);
	check->spot = call->words[1].spot;
	check->argc = (int)count;
	check->argv = arena_array(arena_of(call), count + 1, sizeof(char *));
	for (unsigned int i = 0; i < count; i++)
		check->argv[i] =
			arena_strdup(arena_of(call), call->words[1 + i].text);
	call->parser->draft->check_count++;
	return check;
}

void read_check(const struct call *call)
{
	struct draft_level *level = call->block->level;
	const struct spot opened = call->words[0].spot;
	bool opens = opens_block(call);
	unsigned int count = call->count - 1 - opens;
	struct draft_check *check;
	struct block block;

	if (!is_checker_name(call->words[1].text))
		complain(complaints_of(call), &call->words[1].spot,
			"'check' needs a checker: a name of a-z, 0-9 and _, "
			"or an absolute path");
	if (count == 1 && strcmp(call->words[1].text, "none") == 0) {
		level->checks_none = true;
		if (opens || level->checks)
			complain(complaints_of(call), &opened,
				"'check none' stands alone");
		return;
	}
	if (level->checks_none)
		complain(complaints_of(call), &opened,
			"'check none' stands alone");
	check = new_check(call, count);
	*level->checks_end = check;
	level->checks_end = &check->next;
	block = (struct block){IN_CHECK, &check->level, call->block->virtual};
	if (opens)
		parse_block(call->parser, &block, &opened);
}
