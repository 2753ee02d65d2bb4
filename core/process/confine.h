/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The confinement of an engine, in two steps.
 *
 * Before plugins are loaded, the engine takes its own user and group, gives up
 * capabilities, and loads a filter of system calls. It may read files then,
 * and may change nothing. It enters a user namespace of its own if the machine
 * allows that. Inside the namespace it may call chroot(2); outside it gains
 * nothing.
 *
 * After plugins are configured, the engine changes its root to an empty
 * directory, gives up the namespace's capabilities and all files, and loads
 * the filter of a process that probes.
 *
 * A machine may forbid user namespaces, chroot in them, or Landlock. The
 * engine then uses the others, and one line of the log says which.
 */
#ifndef LVSMON_PROCESS_CONFINE_H
#define LVSMON_PROCESS_CONFINE_H

#include "process/privileges.h"

struct confine {
	struct privileges privileges;
	/* Set by the functions. Each is an errno, or 0 if the step succeeded.
	 */
	int namespace_error;
	int chroot_error;
	int landlock_error;
};

/* Both functions confine the process that calls them. arg is a struct confine.
 * Each returns 0, or -1 and logs. */
int confine_begin(void *arg);
int confine_finish(void *arg);

#endif
