// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages between engine and keeper, and what the keeper accepts. */
#include "ipc/protocol.h"

#include <string.h>

static size_t health_size(uint32_t count)
{
	struct protocol_health *health;

	if (count < 1 || count > PROTOCOL_REALS_MAX)
		return 0;
	return offsetof(struct protocol_health, reals) +
	       count * sizeof(health->reals[0]);
}

static size_t edge_size(uint32_t count)
{
	struct protocol_edge *edge;

	if (count > PROTOCOL_FINDINGS_MAX)
		return 0;
	return offsetof(struct protocol_edge, findings) +
	       count * sizeof(edge->findings[0]);
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
	case PROTOCOL_GO:
	case PROTOCOL_LEAVE:
		return sizeof(message->head);
	case PROTOCOL_HEALTH:
		return health_size(message->health.count);
	case PROTOCOL_EDGE:
		return edge_size(message->edge.count);
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

static const char *check_health(
	const struct protocol_health *health, const struct config *config)
{
	for (uint32_t i = 0; i < health->count; i++) {
		if (health->reals[i].real >= config->real_count)
			return "a real that is not in the configuration";
		if (health->reals[i].up > 1)
			return "a truth that is neither";
		if (health->reals[i].percent < 1 ||
			health->reals[i].percent > PROTOCOL_PERCENT_MAX)
			return "a weight that is no percentage";
	}
	return NULL;
}

static const char *check_finding(const struct protocol_finding *finding,
	uint32_t real, const struct config *config)
{
	if (finding->check >= config->check_count)
		return "a check that is not in the configuration";
	if (config->checks[finding->check].real != real)
		return "a check of another real";
	if (finding->first > 1)
		return "a truth that is neither";
	if (!is_printable(finding->why, sizeof(finding->why)))
		return "a reason that is no text";
	return NULL;
}

static const char *check_edge(
	const struct protocol_edge *edge, const struct config *config)
{
	const char *wrong = NULL;

	if (edge->real >= config->real_count)
		return "a real that is not in the configuration";
	if (edge->up > 1)
		return "a truth that is neither";
	for (uint32_t i = 0; i < edge->count && !wrong; i++)
		wrong = check_finding(&edge->findings[i], edge->real, config);
	return wrong;
}

static const char *check_log(const struct protocol_log *log)
{
	if (log->level < 3 || log->level > 7) /* LOG_ERR to LOG_DEBUG */
		return "a level that a line cannot have";
	if (!is_printable(log->line, sizeof(log->line)))
		return "a line that is no text";
	return NULL;
}

/* Reads the count, or the end of the text, only if the message holds it. */
static bool has_its_size(const union protocol_message *message, size_t size)
{
	size_t least = sizeof(message->head);

	if (size < least)
		return false;
	if (message->head.type == PROTOCOL_HEALTH)
		least = offsetof(struct protocol_health, reals);
	if (message->head.type == PROTOCOL_EDGE)
		least = offsetof(struct protocol_edge, findings);
	if (message->head.type == PROTOCOL_LOG)
		return size > offsetof(struct protocol_log, line) &&
		       size <= sizeof(message->log) &&
		       ((const char *)message)[size - 1] == '\0' &&
		       protocol_size(message) == size;
	return size >= least && protocol_size(message) == size;
}

static const char *check_head(
	const union protocol_message *message, size_t size, uint32_t seq)
{
	if (!has_its_size(message, size))
		return "a type or length that no message has";
	if (message->head.seq != seq)
		return "a number out of sequence";
	return NULL;
}

const char *protocol_check(const union protocol_message *message, size_t size,
	uint32_t seq, const struct config *config)
{
	const char *wrong = check_head(message, size, seq);

	if (wrong)
		return wrong;
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_READY:
	case PROTOCOL_ROUND:
		return NULL;
	case PROTOCOL_HEALTH:
		return check_health(&message->health, config);
	case PROTOCOL_EDGE:
		return check_edge(&message->edge, config);
	case PROTOCOL_LOG:
		return check_log(&message->log);
	case PROTOCOL_GO:
	case PROTOCOL_LEAVE:
		break;
	}
	return "a message that only the keeper sends";
}

const char *protocol_check_order(
	const union protocol_message *message, size_t size, uint32_t seq)
{
	const char *wrong = check_head(message, size, seq);

	if (wrong)
		return wrong;
	if (message->head.type == PROTOCOL_GO ||
		message->head.type == PROTOCOL_LEAVE)
		return NULL;
	return "a message that only an engine sends";
}
