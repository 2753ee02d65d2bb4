// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's table over generic netlink. libnl finds the family. Requests and
 * answers use buffers of this file, so that nothing is allocated. */
#include "base/log.h"
#include "ipvs/backend.h"
#include "ipvs/ipvs.h"

#include <assert.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* The kernel answers before the request returns. No answer within this time is
 * an error. */
#define ANSWER_S 5
/* Size of one datagram of a dump. The kernel sends at most 32 KiB. */
#define ANSWER_MAX 65536
/* Size of the socket's buffers, which must hold the acknowledgements of a whole
 * batch. The kernel counts about 1 KiB for each, so that libnl's 32 KiB are too
 * little. */
#define BUFFER 131072

struct kernel {
	struct ipvs ipvs;
	struct nl_sock *socket;
	int fd;
	uint16_t family;
	uint32_t seq;
	_Alignas(struct nlmsghdr) char out[IPVS_BATCH_MAX * IPVS_REQUEST_MAX];
	_Alignas(struct nlmsghdr) char in[ANSWER_MAX];
};

static int kernel_broken(const char *what)
{
	log_line(LOG_ERR, "netlink: %s: %s", what, strerror(errno));
	return -1;
}

static int kernel_send(struct kernel *kernel, size_t size)
{
	struct sockaddr_nl to = {.nl_family = AF_NETLINK};
	ssize_t sent;

	do
		sent = sendto(kernel->fd, kernel->out, size, 0,
			(const struct sockaddr *)&to, sizeof(to));
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)size ? 0
				     : kernel_broken("cannot send a request");
}

/* Receives one datagram from the kernel. Returns its size, or -1 and logs. */
static ssize_t kernel_receive(struct kernel *kernel)
{
	for (;;) {
		struct sockaddr_nl from = {0};
		socklen_t from_size = sizeof(from);
		ssize_t size = recvfrom(kernel->fd, kernel->in, ANSWER_MAX,
			MSG_TRUNC, (struct sockaddr *)&from, &from_size);

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 && errno == EAGAIN)
			errno = ETIMEDOUT;
		if (size < 0)
			return kernel_broken("cannot receive an answer");
		if (size > ANSWER_MAX) {
			errno = EMSGSIZE;
			return kernel_broken("cannot receive an answer");
		}
		if (from_size == sizeof(from) && from.nl_pid == 0)
			return size;
	}
}

/* Takes one message. Returns 1 if it was the last one and 0 if more must
 * follow. On failure returns -1 and logs. */
typedef int take_call(
	void *arg, struct kernel *kernel, const struct nlmsghdr *message);

static int take_all(struct kernel *kernel, take_call *take, void *arg)
{
	for (;;) {
		ssize_t size = kernel_receive(kernel);
		const struct nlmsghdr *message = (const void *)kernel->in;
		int left = (int)size;

		if (size < 0)
			return -1;
		for (; nlmsg_ok(message, left);) {
			int end = take(arg, kernel, message);
			size_t step = NLMSG_ALIGN(message->nlmsg_len);

			if (end)
				return end < 0 ? -1 : 0;
			left -= (int)step;
			message = (const void *)((const char *)message + step);
		}
	}
}

/* Returns the errno at the end of a dump or acknowledgement, 0 for success. If
 * it makes no sense, returns -1. */
static int ack_error(const struct nlmsghdr *message)
{
	int error;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(error)))
		return -1;
	memcpy(&error, nlmsg_data(message), sizeof(error));
	return error > 0 || error < -4095 ? -1 : -error;
}

struct dump {
	const struct ipvs_service *service; /* of the reals; NULL = services */
	ipvs_service_call *service_call;
	ipvs_real_call *real_call;
	void *arg;
	uint32_t seq;
	bool disturbed;
	bool bad; /* an entry made no sense */
};

/* Logs the error of an answer, or -1 for an answer that makes no sense. Returns
 * -1. */
static int answer_error(const char *what, int error)
{
	errno = error > 0 ? error : EBADMSG;
	if (errno != EPERM)
		return kernel_broken(what);
	log_line(LOG_ERR, "netlink: %s: CAP_NET_ADMIN is missing", what);
	return -1;
}

