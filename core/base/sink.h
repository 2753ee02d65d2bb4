/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A place to write to that never makes the writer wait: stderr, or a socket of
 * datagrams. */
#ifndef LVSMON_BASE_SINK_H
#define LVSMON_BASE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

enum sink_kind {
	SINK_CLOSED,
	SINK_FILE,     /* stderr itself; no reader can hold it up */
	SINK_REOPENED, /* a pipe or terminal, with a description of our own */
	SINK_POLLED,   /* a pipe or terminal that cannot be opened again */
	SINK_STREAM,   /* stderr is a socket */
	SINK_DATAGRAMS
};

struct sink {
	enum sink_kind kind; /* zeroed = closed */
	int fd;
	dev_t device; /* of the descriptor, so that another file in its */
	ino_t inode;  /* place is noticed */
	struct sockaddr_un to;
	socklen_t to_size;
};

/*
 * Opens stderr. The flag O_NONBLOCK belongs to all processes that share a pipe
 * or a terminal. So such a stderr is opened a second time, through /proc. If
 * that is forbidden, poll(2) is asked before each write. A socket has a flag
 * for each call. A regular file is used as it is.
 */
void sink_open_stderr(struct sink *sink);

/* Opens a socket for datagrams to a path, or to an abstract name that begins
 * with '@'. The receiver may come and go later. Returns 0. If the name is
 * neither or there is no socket, returns -1 and the sink is closed. */
int sink_open_socket(struct sink *sink, const char *name);

void sink_close(struct sink *sink);

/* Returns whether the descriptor is still the one that was opened. A process
 * may have closed it, or have put another file in the place of stderr. */
bool sink_is_whole(const struct sink *sink);

/* Writes without waiting. Returns the number of bytes that were taken, which is
 * len for a datagram. If the sink takes nothing now, returns -1. */
ssize_t sink_write(const struct sink *sink, const char *bytes, size_t len);

#endif
