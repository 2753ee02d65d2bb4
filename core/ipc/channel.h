/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One end of the channel between a keeper and a process of its. Neither end
 * ever waits: a message that has no room stays with its sender. */
#ifndef LVSMON_IPC_CHANNEL_H
#define LVSMON_IPC_CHANNEL_H

#include "ipc/protocol.h"
#include "loop/loop.h"

/* Called if there may be a message or the channel may have ended. */
typedef void channel_ready(void *arg);

struct channel {
	struct loop *loop;
	int fd;            /* -1 = closed */
	uint32_t sent;     /* the number of the last message each way */
	uint32_t received; /* checked by the caller: see channel_receive */
	uint32_t lost;     /* lines that had no room */
	bool full;         /* until the other end has read something */
	channel_ready *ready;
	void *arg;
	struct loop_watch input;
	struct loop_watch room;
};

/* Makes both ends. Returns 0, or -1 with errno set. */
int channel_pair(int ends[2]);

/* Takes over an end. Until channel_listen the channel can only send, and
 * channel_log waits for room for a short time. */
void channel_init(struct channel *channel, int fd);

/* Begins to listen on the loop. Returns 0 or -1. */
int channel_listen(struct channel *channel, struct loop *loop,
	channel_ready *ready, void *arg);

/* Does both. fd is the channel's in both cases. */
int channel_open(struct channel *channel, struct loop *loop, int fd,
	channel_ready *ready, void *arg);

/* Stops listening; the end stays open. */
void channel_ignore(struct channel *channel);

/* Closes the end. Closing twice does nothing. */
void channel_close(struct channel *channel);

/* Numbers a message and sends it. Returns false if it cannot be sent now; when
 * there is room again the loop turns. */
bool channel_send(struct channel *channel, union protocol_message *message);

/* Sends a message that is its type alone, as channel_send does. */
bool channel_send_type(struct channel *channel, enum protocol_type type);

enum channel_got {
	CHANNEL_NOTHING, /* there is no message now */
	CHANNEL_MESSAGE,
	CHANNEL_ENDED, /* the other end is closed */
};

/* Reads the next message and sets *size to its length, which is more than
 * sizeof(*message) if it was cut. The caller checks the message against the
 * number channel->received, which this call counts up. */
enum channel_got channel_receive(
	struct channel *channel, union protocol_message *message, size_t *size);

/* A log_sink; arg is the channel. A line that has no room is lost. The next
 * line that has room follows a line with the number of lost ones. */
void channel_log(void *arg, int level, const char *line);

#endif
