/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter of system calls: the calls that an engine needs, and no others. */
#ifndef LVSMON_PROCESS_SYSCALLS_H
#define LVSMON_PROCESS_SYSCALLS_H

#include "process/sandbox.h"

/* Loads the filter for the rest of the process's life. Returns 0, or -1 and
 * logs.
 *
 * SANDBOX_ENFORCE: any other call kills the process, and the keeper notices.
 * SANDBOX_LOG: any other call fails with ENOSYS. The first call of each number
 * is logged by its name, from a handler of SIGSYS. On processors other than
 * x86_64 and aarch64 the call's result is not set.
 *
 * SANDBOX_OFF must not be passed. In a build with sanitizers this does
 * nothing, because their runtimes need more calls. */
int syscalls_allow(enum sandbox sandbox);

#endif
