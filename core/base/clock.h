/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one clock: CLOCK_MONOTONIC, so that a set clock moves no check. */
#ifndef LVSMON_BASE_CLOCK_H
#define LVSMON_BASE_CLOCK_H

#include <stdint.h>

/* Microseconds since the machine's start; never goes back. */
uint64_t clock_us(void);

/* The same in milliseconds. */
uint64_t clock_ms(void);

/* Sleeps, through interruptions. */
void clock_sleep_ms(unsigned int ms);

#endif
