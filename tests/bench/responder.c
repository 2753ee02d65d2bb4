// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A cheap web server on every address of the machine, so that every address of
 * 127.0.0.0/8 is a real:
 *
 *   responder PORT COUNTS
 *
 * It makes and maps the file COUNTS. The file has two 64-bit counters in this
 * machine's byte order: connections accepted, and requests answered. It ends
 * with its parent.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 512
#define ACCEPTS 64 /* at most in one turn of the loop */

struct counts {
	_Atomic uint64_t accepted;
	_Atomic uint64_t answered;
};

static struct counts *counts;
static int epoll;

static int listen_on(uint16_t port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
		listen(fd, 4096) < 0)
		return -1;
	return fd;
}

static struct counts *map_counts(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	void *map;

	if (fd < 0 || ftruncate(fd, sizeof(struct counts)) < 0)
		return NULL;
	map = mmap(NULL, sizeof(struct counts), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

static int watch(int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* Returns whether the connection can be closed. */
static int answer(int fd)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
				   "Connection: close\r\n\r\nok";
	char request[4096];
	ssize_t got = recv(fd, request, sizeof(request), 0);

	if (got < 0)
		return 0;
	if (got > 0 && send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL) > 0)
		counts->answered++;
	return 1;
}

static void accept_some(int listener)
{
	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);

		if (fd < 0)
			return;
		counts->accepted++;
		if (answer(fd) || watch(fd) < 0)
			close(fd);
	}
}

int main(int argc, char **argv)
{
	static struct epoll_event events[EVENTS];
	int listener;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc != 3) {
		fputs("Usage: responder PORT COUNTS\n", stderr);
		return 2;
	}
	listener = listen_on((uint16_t)strtoul(argv[1], NULL, 10));
	counts = map_counts(argv[2]);
	epoll = epoll_create1(0);
	if (listener < 0 || !counts || epoll < 0 || watch(listener) < 0) {
		perror("responder");
		return 1;
	}
	for (;;) {
		int ready = epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;

			if (fd == listener)
				accept_some(fd);
			else if (answer(fd) || events[i].events & EPOLLHUP)
				close(fd);
		}
	}
}
