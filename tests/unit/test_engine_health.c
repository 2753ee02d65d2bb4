// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine turns verdicts into edges and health, and goes on from the
 * scoreboard of an earlier engine. */
#include "engine_bench.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE BENCH_PATIENCE_MS

static const char *const up[] = {"script", "line", "up", NULL};

static void greets(int fd)
{
	char buf[16];

	if (write(fd, "hello\n", 6) == 6)
		while (read(fd, buf, sizeof(buf)) > 0)
			;
}

static bool has_weights(const struct bench *bench)
{
	return bench->weights[0] != INT32_MIN && bench->weights[1] != INT32_MIN;
}

/* The next engine knows the health that the first found, and tells it at once.
 */
static void a_new_engine_takes_over_the_board(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, closed = 0, vector = bench_vector(bench, up);
	int listener = peer_listen(&port, 100);
	pid_t peer = peer_start(listener, greets, true);
	uint64_t begun;
	int status;

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, port, vector);
	bench_real(bench, closed, vector);
	bench->settings[0].interval_ms = 60000;
	bench->settings[0].timeout_ms = 20000;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	status = bench_kill(bench);
	assert_true(WIFSIGNALED(status));
	peer_stop(peer);
	close(listener);
	begun = bench->scoreboard->counters.probes;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_true(has_weights(bench));
	assert_int_equal(bench->weights[0], 100);
	assert_int_equal(bench->weights[1], 0);
	assert_int_equal(bench->edge_counts[0] + bench->edge_counts[1], 0);
	assert_int_equal(bench->scoreboard->scores[0].health.successes, 1);
	assert_in_range(bench->scoreboard->counters.probes, begun, begun + 2);
	bench_destroy(bench);
}

/* The scoreboard is shared memory: impossible health begins anew. */
static void a_spoilt_board_begins_anew(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, vector = bench_vector(bench, up);
	int listener = peer_listen(&port, 100);
	pid_t peer = peer_start(listener, greets, true);

	(void)state;
	bench_real(bench, port, vector);
	bench->settings[0].timeout_ms = 20000;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	bench_kill(bench);
	bench->scoreboard->scores[0].health.state = 77;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(bench->edge_counts[0], 1);
	assert_int_equal(bench->edges[0].first, 1);
	assert_int_equal(bench->scoreboard->scores[0].health.state, HEALTH_UP);
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

static bool first_is_down(const struct bench *bench)
{
	return bench->weights[0] == 0 && bench->edge_counts[0] &&
	       !bench->edges[0].up;
}

static bool first_is_up(const struct bench *bench)
{
	return bench->weights[0] == 100 && bench->edge_counts[0] &&
	       bench->edges[0].up;
}

/* A real that the table has in service stays up until the rules are met. */
static void what_was_assumed_stays_up_at_first(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0;

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, closed, bench_vector(bench, up));
	bench->settings[0].fall = 3;
	bench->settings[0].interval_ms = 100;
	bench_start(bench);
	bench_kill(bench);
	health_init(&bench->scoreboard->scores[0].health, true, clock_ms());
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(bench->weights[0], 100);
	assert_int_equal(bench->edge_counts[0], 0);
	assert_true(bench_hear(bench, first_is_down, PATIENCE));
	assert_int_equal(bench->edge_counts[0], 1);
	assert_int_equal(bench->edges[0].count, 3);
	assert_int_equal(bench->edges[0].first, 0);
	bench_destroy(bench);
}

/* The same, behind a real with an edge of its own. */
static void an_assumption_has_no_finding(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0;

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, closed, bench_vector(bench, up));
	bench_real(bench, closed, 0);
	bench->settings[0].fall = 1000;
	bench->settings[0].interval_ms = 100;
	bench_start(bench);
	bench_kill(bench);
	health_init(&bench->scoreboard->scores[0].health, false, clock_ms());
	health_init(&bench->scoreboard->scores[1].health, true, clock_ms());
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_false(bench_hear(bench, NULL, 300));
	assert_int_equal(bench->weights[0], 0);
	assert_int_equal(bench->weights[1], 100);
	assert_int_equal(bench->edge_counts[0], 1);
	assert_int_equal(bench->edge_counts[1], 0);
	bench_destroy(bench);
}

