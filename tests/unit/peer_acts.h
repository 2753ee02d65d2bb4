/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of a peer's behaviour, for peer_start. */
#ifndef LVSMON_UNIT_PEER_ACTS_H
#define LVSMON_UNIT_PEER_ACTS_H

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Sends text; the probe may have gone. */
static inline void act_say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;
}

/* Reads up to the end of a line. */
static inline void act_wait_for_line(int fd)
{
	char byte = 0;

	while (byte != '\n' && read(fd, &byte, 1) == 1)
		;
}

/* Resets the connection. */
static inline void act_reset(int fd)
{
	const struct linger now = {.l_onoff = 1, .l_linger = 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

#endif
