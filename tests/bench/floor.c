// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The floor: a prober that only probes, with as few system calls as possible,
 * on a grid of 10 ms.
 *
 *   floor http|connect SERVICES INTERVAL_MS PORT
 *
 * It probes 127.1.0.1, 127.1.0.2, ... 127.1.0.250, 127.1.1.1, ... for ever. It
 * has no health, no deadlines and no configuration. It ends with its parent.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 1024
#define FILES 65536
#define TICK_US 10000

static const char query[] =
	"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

static int epoll;
static bool http;
static uint16_t port;
static bool asked[FILES]; /* of each descriptor: the request was sent */
static int begun[FILES];  /* descriptors that began to connect in this turn */
static uint32_t begun_count;

static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void watch(int fd)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLET,
		.data.fd = fd,
	};

	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void begin(uint32_t service)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = {htonl(
			0x7f010001 + service / 250 * 256 + service % 250)},
	};
	const int off = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || fd >= FILES || begun_count == FILES) {
		perror("floor");
		exit(1);
	}
	if (!http)
		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof(off));
	asked[fd] = false;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0 &&
		errno != EINPROGRESS)
		close(fd);
	else if (http)
		watch(fd);
	else
		begun[begun_count++] = fd;
}

static void reset(int fd)
{
	const struct linger now = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

/* A socket that is connected already need not be watched. */
static void look_at_begun(void)
{
	while (begun_count > 0) {
		int fd = begun[--begun_count];
		struct sockaddr_in peer;
		socklen_t len = sizeof(peer);

		if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
			reset(fd);
		else
			watch(fd);
	}
}

static void go_on(const struct epoll_event *event)
{
	int fd = event->data.fd;
	char answer[4096];

	if (!http) {
		reset(fd);
		return;
	}
	if (!asked[fd]) {
		asked[fd] = true;
		send(fd, query, sizeof(query) - 1, MSG_NOSIGNAL);
		if (!(event->events & EPOLLIN))
			return;
	}
	if (recv(fd, answer, sizeof(answer), 0) < 0 && errno == EAGAIN)
		return;
	close(fd);
}

int main(int argc, char **argv)
{
	static struct epoll_event events[EVENTS];
	uint64_t start, interval, next = 0;
	uint32_t services;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc != 5) {
		fputs("Usage: floor http|connect SERVICES INTERVAL_MS PORT\n",
			stderr);
		return 2;
	}
	http = strcmp(argv[1], "http") == 0;
	services = (uint32_t)strtoul(argv[2], NULL, 10);
	interval = strtoull(argv[3], NULL, 10) * 1000;
	port = (uint16_t)strtoul(argv[4], NULL, 10);
	epoll = epoll_create1(0);
	start = clock_us() / TICK_US * TICK_US;
	for (;;) {
		uint64_t due, now = clock_us();
		int wait, ready;

		for (; start + next * interval / services <= now; next++)
			begin((uint32_t)(next % services));
		look_at_begun();
		due = start + next * interval / services;
		due = (due + TICK_US - 1) / TICK_US * TICK_US;
		now = clock_us();
		wait = due > now ? (int)((due - now + 999) / 1000) : 0;
		ready = epoll_wait(epoll, events, EVENTS, wait);
		for (int i = 0; i < ready; i++)
			go_on(&events[i]);
	}
}
