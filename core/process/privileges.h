/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keeper and engine may do.
 *
 * The keeper stays uid 0 without a capability but CAP_NET_ADMIN, locked by
 * securebits and no_new_privs. It keeps the engine's user and group as its
 * saved ids: so an engine forked at any time later, without CAP_SETUID, can
 * become that user and never come back. For the chroot the engine enters a
 * user namespace of its own, where it may call chroot(2) and nothing outside
 * follows from that, and drops its capabilities there too.
 */
#ifndef LVSMON_PROCESS_PRIVILEGES_H
#define LVSMON_PROCESS_PRIVILEGES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct privileges {
	bool root; /* started as root: there is something to drop */
	uid_t uid; /* the engine's */
	gid_t gid;
	uint32_t files; /* descriptors that an engine may have open */
};

/* Looks the user up and makes the engine's empty directory. Returns an exit
 * code: EX_OK, EX_NOUSER, EX_OSERR; logged. Without root: once in the log that
 * nothing will be dropped. */
int privileges_prepare(struct privileges *privileges, const char *user);

/* Raises the limit of open files for a pool of probes; best effort. */
void privileges_raise_files(uint32_t files);

/* The keeper's own drop, for ever. 0, or -1 and logged. */
int privileges_keep(const struct privileges *privileges);

/* The engine's, in its process; arg is a struct privileges. 0, or -1 and
 * logged. */
int privileges_confine(void *arg);

/* kill(2) of an engine, which has another user than the keeper. */
int privileges_kill(
	const struct privileges *privileges, pid_t engine, int signal);

#endif
