/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is taken bit by bit and given back all at once. */
#ifndef LVSMON_BASE_ARENA_H
#define LVSMON_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* An empty arena. Without memory the process ends with a message (as below):
 * lvsmon allocates at start and at reload only. */
struct arena *arena_create(void);

/* Gives everything back, the arena itself too. NULL is allowed. */
void arena_destroy(struct arena *arena);

/* size bytes, zeroed, aligned for any object; they live as long as the arena.
 * A sealed arena aborts: it is a mistake of ours, not of the input. */
void *arena_alloc(struct arena *arena, size_t size);

/* count objects of size bytes each, zeroed; an overflow ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies; arena_strndup takes at most len bytes and adds the 0. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);

/* From now on an allocation is an abort. */
void arena_seal(struct arena *arena);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

#endif