static void take_entry(struct dump *dump, const struct nlmsghdr *message)
{
	struct ipvs_service service;
	struct ipvs_real real;

	if (!dump->service && ipvs_get_service(message, &service) == 0)
		dump->service_call(dump->arg, &service);
	else if (dump->service &&
		 ipvs_get_real(message, dump->service, &real) == 0)
		dump->real_call(dump->arg, dump->service, &real);
	else
		dump->bad = true;
}

/* Reads to the end even after a bad entry, because the kernel starts no other
 * dump before that. */
static int take_dump(
	void *arg, struct kernel *kernel, const struct nlmsghdr *message)
{
	struct dump *dump = arg;
	int error;

	if (message->nlmsg_seq != dump->seq)
		return 0;
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		dump->disturbed = true;
	if (message->nlmsg_type == kernel->family)
		take_entry(dump, message);
	if (message->nlmsg_type != NLMSG_DONE &&
		message->nlmsg_type != NLMSG_ERROR)
		return 0;
	error = ack_error(message);
	if (error)
		return answer_error("dump of the table", error);
	return dump->bad ? answer_error("dump of the table", EBADMSG) : 1;
}

static int take_all_of_dump(
	struct kernel *kernel, size_t size, struct dump *dump)
{
	if (kernel_send(kernel, size) < 0)
		return -1;
	if (take_all(kernel, take_dump, dump) < 0)
		return -1;
	return dump->disturbed;
}

static int dump_services(
	struct kernel *kernel, ipvs_service_call *call, void *arg)
{
	struct dump dump = {
		.service_call = call,
		.arg = arg,
		.seq = ++kernel->seq,
	};
	size_t size = ipvs_put_dump_services(
		kernel->out, sizeof(kernel->out), kernel->family, dump.seq);

	return take_all_of_dump(kernel, size, &dump);
}

/* A module that was unloaded and loaded again has another number. Returns
 * whether that is so; asking for the number loads the module if it can be
 * loaded. */
static bool family_is_another(struct kernel *kernel)
{
	int family = genl_ctrl_resolve(kernel->socket, IPVS_GENL_NAME);

	if (family < 0 || family == kernel->family)
		return false;
	log_line(LOG_WARNING, "table: the module ip_vs was loaded again");
	kernel->family = (uint16_t)family;
	return true;
}

static int kernel_dump_services(
	struct ipvs *ipvs, ipvs_service_call *call, void *arg)
{
	struct kernel *kernel = (struct kernel *)ipvs;
	int result = dump_services(kernel, call, arg);

	if (result < 0 && family_is_another(kernel))
		result = dump_services(kernel, call, arg);
	return result;
}

static int kernel_dump_reals(struct ipvs *ipvs,
	const struct ipvs_service *service, ipvs_real_call *call, void *arg)
{
	struct kernel *kernel = (struct kernel *)ipvs;
	struct dump dump = {
		.service = service,
		.real_call = call,
		.arg = arg,
		.seq = ++kernel->seq,
	};
	size_t size = ipvs_put_dump_reals(kernel->out, sizeof(kernel->out),
		kernel->family, dump.seq, service);

	return take_all_of_dump(kernel, size, &dump);
}

/* The acknowledgements of a batch of requests. */
struct acks {
	int *errors;
	uint32_t seq; /* of the first request */
	unsigned int count;
	unsigned int missing;
};

static int take_ack(
	void *arg, struct kernel *kernel, const struct nlmsghdr *message)
{
	struct acks *acks = arg;
	uint32_t which = message->nlmsg_seq - acks->seq;
	int error;

	(void)kernel;
	if (message->nlmsg_type != NLMSG_ERROR || which >= acks->count)
		return 0;
	error = ack_error(message);
	if (error < 0)
		return answer_error("acknowledgement", error);
	assert(acks->missing > 0);
	acks->errors[which] = error;
	return --acks->missing == 0;
}

