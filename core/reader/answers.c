// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers of the operating system, kept under the question. */
#include "reader/answers.h"

#include "base/hash.h"
#include "base/log.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS (1U << 16)

struct answers {
	struct arena *arena;
	answers_miss *miss;
	void *miss_arg;
	const struct config *older;
	bool strict, quiet;
	struct system system;
	struct answer *first, **end;
	uint32_t count;
	uint32_t names; /* with an address */
	size_t bytes;
	uint64_t text_key;
	struct answer *cells[CELLS];
};

static struct answer **find_cell(
	struct answers *answers, enum answer_kind kind, const char *key)
{
	uint64_t hash = hash_bytes(HASH_SEED, &kind, sizeof(kind));

	return &answers->cells[hash_bytes(hash, key, strlen(key)) % CELLS];
}

static struct answer *find_answer(
	struct answers *answers, enum answer_kind kind, const char *key)
{
	struct answer *answer = *find_cell(answers, kind, key);

	while (answer &&
		(answer->kind != kind || strcmp(answer->key, key) != 0))
		answer = answer->chain;
	return answer;
}

/* The files and the lists of files come in the order of the text. */
static void add_to_key(struct answers *answers, const struct answer *answer)
{
	uint64_t key = answers->text_key;

	if (answer->kind != ANSWER_FILE && answer->kind != ANSWER_PATHS)
		return;
	key = hash_bytes(key, answer->key, strlen(answer->key) + 1);
	answers->text_key = hash_bytes(key, answer->value, answer->len + 1);
}

struct answer *answers_add(struct answers *answers, struct answer answer)
{
	struct answer *kept = find_answer(answers, answer.kind, answer.key);
	struct answer **cell = find_cell(answers, answer.kind, answer.key);

	if (kept)
		return kept;
	answers->bytes += strlen(answer.key) + answer.len;
	if (answers->bytes > ANSWERS_TOTAL_MAX ||
		answers->count == ANSWERS_COUNT_MAX)
		return NULL;
	kept = arena_alloc(answers->arena, sizeof(*kept));
	*kept = answer;
	kept->chain = *cell;
	*cell = kept;
	kept->next = NULL;
	*answers->end = kept;
	answers->end = &kept->next;
	answers->count++;
	answers->names += kept->kind == ANSWER_NAME && kept->ok;
	add_to_key(answers, kept);
	return kept;
}

static const char *paths_fault(const struct answer *answer)
{
	const char *at = answer->value;
	const char *end = at + answer->len;

	if (answer->len && end[-1])
		return "an open list of paths";
	for (; at < end; at += strlen(at) + 1)
		if (!*at || strlen(at) > ANSWERS_KEY_MAX)
			return "a bad path";
	return NULL;
}

static const char *name_fault(const struct answer *answer)
{
	static const uint8_t zeros[12];
	struct address address;

	if (answer->len != sizeof(address))
		return "an address of the wrong size";
	memcpy(&address, answer->value, sizeof(address));
	if (address.port ||
		(address.family != AF_INET && address.family != AF_INET6))
		return "a bad address";
	if (address.family == AF_INET &&
		(address.scope || memcmp(address.bytes + 4, zeros, 12) != 0))
		return "a bad address";
	return NULL;
}

static const char *number_fault(const struct answer *answer, size_t size)
{
	static const char zeros[sizeof(uint32_t)];

	assert(size <= sizeof(zeros));
	if (answer->len != size || memcmp(answer->value, zeros, size) == 0)
		return "a bad number";
	return NULL;
}

const char *answers_fault(const struct answer *answer)
{
	if (!answer->ok)
		return answer->len && answer->len < ANSWERS_WHY_MAX
			       ? NULL
			       : "a reason of a bad size";
	switch (answer->kind) {
	case ANSWER_FILE:
		return NULL;
	case ANSWER_PATHS:
		return paths_fault(answer);
	case ANSWER_SERVICE:
		return number_fault(answer, sizeof(uint16_t));
	case ANSWER_SCOPE:
		return number_fault(answer, sizeof(uint32_t));
	case ANSWER_NAME:
		return name_fault(answer);
	case ANSWER_KINDS:
		break;
	}
	return "an unknown kind";
}

/* Returns the answer to a question if it is one of success. Otherwise returns
 * NULL and sets *why. */
static const struct answer *ask(struct answers *answers, enum answer_kind kind,
	const char *key, const char **why)
{
	const struct answer *answer;

	if (strlen(key) > ANSWERS_KEY_MAX) {
		*why = "the name is too long";
		return NULL;
	}
	answer = find_answer(answers, kind, key);
	if (!answer && answers->miss)
		answer = answers->miss(answers, answers->miss_arg, kind, key);
	if (answer && answer->ok)
		return answer;
	*why = answer ? answer->value : "no answer in time";
	return NULL;
}

static int answers_load(void *arg, struct arena *arena, const char *path,
	char **text, size_t *len, const char **why)
{
	const struct answer *answer = ask(arg, ANSWER_FILE, path, why);

	if (!answer)
		return -1;
	*text = arena_alloc(arena, answer->len + 1);
	memcpy(*text, answer->value, answer->len);
	*len = answer->len;
	return 0;
}

