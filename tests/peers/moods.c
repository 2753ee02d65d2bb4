// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many web servers in one process. Each has an address of its own and a mood
 * that stdin changes:
 *
 *   moods ADDRESS COUNT PORT
 *
 * The addresses are ADDRESS and the following ones. A line "INDEX MOOD" gives
 * one server a mood. All servers begin closed. The process ends with stdin.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 128
#define SERVERS_MAX 250
#define CONNECTIONS_MAX 4096
#define EVENTS_MAX 64
#define TURN_MS 20
#define LATE_MS 100
#define DRIBBLE_MS 50
/* Longer than any timeout of a test. */
#define SLOW_MS 8000

enum mood {
	CLOSED,
	UP,
	LATE,
	BYTES,
	SLOW,
	RESET,
	CUT,
	SILENT,
	GARBAGE,
	DRIBBLE,
	FLOOD,
	ERROR,
	MOODS,
};

static const char *const names[MOODS] = {
	"closed",
	"up",
	"late",
	"bytes",
	"slow",
	"reset",
	"cut",
	"silent",
	"garbage",
	"dribble",
	"flood",
	"error",
};

struct server {
	int fd; /* -1 = closed */
	enum mood mood;
};

struct connection {
	int fd; /* 0 = not used */
	enum mood mood;
	uint64_t due_ms; /* 0 = waits for the peer */
	size_t sent;
};

static const char good[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
static const char bad[] =
	"HTTP/1.1 500 Broken\r\nContent-Length: 3\r\n\r\nno\n";
static const char endless[] = "HTTP/1.1 200 OK\r\nX: ";
static struct server servers[SERVERS_MAX];
static struct connection connections[CONNECTIONS_MAX];
static struct in_addr first;
static unsigned int count;
static uint16_t port;
static int poller;

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Servers come first in the numbers of descriptors that epoll gives back. */
static void watch(int fd, uint32_t events, uint32_t number)
{
	struct epoll_event event = {.events = events, .data.u32 = number};

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0)
		abort();
}

static void open_server(unsigned int index)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = {htonl(ntohl(first.s_addr) + index)},
	};
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
		listen(fd, BACKLOG) < 0) {
		fprintf(stderr, "moods: server %u: %s\n", index,
			strerror(errno));
		exit(1);
	}
	servers[index].fd = fd;
	watch(fd, EPOLLIN, index);
}

static void change_mood(unsigned int index, enum mood mood)
{
	struct server *server = &servers[index];

	server->mood = mood;
	if (mood == CLOSED && server->fd >= 0) {
		close(server->fd);
		server->fd = -1;
	} else if (mood != CLOSED && server->fd < 0) {
		open_server(index);
	}
}

static void drop(struct connection *connection)
{
	close(connection->fd);
	connection->fd = 0;
}

/* Sends all of text, or as much as the socket takes, and ends. */
static void answer(struct connection *connection, const char *text, size_t len)
{
	(void)!send(connection->fd, text, len, MSG_NOSIGNAL);
	drop(connection);
}

static void send_byte(struct connection *connection, char byte)
{
	if (send(connection->fd, &byte, 1, MSG_NOSIGNAL) != 1)
		drop(connection);
	else
		connection->sent++;
}

static void answer_bytewise(struct connection *connection)
{
	const int on = 1;

	setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	while (connection->fd && connection->sent < sizeof(good) - 1)
		send_byte(connection, good[connection->sent]);
	if (connection->fd)
		drop(connection);
}

static void send_garbage(struct connection *connection)
{
	char block[512];

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(rand() % 256);
	/* An accidental status line would be a good answer. */
	block[0] = '\0';
	answer(connection, block, sizeof(block));
}

/* A request has arrived. */
static void take_request(struct connection *connection)
{
	switch (connection->mood) {
	case UP:
		answer(connection, good, sizeof(good) - 1);
		break;
	case ERROR:
		answer(connection, bad, sizeof(bad) - 1);
		break;
	case BYTES:
		answer_bytewise(connection);
		break;
	case GARBAGE:
		send_garbage(connection);
		break;
	case CUT:
		drop(connection);
		break;
	case LATE:
		connection->due_ms = now_ms() + LATE_MS;
		break;
	case SLOW:
		connection->due_ms = now_ms() + SLOW_MS;
		break;
	case DRIBBLE:
		connection->due_ms = now_ms();
		break;
	default:
		break;
	}
}

