/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is allocated piece by piece and freed all at once. */
#ifndef LVSMON_BASE_ARENA_H
#define LVSMON_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Creates an empty arena. If there is no memory, this and the functions below
 * end the process with a message, unless arena_try runs. lvsmon allocates at
 * start and at reload only. */
struct arena *arena_create(void);

/* Frees all allocations and the arena itself. NULL is allowed. */
void arena_destroy(struct arena *arena);

/* Returns size bytes, zeroed and aligned for any object. They live as long as
 * the arena. With a sealed arena the process aborts, because no input can cause
 * that. */
void *arena_alloc(struct arena *arena, size_t size);

/* Returns count objects of size bytes each, zeroed. An overflow ends the
 * process. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Returns a copy. arena_strndup copies at most len bytes and adds a 0. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);

/*
 * Calls work(arg). Returns true when it returns. If there is no memory, work is
 * left at that point for good: then destroys all arenas that were created
 * meanwhile, and returns false. Arenas that were there before keep what was
 * allocated. work must hold nothing else that it would have to release. Not to
 * be nested.
 */
bool arena_try(void (*work)(void *arg), void *arg);

/* Forbids further allocations: they abort the process. */
void arena_seal(struct arena *arena);

/* Returns the number of bytes allocated so far. */
size_t arena_used(const struct arena *arena);

#endif