/* A peer goes and comes back: one edge each way, after fall and rise. */
static void edges_come_after_fall_and_rise(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0;
	int listener = peer_listen(&port, 100);
	pid_t peer = peer_start(listener, greets, true);

	(void)state;
	bench_real(bench, port, bench_vector(bench, up));
	bench->settings[0].interval_ms = 50;
	bench->settings[0].timeout_ms = 20000;
	bench->settings[0].fall = 2;
	bench->settings[0].rise = 3;
	bench_start(bench);
	assert_true(bench_hear(bench, first_is_up, PATIENCE));
	peer_stop(peer);
	close(listener);
	assert_true(bench_hear(bench, first_is_down, PATIENCE));
	assert_int_equal(bench->edges[0].count, 2);
	assert_int_equal(bench->edges[0].first, 0);
	listener = peer_listen(&port, 100);
	peer = peer_start(listener, greets, true);
	assert_true(bench_hear(bench, first_is_up, PATIENCE));
	assert_int_equal(bench->edges[0].count, 3);
	assert_int_equal(bench->edge_counts[0], 3);
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

static bool fallback_stands_in(const struct bench *bench)
{
	return bench->weights[1] == 100;
}

static bool fallback_is_gone(const struct bench *bench)
{
	return bench->weights[1] == -1;
}

static void a_fallback_stands_in(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0;
	int listener = peer_listen(&port, 100);
	pid_t peer = peer_start(listener, greets, true);

	(void)state;
	bench_real(bench, port, bench_vector(bench, up));
	bench_real(bench, port, 0);
	bench->config.check_count = 1;
	bench->reals[1].check_count = 0;
	bench->reals[1].fallback = true;
	bench->virtuals[0].fallback = 1;
	bench->settings[0].interval_ms = 50;
	bench->settings[0].timeout_ms = 20000;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_true(fallback_is_gone(bench));
	peer_stop(peer);
	close(listener);
	assert_true(bench_hear(bench, fallback_stands_in, PATIENCE));
	assert_int_equal(bench->weights[0], 0);
	listener = peer_listen(&port, 100);
	peer = peer_start(listener, greets, true);
	assert_true(bench_hear(bench, fallback_is_gone, PATIENCE));
	assert_int_equal(bench->weights[0], 100);
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

/* A real is up only if all of its checks pass. */
static void one_failing_check_of_two_is_down(void **state)
{
	struct bench *bench = bench_create();
	static const char *const never[] = {"script", "line", "down:7", NULL};
	uint16_t port = 0;
	int listener = peer_listen(&port, 100);
	pid_t peer = peer_start(listener, greets, true);

	(void)state;
	bench_real(bench, port, bench_vector(bench, up));
	bench->settings[0].timeout_ms = 20000;
	bench->checks[1].vector = bench_vector(bench, never);
	bench->config.check_count = 2;
	bench->reals[0].check_count = 2;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(bench->weights[0], 0);
	assert_int_equal(bench->edge_counts[0], 0);
	assert_false(bench->edges[1].up);
	assert_int_equal(bench->edges[1].code, 7);
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_engine_takes_over_the_board),
		cmocka_unit_test(a_spoilt_board_begins_anew),
		cmocka_unit_test(what_was_assumed_stays_up_at_first),
		cmocka_unit_test(an_assumption_has_no_finding),
		cmocka_unit_test(edges_come_after_fall_and_rise),
		cmocka_unit_test(a_fallback_stands_in),
		cmocka_unit_test(one_failing_check_of_two_is_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
