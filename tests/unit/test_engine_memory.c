// SPDX-License-Identifier: GPL-2.0-or-later
/* An engine takes no memory after its start and gives none back. Calls of
 * libevent count, too. The test preloads the counter itself. */
#include "allocations.h"
#include "engine_bench.h"
#include "namespace.h"
#include "tls_bench.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define REALS 200
#define PROBES 1000
#define TLS_REALS 32

static const struct allocations *allocations;

static uint64_t calls_of(pid_t pid)
{
	for (size_t i = 0; i < ALLOCATIONS_MAX; i++)
		if (allocations->processes[i].pid == pid)
			return allocations->processes[i].calls;
	fail_msg("process %d is not counted", (int)pid);
	return 0;
}

static void waits(int fd)
{
	char buf[64];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void is_fickle(int fd)
{
	static unsigned int calls;

	if (++calls % 3 == 0 && write(fd, "hello\n", 6) < 0)
		return;
}

/* Fewer descriptors than probes: some probes are put off, which is logged. */
static int few_descriptors(void *arg)
{
	const struct rlimit few = {40, 40};

	(void)arg;
	return setrlimit(RLIMIT_NOFILE, &few);
}

/* Whether echo requests are allowed here. */
static bool may_ping;

/* Every eighth real is asked by datagrams, which its port refuses, and every
 * eighth by echo requests. */
static struct bench *make_bench(uint16_t silent, uint16_t fickle)
{
	static const char *const words[] = {"script", "line", "up", NULL};
	static const char *const asks[] = {
		"datagrams", "send:q\n", "line", "up", NULL};
	static const char *const echoes[] = {
		"pings", "send:q\n", "line", "up", NULL};
	struct bench *bench = bench_create();
	uint16_t vector = bench_vector(bench, words);
	uint16_t datagrams = bench_vector(bench, asks);
	uint16_t pings = may_ping ? bench_vector(bench, echoes) : vector;

	for (int i = 0; i < REALS; i++)
		bench_real(bench,
			i % 4 == 0   ? silent
			: i % 4 == 1 ? 1
				     : fickle,
			i % 8 == 3   ? datagrams
			: i % 8 == 7 ? pings
				     : vector);
	bench->settings[0].interval_ms = 200;
	bench->settings[0].timeout_ms = 150;
	bench->config.pool = 100;
	return bench;
}

static void wait_for_probes(const struct bench *bench, uint64_t more)
{
	uint64_t until = clock_ms() + BENCH_PATIENCE_MS;
	uint64_t target = bench->scoreboard->counters.probes + more;

	while (bench->scoreboard->counters.probes < target) {
		assert_true(clock_ms() < until);
		clock_sleep_ms(5);
	}
}

static void engine_takes_no_memory(void **state)
{
	uint16_t silent = 0, fickle = 0;
	int listeners[] = {
		peer_listen(&silent, 1000), peer_listen(&fickle, 1000)};
	pid_t peers[] = {peer_start(listeners[0], waits, true),
		peer_start(listeners[1], is_fickle, false)};
	struct bench *bench = make_bench(silent, fickle);
	uint64_t before;

	(void)state;
	bench->start.confine = few_descriptors;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, BENCH_PATIENCE_MS));
	wait_for_probes(bench, 2 * REALS);
	before = calls_of(bench->engine);
	/* First the channel is full, then the keeper reads it. */
	wait_for_probes(bench, PROBES);
	bench_hear(bench, NULL, 500);
	wait_for_probes(bench, PROBES);
	assert_int_equal(calls_of(bench->engine), before);
	assert_true(before > 0);
	assert_true(bench->scoreboard->counters.put_off > 0);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	for (size_t i = 0; i < 2; i++) {
		peer_stop(peers[i]);
		close(listeners[i]);
	}
}

static bool is_ready(const struct bench *bench)
{
	return bench->ready;
}

/* Half of the reals have TLS and pass; for the others the server has the name
 * of another host. A third kind speaks no TLS. */
static struct bench *make_tls_bench(uint16_t server, uint16_t fickle)
{
	static const char *const words[] = {"http", "-u", "/", NULL};
	struct bench *bench = bench_create();
	uint16_t vector = bench_vector(bench, words);

