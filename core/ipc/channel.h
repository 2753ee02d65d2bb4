/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's side of the channel to its keeper. Never waits: what has no
 * room now stays with whoever wanted it sent. */
#ifndef LVSMON_IPC_CHANNEL_H
#define LVSMON_IPC_CHANNEL_H

#include "ipc/protocol.h"
#include "loop/loop.h"

struct channel {
	struct loop *loop;
	int fd;
	uint32_t seq; /* of the last message sent */
	bool full;    /* until the keeper has read some */
	struct loop_watch input;
	struct loop_watch room;
};

/* Begins to listen, too: LEAVE, or a keeper that is gone, stops the loop. 0 or
 * -1. */
int channel_init(struct channel *channel, struct loop *loop, int fd);

/* Numbers the message and sends it; false = not now. Once there is room again
 * the loop turns. */
bool channel_send(struct channel *channel, union protocol_message *message);

/* A log_sink; arg is the channel. A line that has no room is lost. */
void channel_log(void *arg, int level, const char *line);

#endif
