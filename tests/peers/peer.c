// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Servers that behave badly, and a UDP one that behaves well: what a system
 * test puts in the place of a real server. `peer` without arguments lists
 * them. Each serves all comers, one process for each connection.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 512
#define DRIBBLE_US 100000
#define LATE_US 800000

/* Never says a word. */
static void be_silent(int fd, const char *text)
{
	char byte;

	(void)text;
	while (read(fd, &byte, 1) > 0)
		;
	pause();
}

/* Begins an answer and never ends it, a byte at a time. */
static void dribble(int fd, const char *text)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nX: ";

	(void)text;
	for (size_t i = 0; i < sizeof(head) - 1; i++) {
		if (write(fd, head + i, 1) != 1)
			return;
		usleep(DRIBBLE_US);
	}
	while (write(fd, "x", 1) == 1)
		usleep(DRIBBLE_US);
}

/* Takes the connection and resets it. */
static void reset(int fd, const char *text)
{
	const struct linger hard = {.l_onoff = 1};

	(void)text;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

/* Closes as soon as it is asked. */
static void close_early(int fd, const char *text)
{
	(void)fd;
	(void)text;
}

/* Never stops talking, and nobody asked. */
static void flood(int fd, const char *text)
{
	char block[4096];

	(void)text;
	memset(block, 'a', sizeof(block));
	while (write(fd, block, sizeof(block)) > 0)
		;
}

/* Says text, then waits for the other side to close. */
static void say(int fd, const char *text)
{
	char byte;

	if (text && write(fd, text, strlen(text)) < 0)
		return;
	while (read(fd, &byte, 1) > 0)
		;
}

/* Answers http as a good server does, but only after a time. */
static void answer_late(int fd, const char *text)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
				     "\r\n";
	char request[512];

	(void)text;
	if (read(fd, request, sizeof(request)) <= 0)
		return;
	usleep(LATE_US);
	if (write(fd, answer, sizeof(answer) - 1) < 0)
		return;
}

static const struct {
	const char *name;
	const char *what;
	void (*serve)(int fd, const char *text);
} peers[] = {
	{"silent", "accepts and never says a word", be_silent},
	{"dribble", "answers http, a byte each 100 ms, for ever", dribble},
	{"reset", "accepts and resets", reset},
	{"close", "accepts and closes", close_early},
	{"flood", "sends without end and without a question", flood},
	{"late", "answers http with 200, after 800 ms", answer_late},
	{"say", "says TEXT and waits for the end", say},
};

#define PEERS (sizeof(peers) / sizeof(peers[0]))

/* A socket bound to port of every address, both families. */
static int listen_on(int type, uint16_t port)
{
	const struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_ANY_INIT,
	};
	const int on = 1, off = 0;
	int fd = socket(AF_INET6, type, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return type == SOCK_STREAM && listen(fd, BACKLOG) < 0 ? -1 : fd;
}

static _Noreturn void serve_tcp(size_t which, int listener, const char *text)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (fork() == 0) {
			close(listener);
			signal(SIGPIPE, SIG_IGN);
			peers[which].serve(fd, text);
			_exit(0);
		}
		close(fd);
	}
}

/* Answers each datagram with text. */
static _Noreturn void serve_udp(int fd, const char *text)
{
	struct sockaddr_storage from;
	char datagram[1500];

	for (;;) {
		socklen_t len = sizeof(from);

		if (recvfrom(fd, datagram, sizeof(datagram), 0,
			    (struct sockaddr *)&from, &len) >= 0)
			sendto(fd, text, strlen(text), 0,
				(struct sockaddr *)&from, len);
	}
}

static int usage(void)
{
	fputs("Usage: peer KIND PORT [TEXT]\n\n", stderr);
	for (size_t i = 0; i < PEERS; i++)
		fprintf(stderr, "  %-8s %s\n", peers[i].name, peers[i].what);
	fputs("  udp      answers each datagram with TEXT\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *text = argc > 3 ? argv[3] : "peer\n";
	uint16_t port = argc > 2 ? (uint16_t)strtoul(argv[2], NULL, 10) : 0;
	int udp = argc > 2 && strcmp(argv[1], "udp") == 0;
	size_t which = 0;
	int fd;

	while (argc > 2 && which < PEERS &&
		strcmp(argv[1], peers[which].name) != 0)
		which++;
	if (!port || (which == PEERS && !udp))
		return usage();
	signal(SIGCHLD, SIG_IGN);
	fd = listen_on(udp ? SOCK_DGRAM : SOCK_STREAM, port);
	if (fd < 0) {
		fprintf(stderr, "peer: port %u: %s\n", port, strerror(errno));
		return 1;
	}
	if (udp)
		serve_udp(fd, text);
	serve_tcp(which, fd, text);
}
