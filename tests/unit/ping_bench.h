/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bench for echo requests: a network namespace of the test's own, whose
 * kernel replies or is mute, and probes of the checker ping in the test's own
 * process. A failed call fails the test. */
#ifndef LVSMON_TESTS_PING_BENCH_H
#define LVSMON_TESTS_PING_BENCH_H

#include "engine/probe.h"

/* The timeout of a probe that gets its reply, and of one that does not. */
#define PING_LONG_MS 20000
#define PING_SHORT_MS 300

/* A set_up of cmocka's groups: enters the namespace. */
int ping_set_up(void **state);

/* Skips the test if this user may not have a namespace. */
void ping_needs_namespace(void);

/* Lets the kernel ignore requests, or reply again. */
void ping_mute(bool on);

/* Runs one probe from an address, or from any if it is NULL. Only `local` is
 * set if the probe cannot begin. */
struct verdict ping(const char *to, const char *from, uint32_t timeout_ms);

void ping_expect_up(struct verdict verdict);
void ping_expect_down(struct verdict verdict, const char *why);

#endif
