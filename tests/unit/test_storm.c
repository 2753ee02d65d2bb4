// SPDX-License-Identifier: GPL-2.0-or-later
/* A storm of edges: all reals die together. The first edges are lines, the
 * others are numbers, none is missing, and the keeper takes no memory. The
 * status of all reals is whole. */
#include "allocations.h"
#include "daemon_bench.h"

#include "base/clock.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define REALS 1000
#define LINE_MAX_SIZE 1200

static struct allocations *allocations;
static char file[] = "/tmp/lvsmon-storm-XXXXXX";
static char counts[] = "/tmp/lvsmon-counts-XXXXXX";

/* connect needs no accept(2), only room in the queue. */
static int listen_anywhere(uint16_t *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof(at);
	const int reuse = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
	at.sin_port = htons(*port);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(fd, 4096), 0);
	getsockname(fd, (struct sockaddr *)&at, &size);
	*port = ntohs(at.sin_port);
	return fd;
}

static void write_config(uint16_t port)
{
	FILE *to = fopen(file, "w");

	assert_non_null(to);
	fprintf(to,
		"user nobody\nprobes 1000\ninterval 200ms timeout 2s\n"
		"rise 1\nfall 1\nvirtual web 192.0.2.1:80 {\n"
		"\tcheck connect\n\treal 127.0.[1-4].[1-250]:%u\n}\n",
		port);
	assert_int_equal(fclose(to), 0);
}

/* The keeper is the first process. */
static uint64_t keeper_calls(pid_t keeper)
{
	assert_int_equal(allocations->processes[0].pid, keeper);
	return allocations->processes[0].calls;
}

/* Reads the log until it has told of all reals, at least so many line by line.
 */
static void count_edges(int log, const char *health, unsigned int least)
{
	unsigned int lines = 0, edges = 0, up, down;
	char line[LINE_MAX_SIZE];

	while (edges < REALS) {
		const char *at;

		daemon_read_until(log, "", line, sizeof(line));
		if (strstr(line, health)) {
			lines++;
			edges++;
			continue;
		}
		at = strstr(line, "further edges");
		if (!at)
			continue;
		assert_int_equal(
			sscanf(at,
				"further edges of this second: %u reals down, "
				"%u reals up",
				&down, &up),
			2);
		edges += strstr(health, "down") ? down : up;
	}
	assert_int_equal(edges, REALS);
	assert_true(lines >= least);
	assert_true(lines <= 400);
}

/* The pipe holds less than that, and is not read at first. */
static void expect_whole_status(pid_t keeper, int log)
{
	char line[LINE_MAX_SIZE];

	kill(keeper, SIGUSR1);
	clock_sleep_ms(300);
	for (unsigned int i = 0; i < REALS; i++) {
		char real[64];

		snprintf(real, sizeof(real), "real 127.0.%u.%u:", 1 + i / 250,
			1 + i % 250);
		daemon_read_until(log, "status:   real", line, sizeof(line));
		assert_non_null(strstr(line, real));
	}
}

static void a_storm_is_told_in_numbers(void **state)
{
	uint16_t port = 0;
	int listener = listen_anywhere(&port), log;
	char line[LINE_MAX_SIZE];
	uint64_t before;
	pid_t keeper;

	(void)state;
	write_config(port);
	setenv("LD_PRELOAD", TEST_ALLOCATIONS_SO, 1);
	setenv(ALLOCATIONS_ENV, counts, 1);
	keeper = daemon_start((const char *[]){"-f", file, NULL}, &log);
	daemon_read_until(log, "1000 of 1000 reals up", line, sizeof(line));
	expect_whole_status(keeper, log);
	before = keeper_calls(keeper);
	close(listener);
	count_edges(log, ": down: ", 100);
	listener = listen_anywhere(&port);
	/* The storm may go on. */
	count_edges(log, ": up: ", 0);
	assert_int_equal(keeper_calls(keeper), before);
	kill(keeper, SIGTERM);
	assert_int_equal(daemon_wait(keeper), 0);
	close(listener);
	close(log);
}

static int set_up(void **state)
{
	int fd = mkstemp(counts);

	(void)state;
	close(mkstemp(file));
	if (fd < 0 || fchmod(fd, 0666) < 0 ||
		ftruncate(fd, sizeof(*allocations)) < 0)
		return -1;
	allocations = mmap(NULL, sizeof(*allocations), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	close(fd);
	return allocations == MAP_FAILED ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(file);
	unlink(counts);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_storm_is_told_in_numbers),
	};

#ifdef LVSMON_SANITIZED
	puts("left out: sanitizers have an allocator of their own");
	return 0;
#endif
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