	bench->config.plugin_dir = TEST_PLUGIN_DIR;
	bench->config.tls_probes = 8;
	for (uint32_t i = 0; i < TLS_REALS; i++) {
		bench_real(bench, i % 8 == 7 ? fickle : server, vector);
		bench->checks[i].settings = i % 2;
	}
	bench->settings[0].interval_ms = 500;
	bench->settings[0].tls = true;
	bench->settings[0].ca = tls_bench_path("ca.pem");
	bench->settings[0].sni = "www.example.org";
	bench->settings[1] = bench->settings[0];
	bench->settings[1].sni = "www.example.com";
	bench->config.settings_count = 2;
	return bench;
}

/* The library of TLS takes all from the fixed area, from its first probe on. */
static void tls_takes_no_memory(void **state)
{
	static const char *const words[] = {
		"-cert", "good.pem", "-key", "good.key", "-www", NULL};
	uint16_t fickle = 0, port;
	int listener = peer_listen(&fickle, 1000);
	pid_t peer = peer_start(listener, is_fickle, false), server;
	struct bench *bench;
	uint64_t before;

	(void)state;
	tls_bench_open();
	server = tls_bench_server(words, &port, NULL);
	bench = make_tls_bench(port, fickle);
	bench->no_go = true;
	bench_start(bench);
	assert_true(bench_hear(bench, is_ready, BENCH_PATIENCE_MS));
	before = calls_of(bench->engine);
	bench_go(bench);
	assert_true(bench_hear(bench, bench_has_round, BENCH_PATIENCE_MS));
	wait_for_probes(bench, PROBES);
	assert_int_equal(calls_of(bench->engine), before);
	for (uint32_t i = 0; i < TLS_REALS; i++)
		assert_int_equal(bench->edges[i].up, i % 2 == 0);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	peer_stop(server);
	peer_stop(peer);
	close(listener);
	tls_bench_close();
}

/* The first probes take no memory either, even if all of them are in use. */
static void the_first_probes_take_no_memory(void **state)
{
	uint16_t silent = 0;
	int listener = peer_listen(&silent, 1000);
	pid_t peer = peer_start(listener, waits, true);
	struct bench *bench = make_bench(silent, silent);
	uint64_t before;

	(void)state;
	bench->config.pool = REALS;
	bench->no_go = true;
	bench_start(bench);
	assert_true(bench_hear(bench, is_ready, BENCH_PATIENCE_MS));
	before = calls_of(bench->engine);
	bench_go(bench);
	wait_for_probes(bench, 2 * REALS);
	assert_int_equal(calls_of(bench->engine), before);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

/* The counter counts: the test above can fail. */
static void calls_are_counted(void **state)
{
	uint64_t before = calls_of(getpid());
	void *volatile memory = malloc(10);

	(void)state;
	free(memory);
	assert_int_equal(calls_of(getpid()), before + 2);
}

/* Runs this program again with the counter preloaded. */
static int begin_again(char **argv)
{
	char path[] = "/tmp/lvsmon-allocations-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || ftruncate(fd, sizeof(struct allocations)) < 0)
		return 1;
	setenv(ALLOCATIONS_ENV, path, 1);
	setenv("LD_PRELOAD", TEST_ALLOCATIONS_SO, 1);
	execv("/proc/self/exe", argv);
	return 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_counted),
		cmocka_unit_test(engine_takes_no_memory),
		cmocka_unit_test(the_first_probes_take_no_memory),
		cmocka_unit_test(tls_takes_no_memory),
	};
	const char *path = getenv(ALLOCATIONS_ENV);
	int fd;

	(void)argc;
#ifdef LVSMON_SANITIZED
	puts("skipped: sanitizers have an allocator of their own");
	return 0;
#endif
	if (!path)
		return begin_again(argv);
	fd = open(path, O_RDONLY);
	allocations =
		mmap(NULL, sizeof(*allocations), PROT_READ, MAP_SHARED, fd, 0);
	unlink(path);
	may_ping = namespace_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
