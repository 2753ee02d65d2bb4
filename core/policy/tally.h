/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the health of checks to the health of their real: a real is up if all
 * of its checks are, and decided once all of them have a verdict. Pure; a
 * change of one check costs the same however many there are. */
#ifndef LVSMON_POLICY_TALLY_H
#define LVSMON_POLICY_TALLY_H

#include <stdbool.h>
#include <stdint.h>

/* Of one real; zeroed = a real without checks, which is always up. */
struct tally {
	uint16_t undecided; /* checks without a verdict */
	uint16_t failing;   /* checks that are not up */
};

/* A check as the tally sees it. */
struct tally_check {
	bool decided;
	bool up;
};

void tally_add(struct tally *tally, struct tally_check check);

/* Takes in that a check that was added is `now` and was `before`. Returns
 * whether the real is another than before. */
bool tally_change(
	struct tally *tally, struct tally_check before, struct tally_check now);

bool tally_is_decided(const struct tally *tally);
bool tally_is_up(const struct tally *tally);

#endif
