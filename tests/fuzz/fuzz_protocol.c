// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper's requests: any bytes may come from an engine taken over. What
 * protocol_check lets through must be usable without another look. */
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
		must(message->edge.check < config.check_count);
		must(strlen(message->edge.why) < PROTOCOL_WHY_MAX);
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

	/* What is not there must not be read: fill it with something else. */
	memset(&message, 0xa5, sizeof(message));
	if (size > sizeof(message))
		return 0;
	memcpy(&message, data, size);
	if (!protocol_check(&message, size, message.head.seq, &config))
		use(&message);
	return 0;
}
