/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Privileges of keeper and engine.
 *
 * The keeper keeps uid 0 and no capability but CAP_NET_ADMIN. Securebits and
 * no_new_privs lock this. The keeper's saved ids are the engine's user and
 * group. So an engine that is forked later, without CAP_SETUID, can become
 * that user and cannot return. For the chroot the engine enters a user
 * namespace of its own. Inside it may call chroot(2); outside it gains nothing.
 * It drops the namespace's capabilities too.
 */
#ifndef LVSMON_PROCESS_PRIVILEGES_H
#define LVSMON_PROCESS_PRIVILEGES_H

#include "process/sandbox.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct privileges {
	enum sandbox sandbox;
	bool root; /* started as root, so that there are privileges to drop */
	uid_t uid; /* the engine's */
	gid_t gid;
	uint32_t files; /* descriptors that an engine may have open */
};

/* Fills privileges, looks up the user and makes the engine's empty directory.
 * With SANDBOX_OFF user and directory are not needed, and a warning says that
 * the engine is not confined. Without root, logs once that nothing is dropped.
 * Returns EX_OK. On failure returns EX_NOUSER or EX_OSERR and logs. */
int privileges_prepare(
	struct privileges *privileges, enum sandbox sandbox, const char *user);

/* Returns NULL if the engine can run as this user. Otherwise writes the reason
 * to why, which holds PRIVILEGES_WHY_MAX bytes, and returns why. */
#define PRIVILEGES_WHY_MAX 256
const char *privileges_user_fault(const char *user, char *why);

/* Raises the limit of open files to `files`, or as far as the system allows. */
void privileges_raise_files(uint32_t files);

/* Drops the keeper's own privileges for ever. Returns 0, or -1 and logs. */
int privileges_keep(const struct privileges *privileges);

/* Drops what is left to a reader: every capability. It stays root, to read
 * files that are root's. Returns 0 or -1, and does not log. */
int privileges_shed(void);

/* Confines the engine that calls it; arg is a struct privileges. Returns 0, or
 * -1 and logs. */
int privileges_confine(void *arg);

/* Sends a signal to an engine, whose user is not the keeper's. Returns and
 * fails as kill(2). */
int privileges_kill(
	const struct privileges *privileges, pid_t engine, int signal);

#endif
