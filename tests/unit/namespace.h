/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network namespace of the test's own, with nothing but the loopback, in
 * which every group may open sockets for echo requests. */
#ifndef LVSMON_TESTS_NAMESPACE_H
#define LVSMON_TESTS_NAMESPACE_H

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PING_GROUPS "/proc/sys/net/ipv4/ping_group_range"

/* Writes text to a file of /proc. Returns whether it could. */
static inline bool namespace_set(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written;

	if (fd < 0)
		return false;
	written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return written;
}

static inline bool loopback_up(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;

	if (fd >= 0)
		close(fd);
	return up;
}

/* Moves the process there, for ever. Returns false if this user may not. */
static inline bool namespace_enter(void)
{
	return unshare(CLONE_NEWNET) == 0 && loopback_up() &&
	       namespace_set(PING_GROUPS, "0 2147483647");
}

#endif
