// SPDX-License-Identifier: GPL-2.0-or-later
/* The whole daemon, on a table in memory, against a server in this test. Once
 * it runs, neither keeper nor engine allocates or frees memory, also if reals
 * go down and up. */
#include "allocations.h"
#include "daemon_bench.h"

#include "base/clock.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 30000
#define REALS 50
#define PROBES 1000
#define EDGES 4
#define PROCESSES 3 /* keeper, engine, and the reader that has ended */

static struct allocations *allocations;
static _Atomic bool *broken; /* shared with the server */
static char file[] = "/tmp/lvsmon-daemon-XXXXXX";
static char counts[] = "/tmp/lvsmon-counts-XXXXXX";

/* Answers every connection like a web server, healthy or broken. */
static _Noreturn void serve(int listener)
{
	static const char good[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	static const char bad[] =
		"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";

	_Static_assert(sizeof(good) == sizeof(bad), "the same length");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		char request[512];

		if (fd < 0)
			continue;
		if (read(fd, request, sizeof(request)) > 0 &&
			write(fd, *broken ? bad : good, sizeof(good) - 1) > 0)
			shutdown(fd, SHUT_WR);
		close(fd);
	}
}

static pid_t start_server(uint16_t *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		/* Reals differ by address: any of 127.0.0.0/8. */
		.sin_addr = {htonl(INADDR_ANY)},
	};
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 512), 0);
	getsockname(listener, (struct sockaddr *)&at, &size);
	*port = ntohs(at.sin_port);
	pid = fork();
	if (pid == 0)
		serve(listener);
	close(listener);
	return pid;
}

static void write_config(uint16_t port)
{
	FILE *to = fopen(file, "w");

	assert_non_null(to);
	fprintf(to,
		"user nobody\naudit 100ms\ninterval 20ms timeout 2s\n"
		"virtual web 192.0.2.1:80 {\n"
		"\tcheck http -u /\n"
		"\treal 127.0.0.[1-%d]:%u\n}\n",
		REALS, port);
	assert_int_equal(fclose(to), 0);
}

/* Reads the first line of the status. */
static void ask(
	pid_t keeper, int log, unsigned int *up, unsigned long long *probes)
{
	char line[512];
	const char *at;

	kill(keeper, SIGUSR1);
	daemon_read_until(log, "probes,", line, sizeof(line));
	at = strstr(line, "1 virtual, ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "1 virtual, %u of", up), 1);
	at = strstr(at, "; engine ");
	assert_non_null(at);
	at = strchr(at + 2, ';');
	assert_non_null(at);
	*probes = strtoull(at + 1, NULL, 10);
}

static unsigned long long wait_for_probes(
	pid_t keeper, int log, unsigned long long probes)
{
	uint64_t until = clock_ms() + PATIENCE_MS;
	unsigned long long now;
	unsigned int up;

	for (;;) {
		ask(keeper, log, &up, &now);
		if (now >= probes)
			return now;
		assert_true(clock_ms() < until);
		clock_sleep_ms(50);
	}
}

static void wait_for_reals(pid_t keeper, int log, unsigned int reals)
{
	uint64_t until = clock_ms() + PATIENCE_MS;
	unsigned long long probes;
	unsigned int up;

	for (;;) {
		ask(keeper, log, &up, &probes);
		if (up == reals)
			return;
		assert_true(clock_ms() < until);
		clock_sleep_ms(50);
	}
}

/* Returns the calls of all processes but this one. */
static uint64_t all_calls(unsigned int *processes)
{
	uint64_t calls = 0;

	*processes = 0;
	for (size_t i = 0; i < ALLOCATIONS_MAX; i++) {
		calls += allocations->processes[i].calls;
		*processes += allocations->processes[i].pid != 0;
	}
	return calls;
}

static void daemon_takes_no_memory(void **state)
{
	unsigned int processes;
	unsigned long long probes;
	uint64_t before;
	uint16_t port;
	char line[512];
	int log;
	pid_t server = start_server(&port), keeper;

	(void)state;
	write_config(port);
	setenv("LD_PRELOAD", TEST_ALLOCATIONS_SO, 1);
	setenv(ALLOCATIONS_ENV, counts, 1);
	keeper = daemon_start((const char *[]){"-f", file, NULL}, &log);
	daemon_read_until(
		log, "ready: 1 virtual, 50 of 50 reals up", line, sizeof(line));
	probes = wait_for_probes(keeper, log, 2 * REALS);
	before = all_calls(&processes);
	assert_int_equal(processes, PROCESSES);
	assert_true(before > 0);
	/* This time includes more than one audit, and edges of all reals. */
	for (int i = 0; i < EDGES; i++) {
		*broken = !*broken;
		wait_for_reals(keeper, log, *broken ? 0 : REALS);
	}
	wait_for_probes(keeper, log, probes + PROBES);
	assert_int_equal(all_calls(&processes), before);
	assert_int_equal(processes, PROCESSES);
	kill(keeper, SIGTERM);
	assert_int_equal(daemon_wait(keeper), 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	close(log);
}

static int set_up(void **state)
{
	int fd = mkstemp(counts);

	(void)state;
	broken = mmap(NULL, sizeof(*broken), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (broken == MAP_FAILED)
		return -1;
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
		cmocka_unit_test(daemon_takes_no_memory),
	};

#ifdef LVSMON_SANITIZED
	puts("left out: sanitizers have an allocator of their own");
	return 0;
#endif
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
