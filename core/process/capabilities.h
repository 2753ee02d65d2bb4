/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities that keeper and engine give up. */
#ifndef LVSMON_PROCESS_CAPABILITIES_H
#define LVSMON_PROCESS_CAPABILITIES_H

#include <stdbool.h>
#include <stdint.h>

/* Gives up all capabilities of the caller but those of the mask, where bit n is
 * capability n. Of the bounding set it keeps those of bounding, and gives up
 * the others as far as the kernel lets it. Returns 0. On failure, and if the
 * caller still has another capability, returns -1 and sets errno. */
int capabilities_keep(uint64_t mask, uint64_t bounding);

/* Puts the capabilities of the caller out of use, or all that it has into use.
 * Returns 0, or -1 with errno. */
int capabilities_use(bool use);

#endif