static int answers_expand(void *arg, struct arena *arena, const char *pattern,
	char ***paths, size_t *count, const char **why)
{
	const struct answer *answer = ask(arg, ANSWER_PATHS, pattern, why);
	size_t most = 0;

	*count = 0;
	if (!answer)
		return -1;
	for (size_t i = 0; i < answer->len; i++)
		most += !answer->value[i];
	*paths = arena_array(arena, most, sizeof(char *));
	for (size_t at = 0; at < answer->len;
		at += strlen(answer->value + at) + 1)
		(*paths)[(*count)++] = arena_strdup(arena, answer->value + at);
	assert(*count == most);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const struct config_name *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Returns the address that a name had, or NULL. */
static const struct address *older_address(
	const struct config *older, const char *name)
{
	const struct config_name wanted = {.name = name};
	const struct config_name *found = NULL;

	if (older && older->name_count)
		found = bsearch(&wanted, older->names, older->name_count,
			sizeof(wanted), compare_names);
	return found ? &found->address : NULL;
}

/* The answer is replaced, so that the warning is logged once. */
static void keep_older(struct answers *answers, const char *name,
	const struct address *address, const char *why)
{
	struct answer *failed = find_answer(answers, ANSWER_NAME, name);
	char text[ADDRESS_TEXT_MAX];
	struct answer kept = {
		.kind = ANSWER_NAME,
		.ok = true,
		.key = arena_strdup(answers->arena, name),
		.len = sizeof(*address),
	};
	char *value = arena_alloc(answers->arena, sizeof(*address) + 1);

	if (!answers->quiet)
		log_line(LOG_WARNING, "name '%s': %s: it keeps the address %s",
			name, why, address_format(address, text));
	memcpy(value, address, sizeof(*address));
	kept.value = value;
	if (!failed) {
		answers_add(answers, kept);
		return;
	}
	failed->ok = true;
	failed->value = value;
	failed->len = sizeof(*address);
	answers->names++;
}

static int answers_resolve(
	void *arg, const char *name, struct address *address, const char **why)
{
	struct answers *answers = arg;
	const struct answer *answer = ask(answers, ANSWER_NAME, name, why);
	const struct address *older;

	if (answer) {
		memcpy(address, answer->value, sizeof(*address));
		return 0;
	}
	if (answers->strict)
		return -1;
	older = older_address(answers->older, name);
	if (!older)
		return SYSTEM_NO_ANSWER;
	*address = *older;
	keep_older(answers, name, older, *why);
	return 0;
}

static int answers_service(void *arg, const char *name, const char *protocol,
	uint16_t *port, const char **why)
{
	char key[ANSWERS_KEY_MAX + 1];
	const struct answer *answer = NULL;

	if (snprintf(key, sizeof(key), "%s/%s", name, protocol) >=
		(int)sizeof(key))
		*why = "the name is too long";
	else
		answer = ask(arg, ANSWER_SERVICE, key, why);
	if (!answer)
		return -1;
	memcpy(port, answer->value, sizeof(*port));
	return 0;
}

static int answers_scope(
	void *arg, const char *name, uint32_t *scope, const char **why)
{
	const struct answer *answer = ask(arg, ANSWER_SCOPE, name, why);

	if (!answer)
		return -1;
	memcpy(scope, answer->value, sizeof(*scope));
	return 0;
}

struct answers *answers_create(
	struct arena *arena, answers_miss *miss, void *arg)
{
	struct answers *answers = arena_alloc(arena, sizeof(*answers));

	answers->arena = arena;
	answers->miss = miss;
	answers->miss_arg = arg;
	answers->end = &answers->first;
	answers->text_key = HASH_SEED;
	answers->system = (struct system){
		.arg = answers,
		.load = answers_load,
		.expand = answers_expand,
		.resolve = answers_resolve,
		.service = answers_service,
		.scope = answers_scope,
	};
	return answers;
}

void answers_fall_back(struct answers *answers, const struct config *older,
	bool strict, bool quiet)
{
	answers->quiet = quiet;
	answers->older = older;
	answers->strict = strict;
}

const struct system *answers_system(struct answers *answers)
{
	return &answers->system;
}

void answers_store(const struct answers *answers, struct config *config)
{
	const struct answer *answer = answers->first;
	struct config_name *name =
		arena_array(config->arena, answers->names, sizeof(*name));

	config->text_key = answers->text_key;
	config->names = name;
	config->name_count = answers->names;
	for (; answer; answer = answer->next) {
		if (answer->kind != ANSWER_NAME || !answer->ok)
			continue;
		name->name = arena_strdup(config->arena, answer->key);
		memcpy(&name->address, answer->value, sizeof(name->address));
		name++;
	}
	assert(name == config->names + config->name_count);
	if (config->name_count)
		qsort(config->names, config->name_count, sizeof(*name),
			compare_names);
}
