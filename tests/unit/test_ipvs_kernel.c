// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's table, without a kernel. The linker replaces the socket calls
 * (--wrap). The test prepares all that is received. */
#include "ipvs/backend.h"
#include "ipvs/ipvs.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define FAMILY 0x1c
#define DATAGRAMS_MAX 8

struct nl_sock;

int __wrap_genl_connect(struct nl_sock *socket);
int __wrap_genl_ctrl_resolve(struct nl_sock *socket, const char *name);
int __wrap_nl_socket_get_fd(const struct nl_sock *socket);
int __wrap_nl_socket_set_buffer_size(struct nl_sock *socket, int in, int out);
int __wrap_setsockopt(
	int fd, int level, int name, const void *value, socklen_t size);
ssize_t __wrap_sendto(int fd, const void *buf, size_t size, int flags,
	const struct sockaddr *to, socklen_t to_size);
ssize_t __wrap_recvfrom(int fd, void *buf, size_t size, int flags,
	struct sockaddr *from, socklen_t *from_size);

/* The result of one receive call: bytes, or an error. */
struct datagram {
	_Alignas(4) uint8_t bytes[512];
	size_t size;
	size_t claimed; /* the size told with MSG_TRUNC; 0 = size */
	uint32_t sender;
	int error;
};

static struct datagram datagrams[DATAGRAMS_MAX];
static unsigned int datagram_count, datagram_next;
static uint32_t first_seq; /* of the last request */
static int connect_result, resolve_result, send_error, send_cut;
static struct ipvs *ipvs;

int __wrap_genl_connect(struct nl_sock *socket)
{
	(void)socket;
	return connect_result;
}

int __wrap_genl_ctrl_resolve(struct nl_sock *socket, const char *name)
{
	(void)socket;
	assert_string_equal(name, "IPVS");
	return resolve_result;
}

int __wrap_nl_socket_get_fd(const struct nl_sock *socket)
{
	(void)socket;
	return 99;
}

int __wrap_nl_socket_set_buffer_size(struct nl_sock *socket, int in, int out)
{
	(void)socket;
	assert_in_range(in, 65536, 1000000);
	assert_in_range(out, 65536, 1000000);
	return 0;
}

int __wrap_setsockopt(
	int fd, int level, int name, const void *value, socklen_t size)
{
	(void)level;
	(void)name;
	(void)value;
	(void)size;
	assert_int_equal(fd, 99);
	return 0;
}

ssize_t __wrap_sendto(int fd, const void *buf, size_t size, int flags,
	const struct sockaddr *to, socklen_t to_size)
{
	struct nlmsghdr head;

	(void)flags;
	(void)to;
	(void)to_size;
	assert_int_equal(fd, 99);
	assert_true(size >= sizeof(head));
	memcpy(&head, buf, sizeof(head));
	first_seq = head.nlmsg_seq;
	if (send_error) {
		errno = send_error;
		send_error = send_error == EINTR ? 0 : send_error;
		return -1;
	}
	return (ssize_t)size - send_cut;
}

/* Adds the request's sequence number to the numbers in a datagram. */
static void correct(struct datagram *datagram)
{
	for (size_t at = 0; at + sizeof(struct nlmsghdr) <= datagram->size;) {
		struct nlmsghdr *head = (void *)(datagram->bytes + at);

		head->nlmsg_seq += first_seq;
		if (head->nlmsg_len < sizeof(*head))
			return;
		at += NLMSG_ALIGN(head->nlmsg_len);
	}
}

ssize_t __wrap_recvfrom(int fd, void *buf, size_t size, int flags,
	struct sockaddr *from, socklen_t *from_size)
{
	struct datagram *datagram = &datagrams[datagram_next++];
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_pid = datagram->sender,
	};

	assert_int_equal(fd, 99);
	assert_true(flags & MSG_TRUNC);
	if (datagram_next > datagram_count) {
		errno = EAGAIN; /* SO_RCVTIMEO */
		return -1;
	}
	if (datagram->error) {
		errno = datagram->error;
		return -1;
	}
	correct(datagram);
	assert_true(size >= datagram->size);
	memcpy(buf, datagram->bytes, datagram->size);
	memcpy(from, &address, sizeof(address));
	*from_size = sizeof(address);
	return (ssize_t)(datagram->claimed ? datagram->claimed
					   : datagram->size);
}

static struct datagram *datagram(void)
{
	assert_in_range(datagram_count, 0, DATAGRAMS_MAX - 1);
	return &datagrams[datagram_count++];
}

