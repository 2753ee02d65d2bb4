/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams get lost, so a probe sends its last one again. Has no clock and no
 * socket. Times are in microseconds. */
#ifndef LVSMON_ENGINE_REPEAT_H
#define LVSMON_ENGINE_REPEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed: nothing is to be sent again. */
struct repeat {
	const char *datagram; /* not copied */
	size_t len;
	uint64_t wait_us; /* between two sendings */
	uint32_t left;    /* sendings */
};

/* A datagram was sent for the first time. The repetitions divide the time that
 * is left until the deadline. */
void repeat_begin(struct repeat *repeat, const char *datagram, size_t len,
	uint64_t now, uint64_t deadline);

/* Returns the time of the next repetition, or the deadline if none is left. */
uint64_t repeat_next(
	const struct repeat *repeat, uint64_t now, uint64_t deadline);

/* Counts a repetition. Returns false if none is left. */
bool repeat_take(struct repeat *repeat);

#endif
