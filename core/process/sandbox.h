/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the engine is confined (--sandbox). */
#ifndef LVSMON_PROCESS_SANDBOX_H
#define LVSMON_PROCESS_SANDBOX_H

enum sandbox {
	/* The engine has its own user, no files and a filter of system calls.
	 * A call outside the filter kills it. */
	SANDBOX_ENFORCE,
	/* The same, but a call outside the filter fails with ENOSYS, and the
	 * log names it. */
	SANDBOX_LOG,
	/* The engine keeps the keeper's user, its files and every system call.
	 * A debugger can attach to it and it may write core files. */
	SANDBOX_OFF,
};

#endif
