// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines on their way to a sink. */
#include "base/spool.h"

#include "base/clock.h"

#include <assert.h>
#include <string.h>

/* Each line follows its length. */
typedef uint16_t line_size;

static line_size first_size(const struct spool *spool)
{
	line_size size;

	assert(spool->count && spool->end - spool->begin > sizeof(size));
	memcpy(&size, spool->bytes + spool->begin, sizeof(size));
	return size;
}

static void move_to_front(struct spool *spool)
{
	memmove(spool->bytes, spool->bytes + spool->begin,
		spool->end - spool->begin);
	spool->end -= spool->begin;
	spool->begin = 0;
}

bool spool_put(struct spool *spool, const char *line, size_t len)
{
	line_size size = (line_size)len;
	size_t need = len + sizeof(size);

	assert(len > 0 && len <= UINT16_MAX);
	if (need > sizeof(spool->bytes) - spool->end)
		move_to_front(spool);
	if (need > sizeof(spool->bytes) - spool->end)
		return false;
	memcpy(spool->bytes + spool->end, &size, sizeof(size));
	memcpy(spool->bytes + spool->end + sizeof(size), line, len);
	spool->end += need;
	spool->count++;
	return true;
}

static void drop_first(struct spool *spool)
{
	spool->begin += sizeof(line_size) + first_size(spool);
	spool->taken = 0;
	spool->count--;
	assert(spool->begin <= spool->end);
	if (!spool->count)
		spool->begin = spool->end = 0;
}

void spool_clear(struct spool *spool)
{
	spool->lost += spool->count;
	spool->count = 0;
	spool->begin = spool->end = 0;
	spool->taken = 0;
}

/* A line that the sink has a part of stays, so that no other line continues
 * it. */
static void give_up(struct spool *spool)
{
	if (!spool->taken) {
		spool_clear(spool);
		return;
	}
	spool->lost += spool->count - 1;
	spool->count = 1;
	spool->end = spool->begin + sizeof(line_size) + first_size(spool);
}

static void be_refused(struct spool *spool)
{
	uint64_t now = clock_ms();

	if (!spool->refused_ms)
		spool->refused_ms = now;
	else if (now - spool->refused_ms >= SPOOL_PATIENCE_MS)
		give_up(spool);
}

bool spool_drain(struct spool *spool, const struct sink *sink)
{
	while (spool->count) {
		const char *line =
			spool->bytes + spool->begin + sizeof(line_size);
		line_size size = first_size(spool);
		ssize_t took = sink_write(
			sink, line + spool->taken, size - spool->taken);

		if (took <= 0) {
			be_refused(spool);
			break;
		}
		spool->refused_ms = 0;
		spool->taken += (size_t)took;
		assert(spool->taken <= size);
		if (spool->taken == size)
			drop_first(spool);
	}
	return !spool->count;
}
