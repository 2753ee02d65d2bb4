/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filters of system calls: the calls that a process needs, and no others.
 */
#ifndef LVSMON_PROCESS_SYSCALLS_H
#define LVSMON_PROCESS_SYSCALLS_H

#include "process/sandbox.h"

/* Each function loads a filter for all threads and for the rest of the
 * process's life. A child inherits the filters. Each returns 0, or -1 and
 * logs.
 *
 * SANDBOX_LOG: a call outside the filter fails with ENOSYS. The first call of
 * each number is logged by its name, from a handler of SIGSYS. On processors
 * other than x86_64 and aarch64 the call's result is not set. A call that is
 * made while signals are blocked, as by pthread_create(3), ends the process.
 *
 * SANDBOX_OFF must not be passed. A build with sanitizers allows the few more
 * calls that their runtimes need. */

/* The calls of an engine that probes. SANDBOX_ENFORCE: any other call kills the
 * process, and the keeper notices. */
int syscalls_allow(enum sandbox sandbox);

/* The calls of an engine that loads and configures plugins, and those that
 * confine it afterwards. SANDBOX_ENFORCE: any other call fails with EPERM. */
int syscalls_allow_loading(enum sandbox sandbox);

/* The calls of the keeper, and of its children before they load a filter of
 * their own. SANDBOX_ENFORCE: any other call fails with ENOSYS. */
int syscalls_allow_keeper(enum sandbox sandbox);

#endif
