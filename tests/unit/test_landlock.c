// SPDX-License-Identifier: GPL-2.0-or-later
/* Landlock, each restriction in a process of its own. The tests are skipped on
 * a kernel without Landlock. */
#include "process/landlock.h"
#include "process/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

/* The version of the interface that forbids signals. */
#define SCOPES_VERSION 6

static long version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		LANDLOCK_CREATE_RULESET_VERSION);
}

static int exit_code_of(int (*life)(void))
{
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(life());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int errno_of_open(int flags)
{
	int fd = open("/dev/null", flags | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int read_only(void)
{
	if (landlock_restrict(LANDLOCK_READ) < 0)
		return 1;
	if (errno_of_open(O_RDONLY) != 0)
		return 2;
	return errno_of_open(O_WRONLY) == EACCES ? 0 : 3;
}

static int nothing(void)
{
	if (landlock_restrict(LANDLOCK_READ) < 0 ||
		landlock_restrict(LANDLOCK_NONE) < 0)
		return 1;
	return errno_of_open(O_RDONLY) == EACCES ? 0 : 2;
}

static int signals(void)
{
	if (landlock_restrict(LANDLOCK_READ) < 0)
		return 1;
	if (kill(getpid(), 0) < 0)
		return 2;
	return kill(getppid(), 0) < 0 && errno == EPERM ? 0 : 3;
}

static void files_are_forbidden(void **state)
{
	(void)state;
	if (version() < 1)
		skip();
	assert_int_equal(exit_code_of(read_only), 0);
	assert_int_equal(exit_code_of(nothing), 0);
}

static void signals_to_others_are_forbidden(void **state)
{
	(void)state;
	if (version() < SCOPES_VERSION)
		skip();
	assert_int_equal(exit_code_of(signals), 0);
}

static int tie_to_parent(void)
{
	int signal = 0;

	privileges_die_with(getppid());
	prctl(PR_GET_PDEATHSIG, &signal, 0, 0, 0);
	return signal == SIGKILL ? 0 : 1;
}

/* The keeper has another number than the parent: it is gone. */
static int tie_to_nobody(void)
{
	privileges_die_with(getpid());
	return 0;
}

static void a_child_of_a_keeper_that_is_gone_ends(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(tie_to_parent), 0);
	assert_int_equal(exit_code_of(tie_to_nobody), EX_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_forbidden),
		cmocka_unit_test(signals_to_others_are_forbidden),
		cmocka_unit_test(a_child_of_a_keeper_that_is_gone_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
