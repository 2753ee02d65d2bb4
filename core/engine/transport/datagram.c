// SPDX-License-Identifier: GPL-2.0-or-later
/* The transport UDP. */
#include "engine/transport/datagram.h"

#include "engine/transport/tcp.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

/* Errors that one receive passes over. */
#define PASSED_MAX 4

/* Without this option the kernel keeps most ICMP errors from the socket, such
 * as an unreachable host (udp(7)). */
static void want_errors(int fd, int family)
{
	const int on = 1;

	if (family == AF_INET)
		(void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	else
		(void)setsockopt(
			fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
}

static int datagram_connect(int fd, const struct transport_target *target)
{
	struct sockaddr_storage address;
	socklen_t len;

	if (target->from->family) {
		len = address_sockaddr(target->from, &address);
		if (bind(fd, (struct sockaddr *)&address, len) < 0)
			return -1;
	}
	want_errors(fd, target->to->family);
	len = address_sockaddr(target->to, &address);
	return connect(fd, (struct sockaddr *)&address, len);
}

static enum transport_answer datagram_begin(
	struct transport_state *state, const struct transport_target *target)
{
	int fd = socket(target->to->family,
		SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || datagram_connect(fd, target) < 0) {
		state->error = errno;
	} else {
		state->fd = fd;
		if (transport_watch_input(state) == 0)
			return TRANSPORT_DONE;
	}
	if (fd >= 0)
		close(fd);
	return TRANSPORT_FAILED;
}

/* There is no handshake. */
static enum transport_answer datagram_proceed(struct transport_state *state)
{
	(void)state;
	return TRANSPORT_DONE;
}

static enum transport_answer datagram_failed(
	struct transport_state *state, int error)
{
	state->error = error;
	state->readable = true;
	return TRANSPORT_FAILED;
}

/* The buffer of a socket holds more than a probe sends, so EAGAIN is a shortage
 * on this machine. */
static enum transport_answer datagram_send(
	struct transport_state *state, const void *data, size_t len)
{
	ssize_t count = send(state->fd, data, len, MSG_NOSIGNAL);

	assert(len > 0);
	if (count < 0)
		return datagram_failed(state, errno);
	state->count = (size_t)count;
	return TRANSPORT_DONE;
}

/* EMSGSIZE tells that a router has refused a long datagram. The kernel will cut
 * the next one into fragments, so this is no verdict. */
static ssize_t receive_datagram(int fd, void *data, size_t size)
{
	ssize_t count = -1;

	for (int i = 0; i < PASSED_MAX; i++) {
		count = recv(fd, data, size, MSG_TRUNC);
		if (count >= 0 || errno != EMSGSIZE)
			return count;
	}
	errno = EAGAIN;
	return -1;
}

/* With MSG_TRUNC, recv(2) returns the length that the datagram had. */
static enum transport_answer datagram_receive(
	struct transport_state *state, void *data, size_t size)
{
	ssize_t count;

	if (!state->readable)
		return TRANSPORT_WANT_INPUT;
	count = receive_datagram(state->fd, data, size);
	if (count < 0 && errno == EAGAIN) {
		state->readable = false;
		return TRANSPORT_WANT_INPUT;
	}
	if (count < 0)
		return datagram_failed(state, errno);
	if ((size_t)count > size)
		return datagram_failed(state, EOVERFLOW);
	state->count = (size_t)count;
	return TRANSPORT_DONE;
}

const char *datagram_why(const struct transport_state *state)
{
	switch (state->error) {
	case ECONNREFUSED:
	case ENOPROTOOPT:
		return "refused";
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return "host unreachable";
	case EACCES:
		return "forbidden";
	case EPERM:
		/* A rule of this machine, or a full table of connections. */
		return NULL;
	case EMSGSIZE:
		return "datagram too long to send";
	case EOVERFLOW:
		return "datagram truncated";
	default:
		return tcp_why(state);
	}
}

static void datagram_end(struct transport_state *state)
{
	transport_unwatch(state);
	close(state->fd);
}

const struct transport datagram_transport = {
	.datagrams = true,
	.begin = datagram_begin,
	.proceed = datagram_proceed,
	.send = datagram_send,
	.receive = datagram_receive,
	.why = datagram_why,
	.end = datagram_end,
};
