/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The descriptors that a process inherits. */
#ifndef LVSMON_BASE_DESCRIPTORS_H
#define LVSMON_BASE_DESCRIPTORS_H

/* Opens /dev/null in the place of each of the descriptors 0 to 2 that is
 * closed, so that no socket or file gets such a number. If there is no
 * /dev/null, opens the root directory instead. Returns 0, or -1 with errno set.
 */
int descriptors_fill(void);

/* Puts /dev/null in the place of the descriptors 0 to 2. Returns 0, or -1 with
 * errno set. */
int descriptors_mute(void);

/* Closes every descriptor from 3 on except keep, which is at least 3. If the
 * kernel has no close_range(2), closes the descriptors that /proc lists.
 * Returns 0, or -1 with errno set if some may still be open. */
int descriptors_close(int keep);

#endif
