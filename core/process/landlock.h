/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Landlock: a process gives up its access to files and other processes. */
#ifndef LVSMON_PROCESS_LANDLOCK_H
#define LVSMON_PROCESS_LANDLOCK_H

enum landlock {
	LANDLOCK_READ, /* files may be read and mapped as code */
	LANDLOCK_NONE, /* no file may be opened */
};

/* Restricts the caller to this access for the rest of its life. A newer kernel
 * also forbids signals to processes that are not restricted, and abstract Unix
 * sockets of theirs. Needs no_new_privs. Returns 0. If the kernel does not
 * restrict the caller, returns -1 and sets errno. */
int landlock_restrict(enum landlock access);

#endif
