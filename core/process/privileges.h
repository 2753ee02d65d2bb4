/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Privileges of keeper and engine.
 *
 * The keeper keeps the effective uid 0 and no capability but CAP_NET_ADMIN.
 * Securebits and no_new_privs lock this, and a filter leaves out system calls
 * that it does not need. The keeper's real user and saved group are the
 * engine's. So an engine that is forked later, without CAP_SETUID, can become
 * that user and cannot return.
 *
 * The real user also lets the keeper signal an engine without CAP_KILL. The
 * kernel asks for the same permission when a keeper dies and its engine is to
 * be killed (PR_SET_PDEATHSIG). A saved user would not do for that.
 *
 * The kernel would let an engine signal the keeper as well. Different users
 * would need CAP_SETUID, CAP_SETGID and CAP_KILL in the keeper for its whole
 * life: with them a keeper that was taken over could end or become anybody.
 * Instead the engine's filters leave no call that can signal another process,
 * also while plugins are loaded. Landlock forbids such signals a second time if
 * the kernel is new enough.
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
	pid_t keeper;
	/* The root of an engine; NULL = it could not be made. */
	const char *empty_dir;
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

/* Makes the calling process the user for ever, with the user's group alone.
 * Returns 0. On failure returns -1 with errno. */
int privileges_become(const char *user);

/* Raises the limit of open files to `files`, or as far as the system allows. */
void privileges_raise_files(uint32_t files);

/* Drops the keeper's own privileges for ever. Returns 0, or -1 and logs. */
int privileges_keep(const struct privileges *privileges);

/* Drops what is left to a reader: every capability, and signals to other
 * processes. It stays root, to read
 * files that are root's. Returns 0 or -1, and does not log. */
int privileges_shed(void);

/* Makes the kernel kill the caller when its parent ends. Ends the process if
 * its parent is not the keeper any more. A change of ids or capabilities may
 * clear the setting. */
void privileges_die_with(pid_t keeper);

/* Sends a signal to an engine. Returns and fails as kill(2). */
int privileges_kill(
	const struct privileges *privileges, pid_t engine, int signal);

#endif
