/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper and the kernel's table: applies what is wanted, and puts right
 * what somebody else changed. */
#ifndef LVSMON_KEEPER_AUDIT_H
#define LVSMON_KEEPER_AUDIT_H

#include "keeper/state.h"

/* Makes the kernel's table what the current generation wants, if that may have
 * changed and the generation is applied. */
void audit_apply(struct keeper *keeper);

/* Looks at the kernel's table if it is time to, and puts right what somebody
 * else changed. */
void audit_pulse(struct keeper *keeper);

/* Deletes the services and reals that an old generation has in the kernel's
 * table and a new one does not name (NULL: all of them). */
void audit_leave(struct keeper *keeper, const struct generation *old,
	const struct generation *new);

#endif
