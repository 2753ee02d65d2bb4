/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A region: memory of a fixed size from which blocks are taken and given back.
 * Free neighbours become one block. */
#ifndef LVSMON_TLS_REGION_H
#define LVSMON_TLS_REGION_H

#include <stddef.h>
#include <stdint.h>

#define REGION_BINS 28

struct region_block;

struct region {
	char *start;
	size_t size;
	size_t used, peak; /* bytes of taken blocks, with their heads */
	/* Free blocks, by the power of two that their size reaches. */
	struct region_block *bins[REGION_BINS];
};

/* Makes a region of memory that the caller keeps: size bytes, at least 64 and
 * less than 2^32. start and size are multiples of 16. */
void region_init(struct region *region, char *start, size_t size);

/* Returns size bytes, aligned for any object, or NULL. size 0 counts as 1. */
void *region_take(struct region *region, size_t size);

/* Gives back what region_take has returned. */
void region_give(struct region *region, void *at);

/* Returns how many bytes at can hold; at least what was asked for. */
size_t region_capacity(const void *at);

/* Cuts free memory off the end, but leaves `spare` bytes of it. Returns the new
 * size. The caller may unmap what is behind. */
size_t region_trim(struct region *region, size_t spare);

#endif
