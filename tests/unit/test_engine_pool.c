// SPDX-License-Identifier: GPL-2.0-or-later
/* A pool that is too small for its checks. */
#include "engine_bench.h"

#include "base/clock.h"

#include <string.h>
#include <unistd.h>

#define PATIENCE BENCH_PATIENCE_MS
#define DEAD 200

static const char *const up[] = {"script", "line", "up", NULL};

static void greets(int fd)
{
	char buf[16];

	if (write(fd, "hello\n", 6) == 6)
		while (read(fd, buf, sizeof(buf)) > 0)
			;
}

/* A good real and many that accept and say nothing; all are decided. */
static struct bench *begin(uint16_t good, uint16_t dead, uint32_t pool)
{
	struct bench *bench = bench_create();
	uint16_t vector = bench_vector(bench, up);

	bench_real(bench, good, vector);
	for (int i = 0; i < DEAD; i++)
		bench_real(bench, dead, vector);
	bench->settings[0].interval_ms = 500;
	bench->settings[0].timeout_ms = 300;
	bench->settings[0].fall = 2;
	bench->config.pool = pool;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	return bench;
}

static bool first_is_down(const struct bench *bench)
{
	return bench->edge_counts[0] > 0 && !bench->edges[0].up;
}

static bool has_line(const struct bench *bench)
{
	return bench->line[0] != '\0';
}

/* With 16 probes for 200 dead reals a turn of all checks takes 4 s. */
static void the_dead_do_not_starve_the_others(void **state)
{
	uint16_t port = 0, silent = 0;
	int listener = peer_listen(&port, 100);
	int other = peer_listen(&silent, 4096);
	pid_t peer = peer_start(listener, greets, true);
	struct bench *bench = begin(port, silent, 16);
	uint64_t probes, died;

	(void)state;
	bench_hear(bench, NULL, 4000);
	probes = bench->scoreboard->counters.probes;
	peer_stop(peer);
	close(listener);
	died = clock_ms();
	assert_true(bench_hear(bench, first_is_down, PATIENCE));
	assert_true(clock_ms() - died < 2000);
	/* The dead are still probed: a probe lasts 300 ms. */
	bench_hear(bench, NULL, 1500);
	assert_true(bench->scoreboard->counters.probes > probes + 16 * 3);
	bench_destroy(bench);
	close(other);
}

static void lateness_is_logged(void **state)
{
	uint16_t port = 0, silent = 0;
	int listener = peer_listen(&port, 100);
	int other = peer_listen(&silent, 4096);
	pid_t peer = peer_start(listener, greets, true);
	struct bench *bench = begin(port, silent, 16);

	(void)state;
	assert_true(bench_hear(bench, has_line, PATIENCE));
	assert_non_null(strstr(bench->line,
		"late, more than its interval: all 16 probes are in use"));
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
	close(other);
}

/* 200 * 300 ms / 500 ms and an eighth more. */
static void a_default_pool_is_never_late(void **state)
{
	uint16_t port = 0, silent = 0;
	int listener = peer_listen(&port, 100);
	int other = peer_listen(&silent, 4096);
	pid_t peer = peer_start(listener, greets, true);
	struct bench *bench = begin(port, silent, 136);
	uint64_t put_off;

	(void)state;
	bench_hear(bench, NULL, 1000);
	put_off = bench->scoreboard->counters.put_off;
	bench_hear(bench, NULL, 1500);
	assert_true(bench->scoreboard->counters.put_off - put_off < DEAD);
	assert_false(has_line(bench));
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
	close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_dead_do_not_starve_the_others),
		cmocka_unit_test(lateness_is_logged),
		cmocka_unit_test(a_default_pool_is_never_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
