// SPDX-License-Identifier: GPL-2.0-or-later
/* Inherited descriptors, with and without the kernel's close_range(2). */
#include "base/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HIGH 200

static bool no_close_range;

int __wrap_close_range(unsigned int first, unsigned int last, int flags);
int __real_close_range(unsigned int first, unsigned int last, int flags);

int __wrap_close_range(unsigned int first, unsigned int last, int flags)
{
	if (!no_close_range)
		return __real_close_range(first, last, flags);
	errno = ENOSYS;
	return -1;
}

static bool is_null(int fd)
{
	struct stat null, st;

	return stat("/dev/null", &null) == 0 && fstat(fd, &st) == 0 &&
	       st.st_rdev == null.st_rdev && S_ISCHR(st.st_mode);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* The assertions of a child are its exit code. */
static int in_child(int (*act)(unsigned int argument), unsigned int argument)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(act(argument));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int fill(unsigned int closed)
{
	int next;

	for (int fd = 0; fd <= 2; fd++)
		if (closed & 1U << fd)
			close(fd);
	if (descriptors_fill() < 0)
		return 1;
	for (int fd = 0; fd <= 2; fd++)
		if (!is_open(fd) || (closed & 1U << fd && !is_null(fd)))
			return 2;
	next = dup(0);
	return next > 2 ? 0 : 3;
}

static void fills_each_gap(void **state)
{
	(void)state;
	for (unsigned int closed = 0; closed < 8; closed++)
		assert_int_equal(in_child(fill, closed), 0);
}

static int mute(unsigned int closed)
{
	for (int fd = 0; fd <= 2; fd++)
		if (closed & 1U << fd)
			close(fd);
	if (descriptors_mute() < 0)
		return 1;
	return is_null(0) && is_null(1) && is_null(2) ? 0 : 2;
}

static void mutes_all_three(void **state)
{
	(void)state;
	for (unsigned int closed = 0; closed < 8; closed++)
		assert_int_equal(in_child(mute, closed), 0);
}

static int close_all_but(unsigned int keep)
{
	dup2(0, 3);
	dup2(0, 4);
	dup2(0, (int)keep);
	dup2(0, HIGH);
	if (descriptors_close((int)keep) < 0)
		return 1;
	for (int fd = 0; fd <= HIGH; fd++)
		if (is_open(fd) != (fd <= 2 || fd == (int)keep))
			return 2;
	return 0;
}

static void closes_all_but_one(void **state)
{
	(void)state;
	for (int absent = 0; absent < 2; absent++) {
		no_close_range = absent;
		assert_int_equal(in_child(close_all_but, 3), 0);
		assert_int_equal(in_child(close_all_but, 4), 0);
		assert_int_equal(in_child(close_all_but, 77), 0);
		assert_int_equal(in_child(close_all_but, HIGH), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_each_gap),
		cmocka_unit_test(mutes_all_three),
		cmocka_unit_test(closes_all_but_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
