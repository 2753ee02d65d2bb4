// SPDX-License-Identifier: GPL-2.0-or-later
/* The sockets of probes over TCP. */
#include "engine/transport/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static void set_option(int fd, int level, int name, int value)
{
	/* None of them is needed for a right verdict. */
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

/* The port is chosen when connecting, so that it need be free for this peer
 * only (ip(7)). */
static int tcp_bind(int fd, const struct address *from)
{
	struct sockaddr_storage address;
	socklen_t len = address_sockaddr(from, &address);

	if (!from->port)
		set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	return bind(fd, (struct sockaddr *)&address, len);
}

static int begin(int fd, const struct address *to, const struct address *from,
	bool quiet)
{
	struct sockaddr_storage address;
	socklen_t len = address_sockaddr(to, &address);

	if (from->family && tcp_bind(fd, from) < 0)
		return -1;
	if (quiet)
		set_option(fd, IPPROTO_TCP, TCP_QUICKACK, 0);
	if (connect(fd, (struct sockaddr *)&address, len) < 0 &&
		errno != EINPROGRESS)
		return -1;
	return 0;
}

int tcp_connect(
	const struct address *to, const struct address *from, bool quiet)
{
	int fd = socket(
		to->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -errno;
	if (begin(fd, to, from, quiet) == 0)
		return fd;
	error = errno;
	close(fd);
	return -error;
}

bool tcp_is_connected(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	return getpeername(fd, (struct sockaddr *)&peer, &len) == 0;
}

int tcp_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return errno;
	return error;
}

ssize_t tcp_send(int fd, const void *data, size_t len)
{
	ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

	return sent < 0 ? -errno : sent;
}

ssize_t tcp_receive(int fd, void *data, size_t size)
{
	ssize_t got = recv(fd, data, size, 0);

	return got < 0 ? -errno : got;
}

void tcp_close(int fd, bool connected)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};

	if (connected)
		(void)setsockopt(
			fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
}

bool tcp_is_local(int error)
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

const char *tcp_why(int error)
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
