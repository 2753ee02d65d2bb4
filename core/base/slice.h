/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scheduler's time slices (sched_setattr(2), sched_runtime). */
#ifndef LVSMON_BASE_SLICE_H
#define LVSMON_BASE_SLICE_H

/* Asks for the shortest slices there are, for this thread and what it forks:
 * it gets no more of a busy processor than before, but sooner after it wakes.
 * Since Linux 6.12; an older kernel does not mind. Under a policy that is not
 * SCHED_OTHER somebody has thought of something else, and nothing changes. */
void slice_shorten(void);

#endif
