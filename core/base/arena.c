// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is allocated piece by piece and freed all at once. */
#include "base/arena.h"

#include "base/log.h"

#include <assert.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

struct chunk {
	struct chunk *next;
	size_t size; /* of the mapping */
};

struct arena {
	struct arena *older;  /* of all arenas of the process */
	uint64_t number;      /* grows with each arena */
	struct chunk *chunks; /* the newest first */
	char *at;
	size_t left;
	size_t used;
	bool sealed;
};

static struct arena *newest;
static uint64_t created;
static jmp_buf *rescue; /* while arena_try runs */

static _Noreturn void out_of_memory(void)
{
	if (rescue)
		longjmp(*rescue, 1);
	log_line(LOG_ERR, "out of memory");
	exit(71); /* EX_OSERR */
}

static size_t round_up(size_t size, size_t to)
{
	if (size > SIZE_MAX - to)
		out_of_memory();
	return (size + to - 1) / to * to;
}

struct arena *arena_create(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	arena->number = ++created;
	arena->older = newest;
	newest = arena;
	return arena;
}

static void forget(const struct arena *arena)
{
	struct arena **link = &newest;

	while (*link != arena)
		link = &(*link)->older;
	*link = arena->older;
}

void arena_destroy(struct arena *arena)
{
	struct chunk *next;

	if (!arena)
		return;
	forget(arena);
	for (struct chunk *chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		munmap(chunk, chunk->size);
	}
	free(arena);
}

static void arena_grow(struct arena *arena, size_t need)
{
	size_t head = round_up(sizeof(struct chunk), _Alignof(max_align_t));
	size_t size = round_up(
		need > SIZE_MAX - head ? SIZE_MAX : need + head, CHUNK_SIZE);
	struct chunk *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE,
		// cppcheck-suppress invalidFunctionArg; no file is -1
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (chunk == MAP_FAILED)
		out_of_memory();
	chunk->next = arena->chunks;
	chunk->size = size;
	arena->chunks = chunk;
	arena->at = (char *)chunk + head;
	arena->left = size - head;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	char *at;

	assert(!arena->sealed);
	size = round_up(size ? size : 1, _Alignof(max_align_t));
	if (size > arena->left)
		arena_grow(arena, size);
	assert(size <= arena->left);
	at = arena->at;
	arena->at += size;
	arena->left -= size;
	arena->used += size;
	return at;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	size_t n = strnlen(text, len);
	char *copy = arena_alloc(arena, n + 1);

	memcpy(copy, text, n);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

static void destroy_since(uint64_t before)
{
	while (newest && newest->number > before)
		arena_destroy(newest);
}

bool arena_try(void (*work)(void *arg), void *arg)
{
	const uint64_t before = created;
	jmp_buf here;

	assert(!rescue);
	rescue = &here;
	if (setjmp(here) == 0) {
		work(arg);
		rescue = NULL;
		return true;
	}
	rescue = NULL;
	destroy_since(before);
	return false;
}

void arena_seal(struct arena *arena)
{
	arena->sealed = true;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