static int kernel_apply(struct ipvs *ipvs, const struct ipvs_op *ops,
	int *errors, unsigned int count)
{
	struct kernel *kernel = (struct kernel *)ipvs;
	struct acks acks = {
		.errors = errors,
		.seq = kernel->seq + 1,
		.count = count,
		.missing = count,
	};
	size_t size = 0;

	assert(count > 0 && count <= IPVS_BATCH_MAX);
	for (unsigned int i = 0; i < count; i++) {
		size_t added = ipvs_put_op(kernel->out + size,
			sizeof(kernel->out) - size, kernel->family,
			++kernel->seq, &ops[i]);

		assert(added > 0 && added <= IPVS_REQUEST_MAX);
		size += added;
	}
	if (kernel_send(kernel, size) < 0)
		return -1;
	return take_all(kernel, take_ack, &acks);
}

struct info_wait {
	struct ipvs_info *info;
	uint32_t seq;
	bool got;
};

static int take_info(
	void *arg, struct kernel *kernel, const struct nlmsghdr *message)
{
	struct info_wait *wait = arg;

	if (message->nlmsg_seq != wait->seq)
		return 0;
	if (message->nlmsg_type == kernel->family)
		wait->got = ipvs_get_info(message, wait->info) == 0;
	if (message->nlmsg_type != NLMSG_ERROR)
		return 0;
	return wait->got ? 1
			 : answer_error("version of IPVS", ack_error(message));
}

static int kernel_info(struct ipvs *ipvs, struct ipvs_info *info)
{
	struct kernel *kernel = (struct kernel *)ipvs;
	struct info_wait wait = {.info = info, .seq = ++kernel->seq};
	size_t size = ipvs_put_get_info(
		kernel->out, sizeof(kernel->out), kernel->family, wait.seq);

	if (kernel_send(kernel, size) < 0)
		return -1;
	return take_all(kernel, take_info, &wait);
}

static void kernel_close(struct ipvs *ipvs)
{
	struct kernel *kernel = (struct kernel *)ipvs;

	nl_socket_free(kernel->socket);
	free(kernel);
}

static int run_modprobe(void)
{
	char program[] = "/sbin/modprobe", quiet[] = "-q", module[] = "ip_vs";
	char *argv[] = {program, quiet, module, NULL};
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *envp[] = {path, NULL};
	int status;
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, argv, envp) != 0)
		return -1;
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Returns the family's number, or a negative libnl error. */
static int find_family(struct nl_sock *socket, bool modprobe)
{
	int family = genl_ctrl_resolve(socket, IPVS_GENL_NAME);

	if (family < 0 && modprobe && run_modprobe() == 0)
		family = genl_ctrl_resolve(socket, IPVS_GENL_NAME);
	return family;
}

static int connect_kernel(struct kernel *kernel, bool modprobe)
{
	const struct timeval patience = {.tv_sec = ANSWER_S};
	const int on = 1, buffer = BUFFER;
	int error = genl_connect(kernel->socket);

	if (error < 0)
		return error;
	error = find_family(kernel->socket, modprobe);
	if (error < 0)
		return error;
	kernel->family = (uint16_t)error;
	kernel->fd = nl_socket_get_fd(kernel->socket);
	if (nl_socket_set_buffer_size(kernel->socket, BUFFER, BUFFER) < 0)
		return -NLE_FAILURE;
	/* The administrator's limit may be too small for a whole batch. */
	setsockopt(kernel->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
		sizeof(buffer));
	setsockopt(kernel->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof(patience));
	/* Acknowledgements then leave out the request. */
	setsockopt(kernel->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

struct ipvs *ipvs_open_kernel(bool modprobe, char *why, size_t size)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	int error = -NLE_NOMEM;

	if (kernel)
		kernel->socket = nl_socket_alloc();
	if (kernel && kernel->socket)
		error = connect_kernel(kernel, modprobe);
	if (error < 0) {
		snprintf(why, size, "%s",
			error == -NLE_OBJ_NOTFOUND
				? "the kernel has no IPVS: modprobe ip_vs"
				: nl_geterror(error));
		if (kernel && kernel->socket)
			nl_socket_free(kernel->socket);
		free(kernel);
		return NULL;
	}
	kernel->ipvs = (struct ipvs){
		.info = kernel_info,
		.dump_services = kernel_dump_services,
		.dump_reals = kernel_dump_reals,
		.apply = kernel_apply,
		.close = kernel_close,
	};
	return &kernel->ipvs;
}
