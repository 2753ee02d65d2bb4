// SPDX-License-Identifier: GPL-2.0-or-later
/* sched_getattr(2) and sched_setattr(2), which have no wrappers in libc before
 * glibc 2.41. */
#include "base/slice.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The shortest slice that the kernel accepts: 0.1 ms. */
#define SLICE_NS 100000

void slice_shorten(void)
{
	struct sched_attr attr = {.size = SCHED_ATTR_SIZE_VER0};

	if (syscall(SYS_sched_getattr, 0, &attr, SCHED_ATTR_SIZE_VER0, 0) < 0 ||
		attr.sched_policy != SCHED_NORMAL)
		return;
	attr.sched_runtime = SLICE_NS;
	/* If the kernel refuses, the slices stay as they are. */
	(void)syscall(SYS_sched_setattr, 0, &attr, 0);
}
