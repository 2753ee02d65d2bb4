// SPDX-License-Identifier: GPL-2.0-or-later
/* connect: a server that completes the TCP handshake is up. */
#include "lvsmon/checker.h"

static enum checker_next connect_step(
	const void *conf, void *state, struct checker_io *io)
{
	(void)conf;
	(void)state;
	(void)io;
	return CHECKER_UP;
}

const struct checker lvsmon_checker = {
	.abi = CHECKER_ABI,
	.transport = CHECKER_CONNECT,
	.summary = "TCP handshake alone, not seen by the application",
	.usage = "",
	.step = connect_step,
};
