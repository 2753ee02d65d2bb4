// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to the keeper: an engine that was taken over can send any bytes. A
 * message that protocol_check accepts must be usable without another check. */
#include "ipc/protocol.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct config_real reals[] = {{.weight = 100}, {.weight = 1}};
static struct config_check checks[3];
static const struct config config = {
	.reals = reals,
	.checks = checks,
	.real_count = 2,
	.check_count = 3,
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void use_edge(const struct protocol_edge *edge)
{
	must(edge->real < config.real_count);
	must(edge->count <= PROTOCOL_FINDINGS_MAX);
	for (uint32_t i = 0; i < edge->count; i++) {
		const struct protocol_finding *finding = &edge->findings[i];

		must(finding->check < config.check_count);
		must(config.checks[finding->check].real == edge->real);
		must(strlen(finding->why) < PROTOCOL_WHY_MAX);
	}
}

static void use(const union protocol_message *message)
{
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_HEALTH:
		for (uint32_t i = 0; i < message->health.count; i++) {
			must(message->health.reals[i].real < config.real_count);
			must(message->health.reals[i].up <= 1);
			must(message->health.reals[i].percent >= 1);
			must(message->health.reals[i].percent <= 100);
		}
		break;
	case PROTOCOL_EDGE:
		use_edge(&message->edge);
		break;
	case PROTOCOL_LOG:
		must(strlen(message->log.line) < PROTOCOL_LINE_MAX);
		must(!strchr(message->log.line, '\n'));
		break;
	case PROTOCOL_READY:
	case PROTOCOL_ROUND:
		break;
	case PROTOCOL_GO:
	case PROTOCOL_LEAVE:
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	union protocol_message message;

	/* Bytes that were not sent must not be read, so they are filled with
	 * another value. */
	memset(&message, 0xa5, sizeof(message));
	if (size > sizeof(message))
		return 0;
	memcpy(&message, data, size);
	if (!protocol_check(&message, size, message.head.seq, &config))
		use(&message);
	return 0;
}
