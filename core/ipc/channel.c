// SPDX-License-Identifier: GPL-2.0-or-later
/* One end of the channel between a keeper and a process of its. */
#include "ipc/channel.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The longest wait for room without a loop. */
#define LOG_WAIT_MS 100

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

void channel_init(struct channel *channel, int fd)
{
	*channel = (struct channel){.fd = fd};
}

int channel_listen(struct channel *channel, struct loop *loop,
	channel_ready *ready, void *arg)
{
	channel->loop = loop;
	channel->ready = ready;
	channel->arg = arg;
	return loop_watch_begin(loop, &channel->input, channel->fd, LOOP_INPUT,
		channel_has_input, channel);
}

int channel_open(struct channel *channel, struct loop *loop, int fd,
	channel_ready *ready, void *arg)
{
	channel_init(channel, fd);
	return channel_listen(channel, loop, ready, arg);
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
	if (channel->loop &&
		(errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM))
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

/* A process that has no loop yet has time: its errors are worth a wait. */
static void wait_without_loop(const struct channel *channel)
{
	struct pollfd room = {.fd = channel->fd, .events = POLLOUT};

	if (!channel->loop)
		poll(&room, 1, LOG_WAIT_MS);
}

static bool send_line(struct channel *channel, int level, const char *line)
{
	union protocol_message message;

	message.head.type = PROTOCOL_LOG;
	message.log.level = level < LOG_ERR ? LOG_ERR : level;
	text_printable(
		message.log.line, sizeof(message.log.line), line, strlen(line));
	wait_without_loop(channel);
	return channel_send(channel, &message);
}

static bool tell_lost(struct channel *channel)
{
	char line[64];
	struct text text;

	if (!channel->lost)
		return true;
	text_init(&text, line, sizeof(line));
	text_add(&text, "%u lines had no room on the way to the log",
		(unsigned int)channel->lost);
	if (!send_line(channel, LOG_WARNING, line))
		return false;
	channel->lost = 0;
	return true;
}

void channel_log(void *arg, int level, const char *line)
{
	struct channel *channel = arg;

	if (!tell_lost(channel) || !send_line(channel, level, line))
		channel->lost++;
}
