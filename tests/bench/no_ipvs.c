// SPDX-License-Identifier: GPL-2.0-or-later
/* libnl's calls as keepalived makes them, answered with "done" by nobody: for
 * machines without IPVS, where its checkers are to be measured all the same. */
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

static nl_recvmsg_msg_cb_t done[NL_CB_TYPE_MAX + 1];
static void *done_arg[NL_CB_TYPE_MAX + 1];

int genl_connect(struct nl_sock *socket)
{
	(void)socket;
	return 0;
}

int genl_ctrl_resolve(struct nl_sock *socket, const char *name)
{
	(void)socket;
	(void)name;
	return 32;
}

int nl_send_auto(struct nl_sock *socket, struct nl_msg *message)
{
	(void)socket;
	(void)message;
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
