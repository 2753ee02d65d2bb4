// SPDX-License-Identifier: GPL-2.0-or-later
/* Datagrams get lost, so a probe sends its last one again. */
#include "engine/repeat.h"

/* A datagram that has no answer is sent again so often. */
#define REPEATS 2

void repeat_begin(struct repeat *repeat, const char *datagram, size_t len,
	uint64_t now, uint64_t deadline)
{
	uint64_t left = now < deadline ? deadline - now : 0;

	*repeat = (struct repeat){
		.datagram = datagram,
		.len = len,
		.wait_us = left / (REPEATS + 1),
		.left = REPEATS,
	};
}

uint64_t repeat_next(
	const struct repeat *repeat, uint64_t now, uint64_t deadline)
{
	return repeat->left ? now + repeat->wait_us : deadline;
}

bool repeat_take(struct repeat *repeat)
{
	if (!repeat->left)
		return false;
	repeat->left--;
	return true;
}
