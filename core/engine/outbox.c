// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's side of the channel to its keeper. */
#include "engine/outbox.h"

#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

/* All that comes from a keeper is LEAVE, or its end; anything else is a
 * mistake between the two, and a new engine is the cure. */
static void channel_ready(void *arg, bool in, bool out)
{
	struct outbox *outbox = arg;
	union protocol_message message;
	ssize_t got = recv(outbox->channel, &message, sizeof(message), 0);

	(void)in;
	(void)out;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	loop_stop(outbox->loop);
}

static void channel_has_room(void *arg, bool in, bool out)
{
	struct outbox *outbox = arg;

	(void)in;
	(void)out;
	outbox->full = false;
}

int outbox_init(struct outbox *outbox, struct loop *loop, int channel)
{
	*outbox = (struct outbox){.loop = loop, .channel = channel};
	return loop_watch_begin(loop, &outbox->input, channel, LOOP_INPUT,
		channel_ready, outbox);
}

static void outbox_wait(struct outbox *outbox)
{
	outbox->full = true;
	if (loop_watch_begin(outbox->loop, &outbox->room, outbox->channel,
		    LOOP_ROOM, channel_has_room, outbox) < 0)
		loop_stop(outbox->loop);
}

bool outbox_send(struct outbox *outbox, union protocol_message *message)
{
	if (outbox->full)
		return false;
	message->head.seq = outbox->seq + 1;
	if (send(outbox->channel, message, protocol_size(message),
		    MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
		outbox->seq++;
		return true;
	}
	if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
		outbox_wait(outbox);
	else if (errno != EINTR)
		loop_stop(outbox->loop); /* the keeper is gone */
	return false;
}

void outbox_log(void *arg, int level, const char *line)
{
	union protocol_message message;

	message.head.type = PROTOCOL_LOG;
	message.log.level = level < LOG_ERR ? LOG_ERR : level;
	text_printable(
		message.log.line, sizeof(message.log.line), line, strlen(line));
	outbox_send(arg, &message);
}
