// SPDX-License-Identifier: GPL-2.0-or-later
/* The work of the reader's process: asks the system what the configuration
 * needs, and hands the answers on. */
#include "reader/errand.h"

#include "config/read.h"
#include "reader/record.h"
#include "reader/resolve.h"

#include <string.h>
#include <sysexits.h>

struct name {
	struct name *next;
	const char *text;
};

struct errand {
	const struct system *system;
	struct arena *arena;
	int fd;
	bool failed; /* an answer could not be written */
	struct name *names;
	uint32_t name_count;
};

static void refuse_answer(struct answer *answer, const char *why)
{
	answer->ok = false;
	answer->value = why;
	answer->len = strnlen(why, ANSWERS_WHY_MAX - 1);
}

static void ask_file(struct errand *errand, struct answer *answer)
{
	const struct system *system = errand->system;
	const char *why = "cannot be read";
	char *text;

	if (system->load(system->arg, errand->arena, answer->key, &text,
		    &answer->len, &why) < 0)
		refuse_answer(answer, why);
	else
		answer->value = text;
}

static void ask_paths(struct errand *errand, struct answer *answer)
{
	const struct system *system = errand->system;
	const char *why = "cannot be read";
	char **paths, *value;
	size_t count, size = 0;

	if (system->expand(system->arg, errand->arena, answer->key, &paths,
		    &count, &why) < 0) {
		refuse_answer(answer, why);
		return;
	}
	for (size_t i = 0; i < count; i++)
		size += strlen(paths[i]) + 1;
	if (size > ANSWERS_VALUE_MAX) {
		refuse_answer(answer, "matches too many files");
		return;
	}
	answer->value = value = arena_alloc(errand->arena, size + 1);
	answer->len = size;
	for (size_t i = 0; i < count; i++)
		value = stpcpy(value, paths[i]) + 1;
}

static void ask_service(struct errand *errand, struct answer *answer)
{
	const struct system *system = errand->system;
	char *name = arena_strdup(errand->arena, answer->key);
	char *slash = strrchr(name, '/');
	const char *why = "no such service";
	uint16_t *port = arena_alloc(errand->arena, sizeof(*port) + 1);

	*slash = '\0';
	answer->value = (const char *)port;
	answer->len = sizeof(*port);
	if (system->service(system->arg, name, slash + 1, port, &why) < 0 ||
		!*port)
		refuse_answer(answer, why);
}

static void ask_scope(struct errand *errand, struct answer *answer)
{
	const struct system *system = errand->system;
	const char *why = "no such network interface";
	uint32_t *scope = arena_alloc(errand->arena, sizeof(*scope) + 1);

	answer->value = (const char *)scope;
	answer->len = sizeof(*scope);
	if (!system->scope ||
		system->scope(system->arg, answer->key, scope, &why) < 0)
		refuse_answer(answer, why);
}

/* A name is looked up later, with all others. */
static void note_name(struct errand *errand, struct answer *answer)
{
	struct name *name = arena_alloc(errand->arena, sizeof(*name));

	name->text = answer->key;
	name->next = errand->names;
	errand->names = name;
	errand->name_count++;
	refuse_answer(answer, "not looked up yet");
}

static const struct answer *errand_miss(struct answers *answers, void *arg,
	enum answer_kind kind, const char *key)
{
	static void (*const asks[])(struct errand *, struct answer *) = {
		[ANSWER_FILE] = ask_file,
		[ANSWER_PATHS] = ask_paths,
		[ANSWER_SERVICE] = ask_service,
		[ANSWER_SCOPE] = ask_scope,
		[ANSWER_NAME] = note_name,
	};
	struct errand *errand = arg;
	struct answer answer = {
		.kind = kind,
		.ok = true,
		.key = arena_strdup(errand->arena, key),
	};

	asks[kind](errand, &answer);
	if (kind != ANSWER_NAME && record_write(errand->fd, &answer) < 0)
		errand->failed = true;
	return answers_add(answers, answer);
}

static void look_up_all(struct errand *errand)
{
	const char **names =
		arena_array(errand->arena, errand->name_count, sizeof(*names));
	uint32_t i = errand->name_count;

	for (const struct name *name = errand->names; name; name = name->next)
		names[--i] = name->text;
	resolve_all(errand->system, names, errand->name_count, errand->fd);
}

int errand_run(
	const struct system *system, const char *file, bool all_names, int fd)
{
	struct errand errand = {
		.system = system,
		.arena = arena_create(),
		.fd = fd,
	};
	struct answers *answers =
		answers_create(errand.arena, errand_miss, &errand);
	bool good = config_scan(file, answers_system(answers)) == 0;

	if (errand.failed || record_write_mark(fd, RECORD_READ) < 0)
		return EX_IOERR;
	if (good || all_names)
		look_up_all(&errand);
	return record_write_mark(fd, RECORD_END) < 0 ? EX_IOERR : EX_OK;
}
