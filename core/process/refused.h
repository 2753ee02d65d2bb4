/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that a filter refuses: named in the log, for debugging. */
#ifndef LVSMON_PROCESS_REFUSED_H
#define LVSMON_PROCESS_REFUSED_H

/* Catches SIGSYS, which a filter sends for a call that it refuses. The call
 * then fails with ENOSYS. The first call of each number is logged as one that
 * the filter of `whose` refuses. Must be called before the filter is loaded.
 * Returns 0, or a negative errno. */
int refused_catch(const char *whose);

#endif
