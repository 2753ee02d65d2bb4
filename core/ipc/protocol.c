// SPDX-License-Identifier: GPL-2.0-or-later
/* What engine and keeper say to each other, and what the keeper believes. */
#include "ipc/protocol.h"

#include "policy/policy.h"

#include <string.h>

static size_t want_size(uint32_t count)
{
	struct protocol_want *want;

	if (count < 1 || count > PROTOCOL_WANTS_MAX)
		return 0;
	return offsetof(struct protocol_want, want) +
	       count * sizeof(want->want[0]);
}

static size_t log_size(const struct protocol_log *log)
{
	size_t len = strnlen(log->line, sizeof(log->line));

	if (len == sizeof(log->line))
		return 0;
	return offsetof(struct protocol_log, line) + len + 1;
}

size_t protocol_size(const union protocol_message *message)
{
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_READY:
	case PROTOCOL_ROUND:
	case PROTOCOL_LEAVE:
		return sizeof(message->head);
	case PROTOCOL_WANT:
		return want_size(message->want.count);
	case PROTOCOL_EDGE:
		return sizeof(message->edge);
	case PROTOCOL_LOG:
		return log_size(&message->log);
	}
	return 0;
}

static bool is_printable(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	if (len == size)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static const char *check_want(
	const struct protocol_want *want, const struct config *config)
{
	for (uint32_t i = 0; i < want->count; i++) {
		uint32_t real = want->want[i].real;
		int32_t weight = want->want[i].weight;

		if (real >= config->real_count)
			return "a real that is not in the configuration";
		if (weight != POLICY_ABSENT && weight != 0 &&
			weight != (int32_t)config->reals[real].weight)
			return "a weight that is not in the configuration";
	}
	return NULL;
}

static const char *check_edge(
	const struct protocol_edge *edge, const struct config *config)
{
	if (edge->check >= config->check_count)
		return "a check that is not in the configuration";
	if (edge->up > 1 || edge->first > 1)
		return "a truth that is neither";
	if (!is_printable(edge->why, sizeof(edge->why)))
		return "a reason that is no text";
	return NULL;
}

static const char *check_log(const struct protocol_log *log)
{
	if (log->level < 3 || log->level > 7) /* LOG_ERR to LOG_DEBUG */
		return "a level that a line cannot have";
	if (!is_printable(log->line, sizeof(log->line)))
		return "a line that is no text";
	return NULL;
}

/* Only now is message->want.count, or a text's end, known to be there. */
static bool has_its_size(const union protocol_message *message, size_t size)
{
	size_t least = sizeof(message->head);

	if (size < least)
		return false;
	if (message->head.type == PROTOCOL_WANT)
		least = offsetof(struct protocol_want, want);
	if (message->head.type == PROTOCOL_LOG)
		return size > offsetof(struct protocol_log, line) &&
		       size <= sizeof(message->log) &&
		       ((const char *)message)[size - 1] == '\0' &&
		       protocol_size(message) == size;
	return size >= least && protocol_size(message) == size;
}

const char *protocol_check(const union protocol_message *message, size_t size,
	uint32_t seq, const struct config *config)
{
	if (!has_its_size(message, size))
		return "a type or length that no message has";
	if (message->head.seq != seq)
		return "a number out of sequence";
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_READY:
	case PROTOCOL_ROUND:
		return NULL;
	case PROTOCOL_WANT:
		return check_want(&message->want, config);
	case PROTOCOL_EDGE:
		return check_edge(&message->edge, config);
	case PROTOCOL_LOG:
		return check_log(&message->log);
	case PROTOCOL_LEAVE:
		break;
	}
	return "a message that only the keeper sends";
}
