/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that an engine needs, and no others. */
#ifndef LVSMON_PROCESS_SYSCALLS_H
#define LVSMON_PROCESS_SYSCALLS_H

/* From now on any other call kills the process, which the keeper notices.
 * Nothing happens in a build with sanitizers: their runtimes need more. 0, or
 * -1 and logged. */
int syscalls_allow(void);

#endif
