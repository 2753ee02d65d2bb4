// SPDX-License-Identifier: GPL-2.0-or-later
/* The start of the daemon: with descriptors 0 to 2 closed in each combination,
 * and with signals as soon as the pidfile is there. */
#include "base/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000
#define STARTS 20

static char dir[] = "/tmp/lvsmon-start-XXXXXX";
static char file[64], pidfile[64], log_path[64];

static _Noreturn void become_daemon(unsigned int closed)
{
	int log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	dup2(log, STDERR_FILENO);
	dup2(log, STDOUT_FILENO);
	close(log);
	for (int fd = 0; fd <= 2; fd++)
		if (closed & 1U << fd)
			close(fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 0);
	execl(TEST_LVSMON, "lvsmon", "-n", "-p", TEST_PLUGIN_DIR, "-f", file,
		"--pidfile", pidfile, (char *)NULL);
	_exit(127);
}

/* Returns as soon as the pidfile is there. */
static pid_t start_daemon(unsigned int closed)
{
	uint64_t until = clock_ms() + PATIENCE_MS;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		become_daemon(closed);
	while (access(pidfile, F_OK) < 0)
		assert_true(clock_ms() < until);
	return pid;
}

static void stop_daemon(pid_t pid)
{
	int status = -1;

	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EX_OK);
	assert_int_equal(access(pidfile, F_OK), -1);
}

static void link_of(pid_t pid, const char *fd, char *to, size_t size)
{
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, fd);
	len = readlink(path, to, size - 1);
	to[len < 0 ? 0 : len] = '\0';
}

static void expect_standard_files(pid_t pid, unsigned int closed)
{
	char to[256];

	for (unsigned int fd = 0; fd <= 2; fd++) {
		const char name[] = {(char)('0' + fd), '\0'};

		link_of(pid, name, to, sizeof(to));
		if (closed & 1U << fd)
			assert_string_equal(to, "/dev/null");
		else
			assert_true(to[0] == '/');
	}
}

static void starts_with_closed_descriptors(void **state)
{
	(void)state;
	for (unsigned int closed = 0; closed < 8; closed++) {
		pid_t pid = start_daemon(closed);

		expect_standard_files(pid, closed);
		stop_daemon(pid);
	}
}

static bool log_says(const char *words)
{
	static char text[65536];
	int fd = open(log_path, O_RDONLY);
	ssize_t len = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	return strstr(text, words);
}

static void expect_line(const char *words)
{
	uint64_t until = clock_ms() + PATIENCE_MS;

	while (!log_says(words)) {
		assert_true(clock_ms() < until);
		clock_sleep_ms(5);
	}
}

static void survives_a_signal_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < STARTS; i++) {
		pid_t pid = start_daemon(0);

		assert_int_equal(kill(pid, i % 4 ? SIGHUP : SIGUSR1), 0);
		expect_line(i % 4 ? "reloaded: " : "status: ");
		stop_daemon(pid);
	}
}

static void ends_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < STARTS; i++)
		stop_daemon(start_daemon(0));
}

static void leaves_no_other_file(void **state)
{
	DIR *entries = opendir(dir);
	const struct dirent *entry;
	int count = 0;

	(void)state;
	assert_non_null(entries);
	while ((entry = readdir(entries)))
		count += entry->d_name[0] != '.';
	closedir(entries);
	assert_int_equal(count, 2); /* the configuration and the log */
}

static int set_up(void **state)
{
	FILE *to;

	(void)state;
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return -1;
	snprintf(file, sizeof(file), "%s/conf", dir);
	snprintf(pidfile, sizeof(pidfile), "%s/pid", dir);
	snprintf(log_path, sizeof(log_path), "%s/log", dir);
	to = fopen(file, "w");
	if (!to)
		return -1;
	fputs("user nobody\ninterval 50ms timeout 1s\n"
	      "virtual web 192.0.2.1:80 {\n"
	      "\tcheck connect\n\treal 127.0.0.1:1\n}\n",
		to);
	return fclose(to);
}

static int tear_down(void **state)
{
	(void)state;
	unlink(file);
	unlink(log_path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_with_closed_descriptors),
		cmocka_unit_test(survives_a_signal_at_once),
		cmocka_unit_test(ends_at_once),
		cmocka_unit_test(leaves_no_other_file),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
