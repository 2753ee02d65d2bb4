// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's side of the channel to its keeper. */
#include "ipc/channel.h"

#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

/* All that comes from a keeper is LEAVE, or its end; anything else is a
 * mistake between the two, and a new engine is the cure. */
static void channel_ready(void *arg, bool in, bool out)
{
	struct channel *channel = arg;
	union protocol_message message;
	ssize_t got = recv(channel->fd, &message, sizeof(message), 0);

	(void)in;
	(void)out;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	loop_stop(channel->loop);
}

static void channel_has_room(void *arg, bool in, bool out)
{
	struct channel *channel = arg;

	(void)in;
	(void)out;
	channel->full = false;
}

int channel_init(struct channel *channel, struct loop *loop, int fd)
{
	*channel = (struct channel){.loop = loop, .fd = fd};
	return loop_watch_begin(
		loop, &channel->input, fd, LOOP_INPUT, channel_ready, channel);
}

static void channel_wait(struct channel *channel)
{
	channel->full = true;
	if (loop_watch_begin(channel->loop, &channel->room, channel->fd,
		    LOOP_ROOM, channel_has_room, channel) < 0)
		loop_stop(channel->loop);
}

bool channel_send(struct channel *channel, union protocol_message *message)
{
	if (channel->full)
		return false;
	message->head.seq = channel->seq + 1;
	if (send(channel->fd, message, protocol_size(message),
		    MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
		channel->seq++;
		return true;
	}
	if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
		channel_wait(channel);
	else if (errno != EINTR)
		loop_stop(channel->loop); /* the keeper is gone */
	return false;
}

void channel_log(void *arg, int level, const char *line)
{
	union protocol_message message;

	message.head.type = PROTOCOL_LOG;
	message.log.level = level < LOG_ERR ? LOG_ERR : level;
	text_printable(
		message.log.line, sizeof(message.log.line), line, strlen(line));
	channel_send(arg, &message);
}
