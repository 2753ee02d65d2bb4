// SPDX-License-Identifier: GPL-2.0-or-later
/* A queue of numbers, first in, first out. */
#include "base/queue.h"

#include <assert.h>

#define NOT_QUEUED 0
/* The successor of the last number. */
#define QUEUE_END UINT32_MAX

struct queue queue_create(struct arena *arena, uint32_t count)
{
	assert(count < QUEUE_END);
	return (struct queue){
		.next = arena_array(arena, count, sizeof(uint32_t)),
	};
}

struct queue queue_beside(const struct queue *other)
{
	return (struct queue){.next = other->next};
}

void queue_push(struct queue *queue, uint32_t number)
{
	assert(!queue->first == !queue->last);
	if (queue_has(queue, number))
		return;
	queue->next[number] = QUEUE_END;
	if (queue->last) {
		assert(queue->next[queue->last - 1] == QUEUE_END);
		queue->next[queue->last - 1] = number + 1;
	} else {
		queue->first = number + 1;
	}
	queue->last = number + 1;
}

bool queue_first(const struct queue *queue, uint32_t *number)
{
	if (!queue->first)
		return false;
	*number = queue->first - 1;
	return true;
}

bool queue_next(const struct queue *queue, uint32_t *number)
{
	uint32_t next = queue->next[*number];

	assert(next != NOT_QUEUED);
	if (next == QUEUE_END)
		return false;
	*number = next - 1;
	return true;
}

bool queue_pop(struct queue *queue, uint32_t *number)
{
	uint32_t next;

	if (!queue_first(queue, number))
		return false;
	next = queue->next[*number];
	assert(next != NOT_QUEUED);
	assert((next == QUEUE_END) == (queue->first == queue->last));
	queue->next[*number] = NOT_QUEUED;
	queue->first = next == QUEUE_END ? 0 : next;
	if (!queue->first)
		queue->last = 0;
	return true;
}

bool queue_has(const struct queue *queue, uint32_t number)
{
	return queue->next[number] != NOT_QUEUED;
}

bool queue_is_empty(const struct queue *queue)
{
	return !queue->first;
}
