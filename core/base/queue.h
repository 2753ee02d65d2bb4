/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A queue of numbers, first in, first out. Each number is in it at most once.
 * It takes four bytes for each number that there may be. */
#ifndef LVSMON_BASE_QUEUE_H
#define LVSMON_BASE_QUEUE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct queue {
	uint32_t *next;       /* of each number: its successor plus one; 0 = the
				 number is in no queue */
	uint32_t first, last; /* number plus one; 0 = the queue is empty */
};

/* Creates a queue for the numbers below `count`, in arena. */
struct queue queue_create(struct arena *arena, uint32_t count);

/* Creates a queue for the same numbers: a number is in one of both at most. */
struct queue queue_beside(const struct queue *other);

/* Appends a number, unless it is in the queue, or in the one beside it. */
void queue_push(struct queue *queue, uint32_t number);

/* Sets *number to the first number, and leaves it in the queue. Returns false
 * if the queue is empty. */
bool queue_first(const struct queue *queue, uint32_t *number);

/* Sets *number to the number that follows it. Returns false if there is none.
 * *number must be in the queue. */
bool queue_next(const struct queue *queue, uint32_t *number);

/* Takes out the first number. Returns false if the queue is empty. */
bool queue_pop(struct queue *queue, uint32_t *number);

bool queue_has(const struct queue *queue, uint32_t number);
bool queue_is_empty(const struct queue *queue);

#endif
