/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only clock: CLOCK_MONOTONIC, so that setting the time moves no check. */
#ifndef LVSMON_BASE_CLOCK_H
#define LVSMON_BASE_CLOCK_H

#include <stdint.h>

/* Returns microseconds since the machine started. The value never decreases. */
uint64_t clock_us(void);

/* Returns the same in milliseconds. */
uint64_t clock_ms(void);

/* Sleeps for the whole time, even if signals interrupt it. */
void clock_sleep_ms(unsigned int ms);

#endif
