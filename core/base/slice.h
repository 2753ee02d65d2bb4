/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scheduler's time slices (sched_setattr(2), sched_runtime). */
#ifndef LVSMON_BASE_SLICE_H
#define LVSMON_BASE_SLICE_H

/* Requests the shortest slices for this thread and its children. A thread with
 * short slices gets no larger share of a busy processor, but runs sooner after
 * it wakes. Linux before 6.12 ignores the request. If the policy is not
 * SCHED_OTHER, the administrator has chosen it and nothing changes. */
void slice_shorten(void);

#endif
