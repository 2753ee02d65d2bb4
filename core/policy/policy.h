/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policy: what config and health ask of the table. Pure, and one real at a
 * time, so that an edge costs the same in a virtual of any size. */
#ifndef LVSMON_POLICY_POLICY_H
#define LVSMON_POLICY_POLICY_H

#include "config/config.h"

/* Not to be in the table at all. */
#define POLICY_ABSENT (-1)

/* The weight wanted for a real that is not a fallback: its own when up, else
 * 0 or POLICY_ABSENT as on-fail says. */
int32_t policy_real(const struct config_real *real, bool up);

/* The same for a fallback, which stands in only while it is up itself and no
 * real of the virtual with a weight of more than 0 is. */
int32_t policy_fallback(
	const struct config_real *fallback, bool up, uint32_t serving);

/* Whether a real that is up counts as serving. */
bool policy_serves(const struct config_real *real);

#endif
