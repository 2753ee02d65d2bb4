// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/slice.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static struct sched_attr attributes(void)
{
	struct sched_attr attr = {.size = sizeof(attr)};

	assert_int_equal(
		syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0), 0);
	return attr;
}

static void set_policy(uint32_t policy)
{
	struct sched_attr attr = attributes();

	attr.sched_policy = policy;
	assert_int_equal(syscall(SYS_sched_setattr, 0, &attr, 0), 0);
}

static void another_policy_is_left_alone(void **state)
{
	struct sched_attr before, after;

	(void)state;
	set_policy(SCHED_BATCH);
	before = attributes();
	slice_shorten();
	after = attributes();
	assert_int_equal(after.sched_policy, SCHED_BATCH);
	assert_int_equal(after.sched_runtime, before.sched_runtime);
}

/* Runs last, because not every kernel allows to undo it. */
static void slices_get_shorter_and_nothing_else_changes(void **state)
{
	struct sched_attr before, after;

	(void)state;
	set_policy(SCHED_NORMAL);
	assert_int_equal(setpriority(PRIO_PROCESS, 0, 3), 0);
	before = attributes();
	slice_shorten();
	after = attributes();
	assert_int_equal(after.sched_nice, 3);
	assert_int_equal(after.sched_policy, SCHED_NORMAL);
	/* Linux before 6.12 does not show the slice. */
	assert_int_equal(
		after.sched_runtime, before.sched_runtime ? 100000 : 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_policy_is_left_alone),
		cmocka_unit_test(slices_get_shorter_and_nothing_else_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
