/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers shared by the tests of the kernel's table: ipvsadm as the judge,
 * single operations, and processes with fewer capabilities. */
#ifndef LVSMON_TESTS_IPVS_BENCH_H
#define LVSMON_TESTS_IPVS_BENCH_H

#include "ipvs/ipvs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

extern struct ipvs *bench_ipvs;
extern char bench_refusal[128]; /* of the last operation; empty = none */

/* Setup and teardown of each test: open an empty table, and close it. */
int bench_set_up(void **state);
int bench_tear_down(void **state);

/* Runs a command, which must succeed. */
void bench_run(const char *command);

/* Returns the output of a command, at most 64 KiB. It is valid until the next
 * call. */
const char *bench_output(const char *command);

/* Asserts the output of ipvsadm -Sn, sorted by sort(1). */
void bench_assert_table(const char *expected);

void bench_address(struct address *address, const char *text, int port);

/* An ipvs_refused for ipvs_apply and ipvs_apply_op. */
void bench_refused(
	void *arg, const struct ipvs_op *op, int error, const char *why);

int bench_do(struct ipvs_op *op, enum ipvs_verb verb);

/* Runs a test in a process without capabilities, except CAP_NET_ADMIN if
 * net_admin is set. The socket is open already. The test reports a failure by
 * _exit(2). */
void bench_with_capability(bool net_admin, void (*test)(void));

#endif