/* Appends a message to a datagram. seq is relative to the request's. */
static void message(struct datagram *to, uint16_t type, uint16_t flags,
	uint32_t seq, const void *body, size_t size)
{
	const struct nlmsghdr head = {
		.nlmsg_len = (uint32_t)(sizeof(head) + size),
		.nlmsg_type = type,
		.nlmsg_flags = flags,
		.nlmsg_seq = seq,
	};

	assert_true(to->size + sizeof(head) + size <= sizeof(to->bytes));
	memcpy(to->bytes + to->size, &head, sizeof(head));
	if (size)
		memcpy(to->bytes + to->size + sizeof(head), body, size);
	to->size += NLMSG_ALIGN(sizeof(head) + size);
}

static void ack(struct datagram *to, uint16_t type, uint32_t seq, int error)
{
	const struct nlmsgerr body = {.error = error};

	message(to, type, 0, seq, &body, sizeof(body));
}

/* Appends a service of mark 7, with every part that the kernel sends. */
static void entry(struct datagram *to, uint16_t flags, uint32_t seq)
{
	struct ipvs_op op = {
		.verb = IPVS_SET_SERVICE,
		.service = {.fwmark = 7, .family = AF_INET, .scheduler = "rr"},
	};
	_Alignas(4) char buf[IPVS_REQUEST_MAX];
	size_t size = ipvs_put_op(buf, sizeof(buf), FAMILY, 0, &op);

	message(to, FAMILY, flags, seq, buf + NLMSG_HDRLEN,
		size - NLMSG_HDRLEN);
}

static int set_up(void **state)
{
	char why[128];

	(void)state;
	memset(datagrams, 0, sizeof(datagrams));
	datagram_count = datagram_next = 0;
	connect_result = send_error = send_cut = 0;
	resolve_result = FAMILY;
	ipvs = ipvs_open_kernel(false, why, sizeof(why));
	return ipvs ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	ipvs_close(ipvs);
	return 0;
}

static void count_service(void *arg, const struct ipvs_service *service)
{
	assert_int_equal(service->fwmark, 7);
	++*(int *)arg;
}

/* Asserts the result of a dump and the number of services it shows. */
static void assert_dump(int result, int services)
{
	int count = 0;

	assert_int_equal(
		ipvs->dump_services(ipvs, count_service, &count), result);
	assert_int_equal(count, services);
}

static void says_why_it_is_not_open(void **state)
{
	char why[128];

	(void)state;
	resolve_result = -NLE_OBJ_NOTFOUND;
	assert_null(ipvs_open_kernel(false, why, sizeof(why)));
	assert_string_equal(why, "the kernel has no IPVS: modprobe ip_vs");
	connect_result = -NLE_PERM;
	assert_null(ipvs_open_kernel(false, why, sizeof(why)));
	assert_string_equal(why, nl_geterror(NLE_PERM));
}

static void dump_of_some_datagrams(void **state)
{
	struct datagram *first = datagram(), *second = datagram();

	(void)state;
	entry(first, NLM_F_MULTI, 0);
	entry(first, NLM_F_MULTI, 0);
	entry(second, NLM_F_MULTI, 0);
	ack(second, NLMSG_DONE, 0, 0);
	assert_dump(0, 3);
	assert_int_equal(datagram_next, 2);
}

static void others_messages_are_ignored(void **state)
{
	struct datagram *stranger = datagram(), *first = datagram();

	(void)state;
	stranger->sender = 4711;
	entry(stranger, 0, 0);
	ack(stranger, NLMSG_DONE, 0, 0);
	entry(first, 0, 5);                /* another sequence number */
	message(first, 99, 0, 0, NULL, 0); /* another type */
	entry(first, 0, 0);
	ack(first, NLMSG_DONE, 7, 0);
	ack(datagram(), NLMSG_DONE, 0, 0);
	assert_dump(0, 1);
	assert_int_equal(datagram_next, 3);
}

static void a_disturbed_dump_says_so(void **state)
{
	struct datagram *first = datagram();

	(void)state;
	entry(first, NLM_F_DUMP_INTR, 0);
	ack(first, NLMSG_DONE, 0, 0);
	assert_dump(1, 1);
}

static void a_bad_entry_is_an_error_at_the_end(void **state)
{
	struct datagram *first = datagram();
	const struct genlmsghdr nothing = {.cmd = 1};

	(void)state;
	message(first, FAMILY, 0, 0, &nothing, sizeof(nothing));
	entry(first, 0, 0);
	ack(datagram(), NLMSG_DONE, 0, 0);
	assert_dump(-1, 1);
	assert_int_equal(datagram_next, 2);
}

static void a_dump_may_fail(void **state)
{
	(void)state;
	ack(datagram(), NLMSG_DONE, 0, -ENOMEM);
	assert_dump(-1, 0);
	ack(datagram(), NLMSG_ERROR, 0, -EPERM);
	assert_dump(-1, 0);
	ack(datagram(), NLMSG_ERROR, 0,
		EPERM); /* a positive error makes no sense */
	assert_dump(-1, 0);
	message(datagram(), NLMSG_DONE, 0, 0, NULL, 0); /* neither does this */
	assert_dump(-1, 0);
}

