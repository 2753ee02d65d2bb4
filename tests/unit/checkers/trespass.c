// SPDX-License-Identifier: GPL-2.0-or-later
/* A checker that opens a file in each step, which an engine may not do. A real
 * is up if the filter refuses the call, and down if the file can be opened. */
#include "lvsmon/checker.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static enum checker_next step(
	const void *conf, void *state, struct checker_io *io)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)conf;
	(void)state;
	if (fd < 0 && errno == ENOSYS)
		return CHECKER_UP;
	if (fd >= 0)
		close(fd);
	io->why = "a file can be opened";
	return CHECKER_DOWN;
}

const struct checker lvsmon_checker = {.abi = CHECKER_ABI, .step = step};
