// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the daemon as it is installed, on a table in memory. */
#include "daemon_bench.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

void (*daemon_before)(void);

static _Noreturn void become_daemon(const char *const *options)
{
	const char *argv[5 + DAEMON_OPTIONS_MAX] = {
		"lvsmon", "-n", "-p", TEST_PLUGIN_DIR};
	size_t count = 4;

	while (*options && count < 4 + DAEMON_OPTIONS_MAX)
		argv[count++] = *options++;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (daemon_before)
		daemon_before();
	/* With sanitizers: memory that the keeper has at its end is no leak. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 0);
	execv(TEST_LVSMON, (char *const *)(uintptr_t)argv);
	_exit(127);
}

pid_t daemon_start(const char *const *options, int *log)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		become_daemon(options);
	}
	close(ends[1]);
	*log = ends[0];
	return pid;
}

void daemon_read_until(int log, const char *words, char *buf, size_t size)
{
	size_t len = 0;

	for (;;) {
		assert_int_equal(read(log, buf + len, 1), 1);
		if (buf[len] != '\n') {
			len += len + 2 < size;
			continue;
		}
		buf[len] = '\0';
		len = 0;
		if (strstr(buf, words))
			return;
	}
}

pid_t daemon_engine(int log, const char *word)
{
	char line[1200];
	int pid = 0, end;

	do {
		daemon_read_until(log, "engine ", line, sizeof(line));
		end = 0;
		sscanf(line, "lvsmon: engine %d%n", &pid, &end);
	} while (!end || strncmp(line + end, ": ", 2) != 0 ||
		 strncmp(line + end + 2, word, strlen(word)) != 0);
	return pid;
}

int daemon_wait(pid_t keeper)
{
	int status = -1;

	assert_int_equal(waitpid(keeper, &status, 0), keeper);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}