static void send_flood(struct connection *connection)
{
	static char block[4096];

	if (send(connection->fd, block, sizeof(block), MSG_NOSIGNAL) < 0 &&
		errno != EAGAIN)
		drop(connection);
}

static void serve(struct connection *connection, uint32_t events)
{
	char request[4096];
	ssize_t len;

	if (events & EPOLLIN) {
		len = read(connection->fd, request, sizeof(request));
		if (len > 0)
			take_request(connection);
		else if (len == 0 || errno != EAGAIN)
			drop(connection);
	} else if (events & (EPOLLERR | EPOLLHUP)) {
		drop(connection);
	} else if (connection->mood == FLOOD) {
		send_flood(connection);
	}
}

static struct connection *free_connection(void)
{
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		if (!connections[i].fd)
			return &connections[i];
	return NULL;
}

static void reset(int fd)
{
	const struct linger hard = {.l_onoff = 1};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(fd);
}

static void accept_all(const struct server *server)
{
	struct connection *connection;
	int fd;

	while (server->fd >= 0 &&
		(fd = accept4(server->fd, NULL, NULL,
			 SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		connection = free_connection();
		if (server->mood == RESET || !connection) {
			reset(fd);
			continue;
		}
		*connection =
			(struct connection){.fd = fd, .mood = server->mood};
		watch(fd, EPOLLIN | (server->mood == FLOOD ? EPOLLOUT : 0),
			SERVERS_MAX + (uint32_t)(connection - connections));
	}
}

/* Does what is due on one connection. */
static void proceed(struct connection *connection, uint64_t now)
{
	if (!connection->fd || !connection->due_ms || connection->due_ms > now)
		return;
	if (connection->mood != DRIBBLE) {
		answer(connection, good, sizeof(good) - 1);
		return;
	}
	connection->due_ms = now + DRIBBLE_MS;
	send_byte(connection, connection->sent < sizeof(endless) - 1
				      ? endless[connection->sent]
				      : 'x');
}

static enum mood mood_of(const char *name)
{
	unsigned int mood = 0;

	while (mood < MOODS && strcmp(names[mood], name) != 0)
		mood++;
	return (enum mood)mood;
}

/* Reads all whole lines of stdin. Returns false at its end. */
static bool take_orders(void)
{
	static char text[8192];
	static size_t have;
	char *line = text, *end, name[16];
	unsigned int index;
	ssize_t len = read(STDIN_FILENO, text + have, sizeof(text) - 1 - have);

	if (len <= 0)
		return len < 0 && errno == EINTR;
	have += (size_t)len;
	text[have] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		if (sscanf(line, "%u %15s", &index, name) != 2 ||
			index >= count || mood_of(name) == MOODS) {
			fprintf(stderr, "moods: no order: %s\n", line);
			exit(1);
		}
		change_mood(index, mood_of(name));
		line = end + 1;
	}
	have -= (size_t)(line - text);
	memmove(text, line, have);
	return have < sizeof(text) - 1;
}

/* One turn. Returns false at the end of stdin. */
static bool turn(void)
{
	struct epoll_event events[EVENTS_MAX];
	int found = epoll_wait(poller, events, EVENTS_MAX, TURN_MS);
	uint64_t now = now_ms();
	bool goes_on = true;

	for (int i = 0; i < found; i++) {
		uint32_t number = events[i].data.u32;

		if (number == UINT32_MAX)
			goes_on = take_orders();
		else if (number < SERVERS_MAX)
			accept_all(&servers[number]);
		else if (connections[number - SERVERS_MAX].fd)
			serve(&connections[number - SERVERS_MAX],
				events[i].events);
	}
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		proceed(&connections[i], now);
	return goes_on;
}

int main(int argc, char **argv)
{
	if (argc != 4 || inet_pton(AF_INET, argv[1], &first) != 1) {
		fputs("Usage: moods ADDRESS COUNT PORT\n", stderr);
		return 2;
	}
	count = (unsigned int)strtoul(argv[2], NULL, 10);
	port = (uint16_t)strtoul(argv[3], NULL, 10);
	if (count == 0 || count > SERVERS_MAX || port == 0)
		return 2;
	for (unsigned int i = 0; i < count; i++)
		servers[i] = (struct server){.fd = -1, .mood = CLOSED};
	poller = epoll_create1(EPOLL_CLOEXEC);
	watch(STDIN_FILENO, EPOLLIN, UINT32_MAX);
	while (turn())
		;
	return 0;
}
