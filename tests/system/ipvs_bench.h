/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the kernel's table share: ipvsadm as the judge, operations
 * one by one, processes of less power. */
#ifndef LVSMON_TESTS_IPVS_BENCH_H
#define LVSMON_TESTS_IPVS_BENCH_H

#include "ipvs/ipvs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

extern struct ipvs *bench_ipvs;
extern char bench_refusal[128]; /* the last, or empty */

/* For each test: an empty table, opened. */
int bench_set_up(void **state);
int bench_tear_down(void **state);

/* A command that has to go well. */
void bench_run(const char *command);

/* What a command says, 64 KiB at the most; good until the next. */
const char *bench_output(const char *command);

/* What ipvsadm -Sn says, in the order of sort(1). */
void bench_assert_table(const char *expected);

void bench_address(struct address *address, const char *text, int port);

/* For ipvs_apply and ipvs_apply_op. */
void bench_refused(void *arg, const struct ipvs_op *op, const char *why);

int bench_do(struct ipvs_op *op, enum ipvs_verb verb);

/* Runs a test in a process without any capability but, perhaps, that one; the
 * socket is open already. What it calls says by _exit(2) what went wrong. */
void bench_with_capability(bool net_admin, void (*test)(void));

#endif
