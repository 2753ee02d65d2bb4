/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The claim on the kernel's table, so that no second lvsmon changes it.
 *
 * It is a listening socket with an abstract name. Like the table, such a name
 * belongs to a network namespace, whatever files and mounts a process sees. The
 * kernel frees it when its owner dies. The kernel also tells the owner's user
 * and number to those that connect. So a user who takes the name cannot keep
 * lvsmon from starting.
 */
#ifndef LVSMON_KEEPER_CLAIM_H
#define LVSMON_KEEPER_CLAIM_H

#include <stdbool.h>

/* The time that another process has to end before the table counts as held. It
 * is longer than a pulse. */
#define CLAIM_PATIENCE_MS 1500

struct claim {
	int fd; /* 0 = there is none */
};

/* Claims the table of this network namespace. Returns 0. If another lvsmon of
 * root or of this user has claimed it, returns -1 and logs. If somebody else
 * has the name, logs a warning, and there is no claim. */
int claim_begin(struct claim *claim);

/* Forgets those that have connected since the last call. */
void claim_pulse(const struct claim *claim);

#endif
