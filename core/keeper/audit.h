/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper and the kernel's table: applies what is wanted, and puts right
 * what somebody else changed. */
#ifndef LVSMON_KEEPER_AUDIT_H
#define LVSMON_KEEPER_AUDIT_H

#include "keeper/state.h"

/* Makes the kernel's table what the current generation wants, if that may have
 * changed and the generation is applied. */
void audit_apply(struct keeper *keeper);

/* Sets the time of the next look at the kernel's table, as the current
 * generation's configuration asks for it. A look that is set for sooner stays.
 */
void audit_begin(struct keeper *keeper);

/* Sets the next look to as soon as may be: the last one failed, or somebody
 * else changed the table. */
void audit_soon(struct keeper *keeper);

/* Looks at the kernel's table and puts it right; expired of keeper->audit. */
void audit_expired(struct loop_timer *timer);

/* Deletes the services and reals that an old generation has in the kernel's
 * table and a new one does not name (NULL: all of them). Returns 0, or -1 if
 * some may still be there. */
int audit_leave(struct keeper *keeper, const struct generation *old,
	const struct generation *new);

/* Takes over a generation that has ended and for which audit_leave failed.
 * Tries again after each look, then destroys the generation. */
void audit_retire(struct keeper *keeper, struct generation *old);

#endif
