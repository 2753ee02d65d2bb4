// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper hears: takes in what engines say. */
#include "keeper/hear.h"

#include "keeper/edges.h"

/* Messages of one turn, so that no engine can hold the loop. */
#define HEAR_MAX 256

static void take_health(
	struct generation *generation, const struct protocol_health *health)
{
	for (uint32_t i = 0; i < health->count; i++) {
		uint32_t real = health->reals[i].real;

		generation_learn(generation, real, health->reals[i].up,
			(uint8_t)health->reals[i].percent);
		edges_real(generation, real);
	}
}

/* An engine that probes before GO is not one of ours. */
static bool may_say(const struct child *child, uint32_t type)
{
	if (type == PROTOCOL_LOG)
		return true;
	return type == PROTOCOL_READY ? !child->ready : child->working;
}

static void take_message(
	struct generation *generation, const union protocol_message *message)
{
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_READY:
		generation->child.ready = true;
		generation->lived = true;
		break;
	case PROTOCOL_HEALTH:
		take_health(generation, &message->health);
		break;
	case PROTOCOL_ROUND:
		generation->round = true;
		break;
	case PROTOCOL_EDGE:
		edges_explain(generation, &message->edge);
		break;
	case PROTOCOL_LOG:
		edges_line(generation, &message->log);
		break;
	case PROTOCOL_GO:
	case PROTOCOL_LEAVE:
		break; /* protocol_check lets none through */
	}
}

void hear_engine(struct generation *generation)
{
	const struct privileges *privileges = &generation->keeper->privileges;
	struct child *child = &generation->child;
	union protocol_message message;

	for (int i = 0; i < HEAR_MAX; i++) {
		if (child_hear(child, privileges, generation->config,
			    &message) <= 0)
			return;
		if (!may_say(child, message.head.type)) {
			child_broke(child, privileges,
				"a message at the wrong time");
			return;
		}
		take_message(generation, &message);
	}
}

void hear_ready(void *arg)
{
	hear_engine(arg);
}
