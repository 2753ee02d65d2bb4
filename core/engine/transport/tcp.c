// SPDX-License-Identifier: GPL-2.0-or-later
/* The transport TCP. */
#include "engine/transport/tcp.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static void set_option(int fd, int level, int name, int value)
{
	/* No verdict depends on these options. */
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

/* The kernel chooses the port in connect(2), so that the port need be free for
 * this peer only (ip(7)). */
static int tcp_bind(int fd, const struct address *from)
{
	struct sockaddr_storage address;
	socklen_t len = address_sockaddr(from, &address);

	if (!from->port)
		set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	return bind(fd, (struct sockaddr *)&address, len);
}

static int tcp_connect(
	int fd, const struct transport_target *target, bool quiet)
{
	struct sockaddr_storage address;
	socklen_t len = address_sockaddr(target->to, &address);

	if (target->from->family && tcp_bind(fd, target->from) < 0)
		return -1;
	if (quiet)
		set_option(fd, IPPROTO_TCP, TCP_QUICKACK, 0);
	if (connect(fd, (struct sockaddr *)&address, len) < 0 &&
		errno != EINPROGRESS)
		return -1;
	return 0;
}

int tcp_open(struct transport_state *state,
	const struct transport_target *target, bool quiet)
{
	int fd = socket(target->to->family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && tcp_connect(fd, target, quiet) == 0) {
		state->fd = fd;
		return 0;
	}
	state->error = errno;
	if (fd >= 0)
		close(fd);
	return -1;
}

static enum transport_answer tcp_begin(
	struct transport_state *state, const struct transport_target *target)
{
	if (tcp_open(state, target, false) < 0)
		return TRANSPORT_FAILED;
	if (transport_watch(state) == 0)
		return TRANSPORT_WANT_ROOM;
	close(state->fd);
	return TRANSPORT_FAILED;
}

static int tcp_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return errno;
	return error;
}

/* Whether the peer accepted the connection, sent something and reset the
 * connection: the input is still there to be received. */
static bool tcp_was_connected(int fd, int error)
{
	char byte;

	if (error != ECONNRESET && error != EPIPE)
		return false;
	return recv(fd, &byte, sizeof(byte), MSG_PEEK) > 0;
}

enum transport_answer tcp_proceed(struct transport_state *state)
{
	if (!state->readable && !state->writable)
		return TRANSPORT_WANT_ROOM;
	state->error = state->readable ? tcp_error(state->fd) : 0;
	if (state->error && !tcp_was_connected(state->fd, state->error))
		return TRANSPORT_FAILED;
	state->connected = true;
	return TRANSPORT_DONE;
}

static enum transport_answer tcp_failed(struct transport_state *state)
{
	state->error = errno;
	state->readable = true;
	return TRANSPORT_FAILED;
}

static enum transport_answer tcp_send(
	struct transport_state *state, const void *data, size_t len)
{
	ssize_t count;

	assert(state->connected && len > 0);
	if (!state->writable)
		return TRANSPORT_WANT_ROOM;
	count = send(state->fd, data, len, MSG_NOSIGNAL);
	if (count < 0 && errno == EAGAIN) {
		state->writable = false;
		return TRANSPORT_WANT_ROOM;
	}
	if (count < 0)
		return tcp_failed(state);
	state->count = (size_t)count;
	return TRANSPORT_DONE;
}

/* The kernel reports an error once. A connection that failed earlier, in
 * proceed, ends with that error and not with an orderly close. */
static enum transport_answer tcp_ended(struct transport_state *state)
{
	state->ended = !state->error;
	return state->ended ? TRANSPORT_END : TRANSPORT_FAILED;
}

/* A receive that does not fill its room has taken all that there was. If the
 * end was announced before, nothing is behind it. */
static enum transport_answer tcp_receive(
	struct transport_state *state, void *data, size_t size)
{
	ssize_t count;

	assert(state->connected && size > 0);
	if (state->drained && state->watch.ended)
		return tcp_ended(state);
	if (!state->readable)
		return TRANSPORT_WANT_INPUT;
	count = recv(state->fd, data, size, 0);
	if (count < 0 && errno == EAGAIN) {
		state->readable = false;
		return TRANSPORT_WANT_INPUT;
	}
	if (count < 0)
		return tcp_failed(state);
	if (count == 0)
		return tcp_ended(state);
	state->count = (size_t)count;
	state->drained = state->count < size;
	state->ended = state->drained && state->watch.ended && !state->error;
	return TRANSPORT_DONE;
}

static bool tcp_is_local(int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
	case EADDRINUSE:
	case EAGAIN:
		return true;
	default:
		return false;
	}
}

static const char *tcp_reason(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "connection refused";
	case ECONNRESET:
	case EPIPE:
		return "connection reset";
	case ETIMEDOUT:
		return "connection timed out";
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return "no route to host";
	case ENETUNREACH:
	case ENETDOWN:
		return "network unreachable";
	case EPERM:
	case EACCES:
		return "forbidden on this machine";
	case EAFNOSUPPORT:
		return "address family not supported on this machine";
	default:
		return "connection failed";
	}
}

const char *tcp_why(const struct transport_state *state)
{
	return tcp_is_local(state->error) ? NULL : tcp_reason(state->error);
}

void tcp_end(struct transport_state *state)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};

	transport_unwatch(state);
	if (state->connected)
		(void)setsockopt(state->fd, SOL_SOCKET, SO_LINGER, &reset,
			sizeof(reset));
	close(state->fd);
}

/* The kernel sends the FIN, and resets the connection as soon as the peer has
 * acknowledged the FIN (tcp(7), TCP_LINGER2). */
void tcp_part(struct transport_state *state)
{
	transport_unwatch(state);
	if (!state->ended)
		set_option(state->fd, IPPROTO_TCP, TCP_LINGER2, -1);
	close(state->fd);
}

const struct transport tcp_transport = {
	.begin = tcp_begin,
	.proceed = tcp_proceed,
	.send = tcp_send,
	.receive = tcp_receive,
	.why = tcp_why,
	.end = tcp_end,
	.part = tcp_part,
};
