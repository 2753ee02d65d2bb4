// SPDX-License-Identifier: GPL-2.0-or-later
/* A place to write to that never makes the writer wait. */
#include "base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_reader(const struct stat *st)
{
	return S_ISFIFO(st->st_mode) ||
	       (S_ISCHR(st->st_mode) && isatty(STDERR_FILENO));
}

static void open_again(struct sink *sink)
{
	int fd = open("/proc/self/fd/2",
		O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	sink->kind = fd < 0 ? SINK_POLLED : SINK_REOPENED;
	if (fd >= 0)
		sink->fd = fd;
}

void sink_open_stderr(struct sink *sink)
{
	struct stat st;

	sink_close(sink);
	if (fstat(STDERR_FILENO, &st) < 0)
		return;
	*sink = (struct sink){
		.kind = S_ISSOCK(st.st_mode) ? SINK_STREAM : SINK_FILE,
		.fd = STDERR_FILENO,
		.device = st.st_dev,
		.inode = st.st_ino,
	};
	if (has_reader(&st))
		open_again(sink);
}

static int name_socket(struct sink *sink, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 ||
		len >= sizeof(sink->to.sun_path))
		return -1;
	sink->to.sun_family = AF_UNIX;
	memcpy(sink->to.sun_path, name, len + 1);
	if (name[0] == '@')
		sink->to.sun_path[0] = '\0';
	sink->to_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				    len + (name[0] == '/'));
	return 0;
}

int sink_open_socket(struct sink *sink, const char *name)
{
	struct stat st;

	sink_close(sink);
	if (name_socket(sink, name) < 0)
		return -1;
	sink->fd =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sink->fd < 0)
		return -1;
	sink->kind = SINK_DATAGRAMS;
	if (fstat(sink->fd, &st) < 0) {
		sink_close(sink);
		return -1;
	}
	sink->device = st.st_dev;
	sink->inode = st.st_ino;
	return 0;
}

void sink_close(struct sink *sink)
{
	if ((sink->kind == SINK_REOPENED || sink->kind == SINK_DATAGRAMS) &&
		sink_is_whole(sink))
		close(sink->fd);
	*sink = (struct sink){.kind = SINK_CLOSED, .fd = -1};
}

/* Only a closed descriptor is certain to be another; any other failure says
 * nothing about the file. */
static bool is_file(const struct sink *sink, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return errno != EBADF;
	return st.st_dev == sink->device && st.st_ino == sink->inode;
}

bool sink_is_whole(const struct sink *sink)
{
	if (sink->kind == SINK_CLOSED || !is_file(sink, sink->fd))
		return false;
	return sink->kind == SINK_DATAGRAMS || sink->fd == STDERR_FILENO ||
	       is_file(sink, STDERR_FILENO);
}

static bool takes_now(int fd)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};

	return poll(&room, 1, 0) == 1 && room.revents & POLLOUT;
}

ssize_t sink_write(const struct sink *sink, const char *bytes, size_t len)
{
	switch (sink->kind) {
	case SINK_FILE:
	case SINK_REOPENED:
		return write(sink->fd, bytes, len);
	case SINK_POLLED:
		/* A pipe with room takes PIPE_BUF bytes at least. */
		return takes_now(sink->fd) ? write(sink->fd, bytes, len) : -1;
	case SINK_STREAM:
		return send(sink->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	case SINK_DATAGRAMS:
		return sendto(sink->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL,
			(const struct sockaddr *)&sink->to, sink->to_size);
	case SINK_CLOSED:
		break;
	}
	return -1;
}
