// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements about virtual services, real servers and checks. */
#include "config/virtuals.h"

#include "base/text.h"
#include "config/values.h"

#include <linux/ip_vs.h>
#include <string.h>

#define NAME_LEN_MAX 64
#define SCHEDULER_LEN_MAX 15 /* linux/ip_vs.h: IP_VS_SCHEDNAME_MAXLEN - 1 */
#define SECOND_MS 1000U
#define PERSISTENCE_MAX_MS (31U * CONFIG_INTERVAL_MAX_MS)
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

#define NOT_COMBINED "'check none' cannot be combined with other checks"

static bool consists_of(const char *text, const char *characters)
{
	return *text && strspn(text, characters) == strlen(text);
}

static bool is_name(const char *text)
{
	return consists_of(text, LOWER UPPER DIGITS "_.-") &&
	       strlen(text) <= NAME_LEN_MAX;
}

static void add_target(const struct arguments *arguments,
	struct draft_virtual *virtual, const struct word *word)
{
	struct draft_target *target =
		arena_alloc(arena_of(arguments), sizeof(*target));
	int result;

	result = endpoint_target(&arguments->parser->context, word, target);
	if (result == SYSTEM_NO_ANSWER)
		draft_miss(arguments->parser->draft, virtual, &word->place,
			word->text, arguments->parser->context.why);
	if (result != 0)
		return;
	*virtual->targets_end = target;
	virtual->targets_end = &target->next;
	arguments->parser->draft->target_count++;
}

static struct draft_virtual *new_virtual(const struct arguments *arguments)
{
	struct draft *draft = arguments->parser->draft;
	struct draft_virtual *virtual = arena_alloc(
		draft->arena, sizeof(*virtual));

	virtual->name = arguments->words[1].text;
	virtual->scheduler = "wlc";
	virtual->netmask4 = 32;
	virtual->netmask6 = 128;
	virtual->place = arguments->words[1].place;
	virtual->targets_end = &virtual->targets;
	virtual->reals_end = &virtual->reals;
	level_init(&virtual->level, &draft->level);
	*draft->virtuals_end = virtual;
	draft->virtuals_end = &virtual->next;
	draft->virtual_count++;
	return virtual;
}

void read_virtual(const struct arguments *arguments)
{
	struct draft_virtual *virtual = new_virtual(arguments);
	const struct block block = {IN_VIRTUAL, &virtual->level, virtual};
	const struct place opened = arguments->words[0].place;

	if (!is_name(virtual->name))
		complain(complaints_of(arguments), &virtual->place,
			"'%s' is not a valid name (letters, digits, _ . -, at "
			"most 64)",
			virtual->name);
	add_target(arguments, virtual, &arguments->words[2]);
	if (!opens_block(arguments->words, arguments->count)) {
		complain(complaints_of(arguments), &opened,
			"a virtual service needs a block: virtual %s %s {",
			arguments->words[1].text, arguments->words[2].text);
		return;
	}
	if (arguments->count > 4)
		complain(complaints_of(arguments), &arguments->words[3].place,
			"unexpected '%s'", arguments->words[3].text);
	parse_block(arguments->parser, &block, &opened);
}

void read_also(const struct arguments *arguments)
{
	add_target(arguments, arguments->block->virtual, &arguments->words[1]);
}

void read_scheduler(const struct arguments *arguments)
{
	const char *name = arguments->words[1].text;

	if (!consists_of(name, LOWER DIGITS "_") ||
		strlen(name) > SCHEDULER_LEN_MAX) {
		complain(complaints_of(arguments), &arguments->words[1].place,
			"'%s' is not the name of a scheduler", name);
		return;
	}
	arguments->block->virtual->scheduler = name;
}

void read_flags(const struct arguments *arguments)
{
	char *copy =
		arena_strdup(arena_of(arguments), arguments->words[1].text);
	char *rest = copy, *word;

	while ((word = strsep(&rest, ","))) {
		uint32_t flag;

		if (read_word(arguments, word, "unknown flag",
			    config_flag_words, &flag) == 0)
			arguments->block->virtual->flags |= flag;
	}
}

void read_persistence(const struct arguments *arguments)
{
	struct draft_virtual *virtual = arguments->block->virtual;
	uint32_t ms;

	if (read_duration(arguments, SECOND_MS, PERSISTENCE_MAX_MS, &ms) < 0)
		return;
	if (ms % SECOND_MS)
		complain(complaints_of(arguments), &arguments->words[1].place,
			"persistence must be a whole number of seconds");
	virtual->persistence_s = ms / SECOND_MS;
	virtual->flags |= IP_VS_SVC_F_PERSISTENT;
}

/* Returns the prefix length of a mask: 24 for 255.255.255.0. Returns -1 if a
 * one follows a zero. */
static int mask_length(const struct address *mask)
{
	uint32_t bits = ntohl(mask->v4.s_addr);
	int length = __builtin_popcount(bits);

	return length && bits == UINT32_MAX << (32 - length) ? length : -1;
}

