/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's side of the channel to its keeper. Never waits: what has no
 * room now stays with whoever wanted it sent. */
#ifndef LVSMON_ENGINE_OUTBOX_H
#define LVSMON_ENGINE_OUTBOX_H

#include "engine/loop.h"
#include "model/protocol.h"

struct outbox {
	struct loop *loop;
	int channel;
	uint32_t seq; /* of the last message sent */
	bool full;    /* until the keeper has read some */
	struct loop_watch input;
	struct loop_watch room;
};

/* Begins to listen, too: LEAVE, or a keeper that is gone, stops the loop. 0 or
 * -1. */
int outbox_init(struct outbox *outbox, struct loop *loop, int channel);

/* Numbers the message and sends it; false = not now. Once there is room again
 * the loop turns. */
bool outbox_send(struct outbox *outbox, union protocol_message *message);

/* A log_sink; arg is the outbox. A line that has no room is lost. */
void outbox_log(void *arg, int level, const char *line);

#endif
