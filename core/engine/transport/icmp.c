// SPDX-License-Identifier: GPL-2.0-or-later
/* The transport ICMP. */
#include "engine/transport/icmp.h"

#include "engine/transport/datagram.h"
#include "engine/transport/echo.h"
#include "engine/transport/slots.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* Packets of one receive, and receives of one turn: a flood does not delay the
 * other probes. */
#define BATCH 16
#define BATCHES_MAX 8
/* One byte more than a reply that repeats its request. */
#define PACKET_MAX (ECHO_HEAD + ECHO_DATA_MAX + 1)
/* The kernel allows less, but more than its default. All probes of a tick may
 * have their replies at once. */
#define RECEIVE_BUFFER (4 << 20)
/* Cookies of one system call. */
#define COOKIES 32

struct icmp_socket {
	int fd;
	int family;
	struct address from; /* family 0 = not to be bound */
	bool bound;
	struct loop_watch watch;
};

/* Of this process. */
static struct icmp_socket sockets[ICMP_SOCKETS_MAX];
static uint32_t socket_count;
static struct slots slots;
static uint64_t cookies[COOKIES];
static uint32_t cookies_left;
/* The probe that may receive a reply now, and the reply. */
static struct transport_state *receiver;
static struct echo received;

static struct icmp_socket *socket_of(const struct transport_target *target)
{
	for (uint32_t i = 0; i < socket_count; i++)
		if (sockets[i].family == target->to->family &&
			address_compare(&sockets[i].from, target->from) == 0)
			return &sockets[i];
	return NULL;
}

static int bind_socket(struct icmp_socket *socket)
{
	struct sockaddr_storage address;
	socklen_t len = address_sockaddr(&socket->from, &address);

	if (!socket->bound && len &&
		bind(socket->fd, (struct sockaddr *)&address, len) < 0)
		return -1;
	socket->bound = true;
	return 0;
}

/* Without bind(2) the kernel gives the identifier with the first request. */
static int open_socket(
	struct icmp_socket *new, const struct transport_target *target)
{
	const int buffer = RECEIVE_BUFFER;

