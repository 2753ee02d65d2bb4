/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of the operating system, kept under the question: a struct system
 * that reads a configuration from them asks no disk and no name server. */
#ifndef LVSMON_READER_ANSWERS_H
#define LVSMON_READER_ANSWERS_H

#include "config/config.h"

#define ANSWERS_KEY_MAX 4096 /* bytes of a question, PATH_MAX of linux */
#define ANSWERS_WHY_MAX 256  /* bytes of a reason, with the 0 */
#define ANSWERS_VALUE_MAX ((size_t)17 << 20)
#define ANSWERS_TOTAL_MAX ((size_t)256 << 20)
#define ANSWERS_COUNT_MAX 1200000

enum answer_kind {
	ANSWER_FILE,    /* path: the text */
	ANSWER_PATHS,   /* pattern: paths, each ended by 0 */
	ANSWER_SERVICE, /* "http/tcp": uint16_t in host byte order */
	ANSWER_SCOPE,   /* network interface: uint32_t */
	ANSWER_NAME,    /* name: struct address */
	ANSWER_KINDS
};

struct answer {
	struct answer *chain; /* of its cell */
	struct answer *next;  /* in the order in which they were added */
	enum answer_kind kind;
	bool ok;           /* otherwise value is a reason */
	const char *key;   /* ended by 0 */
	const char *value; /* ended by a 0 that len does not count */
	size_t len;
};

struct answers;

/* Is called for a question that has no answer yet. Returns the answer, or
 * NULL. */
typedef const struct answer *answers_miss(struct answers *answers, void *arg,
	enum answer_kind kind, const char *key);

/* Creates an empty collection in arena, which must outlive it. miss may be
 * NULL. */
struct answers *answers_create(
	struct arena *arena, answers_miss *miss, void *arg);

/* Adds an answer that keeps key and value, and returns it. Both must live as
 * long as the arena. If the question has an answer, the first one counts. If
 * there are too many answers or bytes, returns NULL. */
struct answer *answers_add(struct answers *answers, struct answer answer);

/* Returns NULL if the value has the form of its kind, or what is wrong. */
const char *answers_fault(const struct answer *answer);

/* If a name has no answer, the system answers with the address of the same name
 * in older, and logs a warning unless quiet. Without one, resolve returns
 * SYSTEM_NO_ANSWER. If strict, it returns -1 instead of either. older may be
 * NULL. */
void answers_fall_back(struct answers *answers, const struct config *older,
	bool strict, bool quiet);

/* Returns a system that answers from the collection. It lives as long. */
const struct system *answers_system(struct answers *answers);

/* Stores the names and their addresses in config, sorted, and the hash of all
 * files and of all lists of files. */
void answers_store(const struct answers *answers, struct config *config);

#endif
