/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The identity of a check: which check of a new configuration goes on from
 * which check of an older one, so that a reload keeps what is known.
 *
 * Two checks are the same if these are equal: the virtual's name, the real,
 * the address that is probed, the bind address, and the vector. If a
 * configuration holds several such checks, the first of one configuration
 * goes on from the first of the other, the second from the second.
 */
#ifndef LVSMON_CONFIG_IDENTITY_H
#define LVSMON_CONFIG_IDENTITY_H

#include "config/config.h"

/*
 * Sets matches[i] to the check of `from` that check i of `to` goes on from, or
 * to CONFIG_NONE. A check without an equal in its virtual goes on from one of
 * another virtual that is equal otherwise, because its real may have moved;
 * but never from a check that has an equal of its own. matches has room for
 * every check of `to`; scratch is used for work that may be thrown away.
 */
void identity_match(const struct config *to, const struct config *from,
	uint32_t *matches, struct arena *scratch);

#endif
