// SPDX-License-Identifier: GPL-2.0-or-later
/* A region of memory. */
#include "tls/region.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define ALIGN ((size_t)16)
#define HEAD sizeof(struct region_block)
/* A free block holds its links behind its head. */
#define BLOCK_MIN (HEAD + sizeof(struct region_links))
#define BIN_FIRST 5 /* 2^5 = BLOCK_MIN */
#define IN_USE 0x7573
#define IS_FREE 0x6672

/* The last block of a region is a mark: in use and without bytes. */
struct region_block {
	uint32_t size;   /* with this head */
	uint32_t before; /* the size of the block before; 0 = the first */
	uint32_t state;  /* IN_USE or IS_FREE; else something wrote here */
	uint32_t spare;
};

struct region_links {
	struct region_block *next, *prev;
};

static_assert(sizeof(struct region_block) == ALIGN, "keeps the alignment");
static_assert(BLOCK_MIN == 1U << BIN_FIRST, "the first bin");

static struct region_links *links_of(struct region_block *block)
{
	return (struct region_links *)(void *)(block + 1);
}

static struct region_block *block_behind(struct region_block *block)
{
	return (struct region_block *)(void *)((char *)block + block->size);
}

static struct region_block *block_before(struct region_block *block)
{
	return (struct region_block *)(void *)((char *)block - block->before);
}

static unsigned int bin_of(size_t size)
{
	unsigned int bin = 63U - (unsigned int)__builtin_clzl(size);

	assert(bin >= BIN_FIRST && bin - BIN_FIRST < REGION_BINS);
	return bin - BIN_FIRST;
}

static void block_put(struct region *region, struct region_block *block)
{
	struct region_block **bin = &region->bins[bin_of(block->size)];
	struct region_links *links = links_of(block);

	block->state = IS_FREE;
	links->next = *bin;
	links->prev = NULL;
	if (*bin)
		links_of(*bin)->prev = block;
	*bin = block;
}

static void block_pull(struct region *region, struct region_block *block)
{
	struct region_links *links = links_of(block);

	assert(block->state == IS_FREE);
	if (links->prev)
		links_of(links->prev)->next = links->next;
	else
		region->bins[bin_of(block->size)] = links->next;
	if (links->next)
		links_of(links->next)->prev = links->prev;
}

static void block_resize(struct region_block *block, size_t size)
{
	block->size = (uint32_t)size;
	block_behind(block)->before = block->size;
}

/* Puts the mark at the end and makes one block of the rest. */
void region_init(struct region *region, char *start, size_t size)
{
	struct region_block *block = (struct region_block *)(void *)start;

	assert(size % ALIGN == 0 && size >= BLOCK_MIN + HEAD);
	assert(size <= UINT32_MAX);
	*region = (struct region){.start = start, .size = size};
	*block = (struct region_block){.size = (uint32_t)(size - HEAD)};
	*block_behind(block) =
		(struct region_block){.before = block->size, .state = IN_USE};
	block_put(region, block);
}

/* The first that fits of the bin that may hold too small blocks, else any of
 * the next bin. */
static struct region_block *block_find(struct region *region, size_t size)
{
	unsigned int bin = bin_of(size);
	struct region_block *block = region->bins[bin];

	while (block && block->size < size)
		block = links_of(block)->next;
	while (!block && ++bin < REGION_BINS)
		block = region->bins[bin];
	return block;
}

static void block_split(
	struct region *region, struct region_block *block, size_t size)
{
	size_t rest = block->size - size;
	struct region_block *second;

	if (rest < BLOCK_MIN)
		return;
	block->size = (uint32_t)size;
	second = block_behind(block);
	*second = (struct region_block){.before = block->size};
	block_resize(second, rest);
	block_put(region, second);
}

void *region_take(struct region *region, size_t size)
{
	struct region_block *block;

	if (size > region->size)
		return NULL;
	size = (size + HEAD + ALIGN - 1) / ALIGN * ALIGN;
	if (size < BLOCK_MIN)
		size = BLOCK_MIN;
	block = block_find(region, size);
	if (!block)
		return NULL;
	block_pull(region, block);
	block_split(region, block, size);
	block->state = IN_USE;
	region->used += block->size;
	if (region->used > region->peak)
		region->peak = region->used;
	return block + 1;
}

/* Makes one block of two free neighbours. */
static struct region_block *block_merge(struct region *region,
	struct region_block *first, struct region_block *second, bool has_first)
{
	block_pull(region, has_first ? first : second);
	block_resize(first, (size_t)first->size + second->size);
	return first;
}

void region_give(struct region *region, void *at)
{
	struct region_block *block = (struct region_block *)at - 1;

	assert(block->state == IN_USE && block->size >= BLOCK_MIN);
	assert(region->used >= block->size);
	region->used -= block->size;
	if (block_behind(block)->state == IS_FREE)
		block = block_merge(region, block, block_behind(block), false);
	if (block->before && block_before(block)->state == IS_FREE)
		block = block_merge(region, block_before(block), block, true);
	block_put(region, block);
}

size_t region_capacity(const void *at)
{
	const struct region_block *block = (const struct region_block *)at - 1;

	assert(block->state == IN_USE);
	return block->size - HEAD;
}

size_t region_trim(struct region *region, size_t spare)
{
	struct region_block *mark =
		(struct region_block *)(void *)(region->start + region->size -
						HEAD);
	struct region_block *last = block_before(mark);

	assert(mark->state == IN_USE && !mark->size);
	spare = (spare + ALIGN - 1) / ALIGN * ALIGN + BLOCK_MIN;
	if (last->state != IS_FREE || last->size <= spare)
		return region->size;
	block_pull(region, last);
	region->size -= last->size - spare;
	last->size = (uint32_t)spare;
	*block_behind(last) =
		(struct region_block){.before = last->size, .state = IN_USE};
	block_put(region, last);
	return region->size;
}