void read_netmask(const struct arguments *arguments)
{
	struct draft_virtual *virtual = arguments->block->virtual;
	const struct word *word = &arguments->words[1];
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
	complain(complaints_of(arguments), &word->place,
		"'%s' is not a netmask (1 to 128, or for example "
		"255.255.255.0)",
		word->text);
}

/* Real servers that one line makes. */
struct new_reals {
	const struct arguments *arguments;
	struct draft_level *level;
	bool fallback;
};

/* Returns whether the draft has room for one more real server. */
static bool has_room(const struct new_reals *new)
{
	const struct arguments *arguments = new->arguments;
	const struct draft *draft = arguments->parser->draft;

	if (new->fallback && arguments->block->virtual->fallback) {
		complain(complaints_of(arguments), &arguments->words[0].place,
			"a virtual service can have only one fallback");
		return false;
	}
	if (draft->real_count + draft->missing_count >= CONFIG_REALS_MAX) {
		complain(complaints_of(arguments), &arguments->words[1].place,
			"more than %d real servers", CONFIG_REALS_MAX);
		return false;
	}
	return true;
}

static int new_real(void *arg, const char *text)
{
	const struct new_reals *new = arg;
	const struct arguments *arguments = new->arguments;
	struct draft_virtual *virtual = arguments->block->virtual;
	struct draft_real *real =
		arena_alloc(arena_of(arguments), sizeof(*real));
	int result;

	real->level = new->level;
	real->fallback = new->fallback;
	real->place = arguments->words[1].place;
	result = endpoint_read(&arguments->parser->context, &real->place, text,
		"tcp", &real->address, &real->has_port);
	if (result < 0 || !has_room(new))
		return -1;
	if (result == SYSTEM_NO_ANSWER) {
		draft_miss(arguments->parser->draft, virtual, &real->place,
			text, arguments->parser->context.why);
		return 0;
	}
	arguments->parser->draft->real_count++;
	if (new->fallback) {
		virtual->fallback = real;
		return 0;
	}
	*virtual->reals_end = real;
	virtual->reals_end = &real->next;
	return 0;
}

static void read_reals(const struct arguments *arguments, bool fallback)
{
	struct parser *parser = arguments->parser;
	struct draft_level *level =
		arena_alloc(arena_of(arguments), sizeof(*level));
	struct new_reals new = {arguments, level, fallback};
	const struct block block = {IN_REAL, level, arguments->block->virtual};
	const struct place opened = arguments->words[0].place;
	bool opens = opens_block(arguments->words, arguments->count);
	unsigned int count = arguments->count - 2 - opens;

	level_init(level, arguments->block->settings);
	endpoint_expand(&parser->context, &arguments->words[1], new_real, &new);
	parse_statements(parser, &block, arguments->words + 2, count);
	if (opens)
		parse_block(parser, &block, &opened);
}

void read_real(const struct arguments *arguments)
{
	read_reals(arguments, false);
}

void read_fallback(const struct arguments *arguments)
{
	read_reals(arguments, true);
}

static bool is_checker_name(const char *name)
{
	return *name == '/' || consists_of(name, LOWER DIGITS "_");
}

/* Makes a check of the first count arguments. */
static struct draft_check *new_check(
	const struct arguments *arguments, unsigned int count)
{
	struct draft_check *check =
		arena_alloc(arena_of(arguments), sizeof(*check));

	level_init(&check->level, arguments->block->settings);
	check->place = arguments->words[1].place;
	check->argc = (int)count;
	check->argv =
		arena_array(arena_of(arguments), count + 1, sizeof(char *));
	for (unsigned int i = 0; i < count; i++)
		check->argv[i] = arena_strdup(
			arena_of(arguments), arguments->words[1 + i].text);
	arguments->parser->draft->check_count++;
	return check;
}

static void keep_made(struct draft *draft, struct draft_check *check)
{
	*draft->made_end = check;
	draft->made_end = &check->next_made;
}

/* Reads "check none". */
static void read_none(const struct arguments *arguments, bool opens)
{
	struct draft_level *level = arguments->block->settings;

	level->checks_none = true;
	if (opens || level->checks)
		complain(complaints_of(arguments), &arguments->words[0].place,
			NOT_COMBINED);
}

void read_check(const struct arguments *arguments)
{
	struct draft_level *level = arguments->block->settings;
	const struct place opened = arguments->words[0].place;
	bool opens = opens_block(arguments->words, arguments->count);
	bool named = is_checker_name(arguments->words[1].text);
	unsigned int count = arguments->count - 1 - opens;
	struct draft_check *check;
	struct block block;

	if (!named)
		complain(complaints_of(arguments), &arguments->words[1].place,
			"'check' needs a checker: a name of a-z, 0-9 and _, "
			"or an absolute path");
	if (count == 1 && strcmp(arguments->words[1].text, "none") == 0) {
		read_none(arguments, opens);
		return;
	}
	if (level->checks_none)
		complain(complaints_of(arguments), &opened, NOT_COMBINED);
	check = new_check(arguments, count);
	if (named)
		keep_made(arguments->parser->draft, check);
	*level->checks_end = check;
	level->checks_end = &check->next;
	block = (struct block){
		IN_CHECK, &check->level, arguments->block->virtual};
	if (opens)
		parse_block(arguments->parser, &block, &opened);
}
