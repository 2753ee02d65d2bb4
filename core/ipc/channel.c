// SPDX-License-Identifier: GPL-2.0-or-later
/* One end of the channel between a keeper and a process of its. */
#include "ipc/channel.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int channel_pair(int ends[2])
{
	return socketpair(AF_UNIX,
		SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
}

static void channel_has_input(void *arg, bool in, bool out)
{
	struct channel *channel = arg;

	(void)in;
	(void)out;
	channel->ready(channel->arg);
}

static void channel_has_room(void *arg, bool in, bool out)
{
	struct channel *channel = arg;

	(void)in;
	(void)out;
	channel->full = false;
}

int channel_open(struct channel *channel, struct loop *loop, int fd,
	channel_ready *ready, void *arg)
{
	*channel = (struct channel){
		.loop = loop,
		.fd = fd,
		.ready = ready,
		.arg = arg,
	};
	return loop_watch_begin(loop, &channel->input, fd, LOOP_INPUT,
		channel_has_input, channel);
}

void channel_ignore(struct channel *channel)
{
	loop_watch_end(&channel->input);
	loop_watch_end(&channel->room);
}

void channel_close(struct channel *channel)
{
	channel_ignore(channel);
	if (channel->fd >= 0)
		close(channel->fd);
	channel->fd = -1;
}

/* A channel that cannot be watched stays full; the keeper replaces an engine
 * that it does not hear. */
static void wait_for_room(struct channel *channel)
{
	channel->full = true;
	if (loop_watch_begin(channel->loop, &channel->room, channel->fd,
		    LOOP_ROOM, channel_has_room, channel) < 0)
		log_line(LOG_ERR, "channel: %s", strerror(errno));
}

bool channel_send(struct channel *channel, union protocol_message *message)
{
	size_t size = protocol_size(message);

	assert(size > 0);
	if (channel->full || channel->fd < 0)
		return false;
	message->head.seq = channel->sent + 1;
	if (send(channel->fd, message, size, MSG_NOSIGNAL | MSG_DONTWAIT) >=
		0) {
		channel->sent++;
		return true;
	}
	/* Any other error is the end of the channel, which its reader sees. */
	if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
		wait_for_room(channel);
	return false;
}

bool channel_send_type(struct channel *channel, enum protocol_type type)
{
	union protocol_message message = {.head = {.type = type}};

	return channel_send(channel, &message);
}

enum channel_got channel_receive(
	struct channel *channel, union protocol_message *message, size_t *size)
{
	ssize_t got = recv(channel->fd, message, sizeof(*message), MSG_TRUNC);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return CHANNEL_NOTHING;
	if (got <= 0)
		return CHANNEL_ENDED;
	channel->received++;
	*size = (size_t)got;
	return CHANNEL_MESSAGE;
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