	*new = (struct icmp_socket){
		.family = target->to->family, .from = *target->from};
	new->fd = socket(new->family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		new->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	if (new->fd < 0)
		return -1;
	(void)setsockopt(
		new->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	if (bind_socket(new) == 0 || errno == EADDRNOTAVAIL)
		return 0;
	close(new->fd);
	return -1;
}

int icmp_open(const struct transport_target *target)
{
	if (socket_of(target))
		return 0;
	if (socket_count == ICMP_SOCKETS_MAX) {
		errno = ENOSPC;
		return -1;
	}
	if (open_socket(&sockets[socket_count], target) < 0)
		return -1;
	socket_count++;
	return 0;
}

void icmp_close(void)
{
	while (socket_count) {
		struct icmp_socket *last = &sockets[--socket_count];

		loop_watch_end(&last->watch);
		close(last->fd);
	}
	slots = (struct slots){0};
}

/* No peer can tell a cookie from others that it has seen. Returns 0. If the
 * kernel has no entropy yet, returns -1 with EAGAIN. */
static int next_cookie(uint64_t *cookie)
{
	if (!cookies_left) {
		if (getrandom(cookies, sizeof(cookies), GRND_NONBLOCK) !=
			sizeof(cookies)) {
			errno = EAGAIN;
			return -1;
		}
		cookies_left = COOKIES;
	}
	*cookie = cookies[--cookies_left];
	return 0;
}

static int take_slot(struct transport_state *state,
	const struct transport_target *target, const struct icmp_socket *socket)
{
	struct slot *slot;
	uint64_t cookie;

	if (next_cookie(&cookie) < 0)
		return -1;
	slot = slots_take(&slots, state, target->to, cookie);
	if (!slot) {
		errno = ENOBUFS;
		return -1;
	}
	slot->socket = (uint32_t)(socket - sockets);
	state->slot = (uint32_t)(slot - slots.slots);
	return 0;
}

static enum transport_answer icmp_begin(
	struct transport_state *state, const struct transport_target *target)
{
	struct icmp_socket *socket = socket_of(target);

	assert(socket && slots.count);
	if (bind_socket(socket) == 0 && take_slot(state, target, socket) == 0)
		return TRANSPORT_DONE;
	state->error = errno;
	return TRANSPORT_FAILED;
}

/* There is no handshake. */
static enum transport_answer icmp_proceed(struct transport_state *state)
{
	(void)state;
	return TRANSPORT_DONE;
}

static struct slot *icmp_slot(const struct transport_state *state)
{
	assert(slots.slots[state->slot].owner == state);
	return &slots.slots[state->slot];
}

/* Sends the request of a slot. Returns 0 or an errno. sendmsg(2) is not among
 * the calls that an engine may make. */
static int send_request(const struct slot *slot, const void *data, size_t len)
{
	static char packet[ECHO_HEAD + ECHO_DATA_MAX];
	const struct icmp_socket *socket = &sockets[slot->socket];
	const struct echo echo = {slot->sequence, slot->cookie, data, len};
	struct sockaddr_storage to;
	socklen_t to_len = address_sockaddr(&slot->to, &to);
	size_t size;

	if (len > ECHO_DATA_MAX)
		return EMSGSIZE;
	size = echo_write(socket->family, &echo, packet);
	if (sendto(socket->fd, packet, size, MSG_NOSIGNAL,
		    (struct sockaddr *)&to, to_len) >= 0)
		return 0;
	/* The address that the socket is bound to has left this machine. */
	return errno == EINVAL && socket->from.family ? EADDRNOTAVAIL : errno;
}

static enum transport_answer icmp_send(
	struct transport_state *state, const void *data, size_t len)
{
	struct slot *slot = icmp_slot(state);

	assert(len > 0);
	state->error = send_request(slot, data, len);
	if (state->error)
		return TRANSPORT_FAILED;
	slot->sent = true;
	state->count = len;
	return TRANSPORT_DONE;
}

static enum transport_answer icmp_receive(
	struct transport_state *state, void *data, size_t size)
{
	if (receiver != state)
		return TRANSPORT_WANT_INPUT;
	receiver = NULL;
	if (received.len > size) {
		state->error = EOVERFLOW;
		return TRANSPORT_FAILED;
	}
	memcpy(data, received.data, received.len);
	state->count = received.len;
	return TRANSPORT_DONE;
}

static void icmp_end(struct transport_state *state)
{
	slots_give(&slots, icmp_slot(state));
}

/* Returns the sender of a packet, without a port. */
static struct address address_of(const struct sockaddr_storage *name)
{
	const void *any = name;
	struct address address = {.family = name->ss_family};

	if (name->ss_family == AF_INET)
		address.v4 = ((const struct sockaddr_in *)any)->sin_addr;
	else
		address.v6 = ((const struct sockaddr_in6 *)any)->sin6_addr;
	return address;
}

/* A packet that is not the reply to a request which waits is dropped. So is a
 * reply that the probe does not receive now. */
static void icmp_deliver(int family, const struct sockaddr_storage *name,
	const char *packet, size_t len)
{
	const struct address from = address_of(name);
	const struct slot *slot;

	if (!echo_read(family, packet, len, &received))
		return;
	slot = slots_find(&slots, &from, &received);
	if (!slot)
		return;
	receiver = slot->owner;
	receiver->ready(receiver);
	receiver = NULL;
}

/* Returns the number of packets that it took. */
static int take_batch(const struct icmp_socket *socket)
{
	static char packets[BATCH][PACKET_MAX];
	static struct sockaddr_storage names[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	int count;

	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){packets[i], PACKET_MAX};
		messages[i] = (struct mmsghdr){
			.msg_hdr = {
				.msg_name = &names[i],
				.msg_namelen = sizeof(names[i]),
				.msg_iov = &parts[i],
				.msg_iovlen = 1,
			}};
	}
	count = recvmmsg(socket->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++)
		icmp_deliver(socket->family, &names[i], packets[i],
			messages[i].msg_len);
	return count;
}

static void icmp_arrived(void *arg, bool in, bool out)
{
	(void)in;
	(void)out;
	for (int i = 0; i < BATCHES_MAX; i++)
		if (take_batch(arg) < BATCH)
			return;
}

int icmp_start(struct loop *loop, struct arena *arena, uint32_t probes)
{
	if (!socket_count)
		return 0;
	slots_init(&slots, arena, probes < SLOTS_MAX ? probes : SLOTS_MAX);
	for (uint32_t i = 0; i < socket_count; i++)
		if (loop_watch_begin(loop, &sockets[i].watch, sockets[i].fd,
			    LOOP_INPUT, icmp_arrived, &sockets[i]) < 0)
			return -1;
	return 0;
}

const struct transport icmp_transport = {
	.datagrams = true,
	.begin = icmp_begin,
	.proceed = icmp_proceed,
	.send = icmp_send,
	.receive = icmp_receive,
	.why = datagram_why,
	.end = icmp_end,
};