static void silence_is_an_error(void **state)
{
	struct datagram *interrupted = datagram();

	(void)state;
	interrupted->error = EINTR;
	entry(datagram(), 0, 0);
	assert_dump(-1, 1);
	datagram_next = datagram_count;
	datagram()->error = ENOBUFS;
	assert_dump(-1, 0);
}

static void datagrams_that_are_no_messages(void **state)
{
	struct datagram *cut = datagram(), *huge;
	const uint32_t length = 400;

	(void)state;
	entry(cut, 0, 0);
	memcpy(cut->bytes, &length, sizeof(length));
	datagram()->size = 7;
	ack(datagram(), NLMSG_DONE, 0, 0);
	assert_dump(0, 0);
	huge = datagram();
	entry(huge, 0, 0);
	huge->claimed = 65537;
	assert_dump(-1, 0);
}

static void sending_may_fail(void **state)
{
	(void)state;
	send_error = EINTR;
	ack(datagram(), NLMSG_DONE, 0, 0);
	assert_dump(0, 0);
	send_error = ENOBUFS;
	assert_dump(-1, 0);
	send_error = 0;
	send_cut = 1;
	assert_dump(-1, 0);
}

static void acknowledgements_by_number(void **state)
{
	const struct ipvs_op ops[3] = {{.service = {.family = AF_INET}}};
	struct datagram *first = datagram();
	int errors[3] = {-7, -7, -7};

	(void)state;
	ack(first, NLMSG_ERROR, 2, -ENOENT);
	ack(first, NLMSG_ERROR, 3, -EIO); /* of another request */
	ack(first, NLMSG_ERROR, UINT32_MAX, -EIO);
	message(first, NLMSG_NOOP, 0, 1, NULL, 0);
	ack(first, NLMSG_ERROR, 0, 0);
	ack(datagram(), NLMSG_ERROR, 1, -EEXIST);
	assert_int_equal(ipvs->apply(ipvs, ops, errors, 3), 0);
	assert_int_equal(errors[0], 0);
	assert_int_equal(errors[1], EEXIST);
	assert_int_equal(errors[2], ENOENT);
}

static void acknowledgements_that_fail(void **state)
{
	const struct ipvs_op ops[2] = {{.service = {.family = AF_INET}}};
	int errors[2];

	(void)state;
	ack(datagram(), NLMSG_ERROR, 0,
		0); /* the other request gets no answer */
	assert_int_equal(ipvs->apply(ipvs, ops, errors, 2), -1);
	datagram_next = datagram_count;
	ack(datagram(), NLMSG_ERROR, 0, 5);
	assert_int_equal(ipvs->apply(ipvs, ops, errors, 2), -1);
	message(datagram(), NLMSG_ERROR, 0, 0, NULL, 0);
	assert_int_equal(ipvs->apply(ipvs, ops, errors, 2), -1);
	send_error = EPERM;
	assert_int_equal(ipvs->apply(ipvs, ops, errors, 2), -1);
}

static void info_needs_an_answer(void **state)
{
	const struct {
		struct genlmsghdr head;
		uint16_t version_head[2];
		uint32_t version;
		uint16_t size_head[2];
		uint32_t size;
	} body = {{.cmd = IPVS_CMD_SET_INFO}, {8, 1}, 0x010201, {8, 2}, 4096};
	struct datagram *first = datagram();
	struct ipvs_info info;

	(void)state;
	message(first, FAMILY, 0, 0, &body, sizeof(body));
	ack(first, NLMSG_ERROR, 0, 0);
	assert_int_equal(ipvs_info(ipvs, &info), 0);
	assert_int_equal(info.version, 0x010201);
	ack(datagram(), NLMSG_ERROR, 0, 0);
	assert_int_equal(ipvs_info(ipvs, &info), -1);
	ack(datagram(), NLMSG_ERROR, 0, -EPERM);
	assert_int_equal(ipvs_info(ipvs, &info), -1);
	send_error = ENOBUFS;
	assert_int_equal(ipvs_info(ipvs, &info), -1);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(says_why_it_is_not_open),
		EACH(dump_of_some_datagrams),
		EACH(others_messages_are_ignored),
		EACH(a_disturbed_dump_says_so),
		EACH(a_bad_entry_is_an_error_at_the_end),
		EACH(a_dump_may_fail),
		EACH(silence_is_an_error),
		EACH(datagrams_that_are_no_messages),
		EACH(sending_may_fail),
		EACH(acknowledgements_by_number),
		EACH(acknowledgements_that_fail),
		EACH(info_needs_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
