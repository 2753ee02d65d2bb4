// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replaces the libnl functions that keepalived calls by ones that answer
 * "done". So its checkers can be measured on a machine without IPVS. Each real
 * that keepalived takes out is a line on stderr, "IPVS: gone: NUMBER".
 */
#include <fcntl.h>
#include <linux/ip_vs.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <unistd.h>

#define FAMILY 32
#define OUT_MIN 100 /* above the descriptors that keepalived closes */

static int out = -1;
static nl_recvmsg_msg_cb_t done[NL_CB_TYPE_MAX + 1];
static void *done_arg[NL_CB_TYPE_MAX + 1];

/* Keeps a copy of stderr, because keepalived replaces its own by a null
 * device. */
__attribute__((constructor)) static void keep_stderr(void)
{
	out = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, OUT_MIN);
}

int genl_connect(struct nl_sock *socket)
{
	(void)socket;
	return 0;
}

int genl_ctrl_resolve(struct nl_sock *socket, const char *name)
{
	(void)socket;
	(void)name;
	return FAMILY;
}

int nl_send_auto(struct nl_sock *socket, struct nl_msg *message)
{
	static unsigned int gone;
	struct nlmsghdr *header = nlmsg_hdr(message);
	const struct genlmsghdr *request = nlmsg_data(header);

	(void)socket;
	if (request->cmd == IPVS_CMD_DEL_DEST)
		dprintf(out, "IPVS: gone: %u\n", ++gone);
	return 1;
}

int nl_socket_modify_cb(struct nl_sock *socket, enum nl_cb_type type,
	enum nl_cb_kind kind, nl_recvmsg_msg_cb_t call, void *arg)
{
	(void)socket;
	(void)kind;
	done[type] = call;
	done_arg[type] = arg;
	return 0;
}

int nl_recvmsgs_default(struct nl_sock *socket)
{
	(void)socket;
	if (done[NL_CB_FINISH])
		done[NL_CB_FINISH](NULL, done_arg[NL_CB_FINISH]);
	if (done[NL_CB_ACK])
		done[NL_CB_ACK](NULL, done_arg[NL_CB_ACK]);
	return 0;
}
