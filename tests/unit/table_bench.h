/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers of the tests of the table: a small configuration, and a naive table
 * in the role of the kernel. */
#ifndef LVSMON_TESTS_TABLE_BENCH_H
#define LVSMON_TESTS_TABLE_BENCH_H

#include "ipvs/ipvs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define VIRTUALS 3
#define REALS 4 /* of each virtual */

/* The first virtual has two addresses. */
extern struct config_virtual virtuals[VIRTUALS];
extern struct config_service services[VIRTUALS + 1];
extern struct config_real reals[VIRTUALS * REALS];
extern struct config config;

extern struct arena *arena;
extern struct table *table;
extern struct ipvs *kernel;
extern struct ipvs_op ops[1000]; /* of the last apply() */
extern unsigned int op_count;

int set_up(void **state);
int tear_down(void **state);

struct address address(const char *text, uint16_t port);

/* Looks at the kernel's table. Asserts that this many entries differ from what
 * the table expected. */
void look(uint32_t drift);

/* Does all operations that the table asks for, and records them in ops. */
void apply(void);

/* Does an operation in the name of somebody else. Returns the kernel's
 * answer. */
int meddle(
	enum ipvs_verb verb, uint32_t service, uint32_t real, uint32_t weight);
int meddle_with(const struct ipvs_op *op);

/* Returns the weight of a real behind a service, or POLICY_ABSENT. */
int32_t kernel_weight(uint32_t service, uint32_t real);

void want_all(void);
void assert_kernel_is_wanted(void);

#endif
