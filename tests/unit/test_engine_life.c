// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine with its keeper: rounds, thousands of checks, a full channel, too
 * few descriptors, silent peers. */
#include "engine_bench.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define PATIENCE BENCH_PATIENCE_MS

static const char *const up[] = {"script", "line", "up", NULL};
static const char *const ask[] = {"script", "send:q\n", "line", "up", NULL};
static const char *const at_once[] = {"script", "up", NULL};

static void greets(int fd)
{
	char buf[16];

	if (write(fd, "hello\n", 6) == 6)
		while (read(fd, buf, sizeof(buf)) > 0)
			;
}

static void greets_late(int fd)
{
	clock_sleep_ms(300);
	greets(fd);
}

static void is_silent(int fd)
{
	char buf[16];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void close_at_once(int fd)
{
	(void)fd; /* peer_start closes it */
}

/* An engine without checks completes its round at once, and still beats. */
static void idle_engine_beats(void **state)
{
	struct bench *bench = bench_create();
	uint64_t beat;

	(void)state;
	bench_real(bench, 80, 0);
	bench->reals[0].check_count = 0;
	bench->config.check_count = 0;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(bench->weights[0], 100);
	beat = bench->scoreboard->beat;
	bench_hear(bench, NULL, 2500);
	assert_in_range(bench->scoreboard->beat, beat + 1, beat + 10);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
}

static void leaves_when_its_keeper_is_gone(void **state)
{
	struct bench *bench = bench_create();
	int status;

	(void)state;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	close(bench->channel);
	bench->channel = -1;
	assert_int_equal(waitpid(bench->engine, &status, 0), bench->engine);
	bench->engine = 0;
	assert_int_equal(status, 0);
	bench_destroy(bench);
}

static void signals_to_the_group_pass_by(void **state)
{
	struct bench *bench = bench_create();

	(void)state;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	kill(bench->engine, SIGHUP);
	kill(bench->engine, SIGINT);
	kill(bench->engine, SIGUSR1);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
}

static bool is_ready(const struct bench *bench)
{
	return bench->ready;
}

/* Until its keeper says GO an engine probes nothing. It begins with what the
 * keeper writes on the scoreboard meanwhile. */
static void waits_until_it_is_told_to_go(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, vector = bench_vector(bench, up);
	int listener = peer_listen(&port, 100);
	pid_t peer = peer_start(listener, greets, true);

	(void)state;
	bench_real(bench, port, vector);
	bench->no_go = true;
	bench_start(bench);
	assert_true(bench_hear(bench, is_ready, PATIENCE));
	assert_false(bench_hear(bench, bench_has_round, 300));
	assert_int_equal(bench->scoreboard->counters.probes, 0);
	bench->scoreboard->scores[0].health = (struct health){
		.state = HEALTH_DOWN, .failures = 7, .falls = 7};
	bench_go(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(bench->weights[0], 0);
	assert_int_equal(bench->scoreboard->scores[0].health.failures, 7);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

/* A second GO fits no order of a keeper: the engine ends. */
static void ends_at_an_order_that_does_not_fit(void **state)
{
	struct bench *bench = bench_create();
	int status;

	(void)state;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	bench_go(bench);
	assert_int_equal(waitpid(bench->engine, &status, 0), bench->engine);
	bench->engine = 0;
	assert_int_equal(status, 0);
	bench_destroy(bench);
}

/* The next engine keeps the due time that the engine before it set. */
static void due_times_outlive_an_engine(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0;
	uint64_t due;

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, closed, bench_vector(bench, up));
	bench->settings[0].interval_ms = 60000;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	bench_kill(bench);
	due = clock_us() + 30000000;
	bench->scoreboard->scores[0].due_us = due;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_true(bench->scoreboard->scores[0].due_us == due);
	bench_kill(bench);
	/* A due time beyond the interval cannot be true. */
	bench->scoreboard->scores[0].due_us = clock_us() + 70000000;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_true(
		bench->scoreboard->scores[0].due_us <= clock_us() + 60000000);
	bench_destroy(bench);
}

static int refuses(void *arg)
{
	(void)arg;
	return -1;
}

static void ends_where_it_cannot_begin(void **state)
{
	static const char *const unknown[] = {"scirpt", NULL};
	struct bench *bench = bench_create();
	int status;

	(void)state;
	bench->start.confine = refuses;
	bench_start(bench);
	assert_false(bench_hear(bench, bench_has_round, PATIENCE));
	waitpid(bench->engine, &status, 0);
	assert_int_equal(WEXITSTATUS(status), EX_OSERR);
	bench_real(bench, 80, bench_vector(bench, unknown));
	bench_start(bench);
	assert_false(bench_hear(bench, bench_has_round, PATIENCE));
	waitpid(bench->engine, &status, 0);
	assert_int_equal(WEXITSTATUS(status), EX_CONFIG);
	bench->engine = 0;
	bench_destroy(bench);
}

static uint32_t count_edges(const struct bench *bench, bool of_up)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < bench->config.check_count; i++)
		count += bench->edge_counts[i] == 1 &&
			 bench->edges[i].up == of_up && bench->edges[i].first;
	return count;
}

/* 5,000 checks share 512 probes; every second check is refused. */
static void five_thousand_through_a_pool(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, closed = 0;
	int listener;
	uint16_t vector;
	pid_t peer;

	(void)state;
	close(peer_listen(&closed, 1));
	listener = peer_listen(&port, 4096);
	peer = peer_start(listener, close_at_once, false);
	vector = bench_vector(bench, at_once);
	for (int i = 0; i < 5000; i++)
		bench_real(bench, i % 2 ? port : closed, vector);
	bench->settings[0].interval_ms = 10;
	bench->settings[0].timeout_ms = 20000;
	bench->settings[0].fall = 1000000;
	bench->settings[0].rise = 1000000;
	bench->config.pool = 512;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(count_edges(bench, true), 2500);
	assert_int_equal(count_edges(bench, false), 2500);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(bench->weights[i], i % 2 ? 100 : 0);
	assert_int_equal(bench->reals_before_round, 5000);
	assert_true(bench->scoreboard->counters.put_off > 0);
	assert_true(bench->scoreboard->counters.probes >= 5000);
	assert_int_equal(bench_leave(bench), 0);
	peer_stop(peer);
	close(listener);
	bench_destroy(bench);
}

/* The keeper does not read for a while: nothing is lost or out of order. */
static void a_full_channel_loses_nothing(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0, vector = bench_vector(bench, up);
	uint64_t until;

	(void)state;
	close(peer_listen(&closed, 1));
	for (int i = 0; i < 3000; i++)
		bench_real(bench, closed, vector);
	bench->settings[0].interval_ms = 500;
	bench->config.pool = 512;
	bench_start(bench);
	until = clock_ms() + PATIENCE;
	while (bench->scoreboard->counters.probes < 9000 && clock_ms() < until)
		clock_sleep_ms(20);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(count_edges(bench, false), 3000);
	assert_int_equal(bench->reals_before_round, 3000);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
}

static int few_descriptors(void *arg)
{
	/* The loop and the channel need twelve, eight are left. */
	const struct rlimit few = {20, 20};

	(void)arg;
	close_range(20, ~0U, 0);
	return setrlimit(RLIMIT_NOFILE, &few);
}

static void want_of_descriptors_is_no_verdict(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, vector = bench_vector(bench, up);
	int listener = peer_listen(&port, 4096);
	pid_t peer = peer_start(listener, greets_late, true);

	(void)state;
	for (int i = 0; i < 200; i++)
		bench_real(bench, port, vector);
	bench->settings[0].interval_ms = 60000;
	bench->settings[0].timeout_ms = 20000;
	bench->config.pool = 200;
	bench->start.confine = few_descriptors;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(count_edges(bench, true), 200);
	assert_true(bench->scoreboard->counters.put_off > 0);
	assert_string_equal(bench->line, "probes are put off for want of "
					 "something here: Too many open files");
	assert_int_equal(bench_leave(bench), 0);
	peer_stop(peer);
	close(listener);
	bench_destroy(bench);
}

/* A check that is bound to an address which this machine does not have: while
 * another check works its real is down, and alone it decides nothing. */
static void trouble_with_one_target_is_evidence(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0, vector = bench_vector(bench, up);

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, closed, vector);
	bench_real(bench, closed, vector);
	bench->settings[0].interval_ms = 100;
	bench->settings[1] = bench->settings[0];
	address_parse(&bench->settings[1].bind, "192.0.2.99");
	bench->checks[0].settings = 1;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_false(bench->edges[0].up);
	assert_string_equal(
		bench->edges[0].why, "no such address on this machine");
	bench_destroy(bench);
}

static void trouble_with_every_target_is_none(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0, vector = bench_vector(bench, up);

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, closed, vector);
	bench_real(bench, closed, vector);
	bench->settings[0].interval_ms = 100;
	address_parse(&bench->settings[0].bind, "192.0.2.99");
	bench_start(bench);
	assert_false(bench_hear(bench, bench_has_round, 1000));
	assert_int_equal(bench->reals_before_round, 0);
	assert_true(bench->scoreboard->counters.put_off >= 4);
	assert_non_null(strstr(bench->line, "no other probe works"));
	bench_destroy(bench);
}

/* A check is probed on its grid and not more often than its interval says. */
static void probes_keep_their_interval(void **state)
{
	struct bench *bench = bench_create();
	uint16_t closed = 0;
	uint64_t begun, since, ran;

	(void)state;
	close(peer_listen(&closed, 1));
	bench_real(bench, closed, bench_vector(bench, ask));
	bench->settings[0].interval_ms = 100;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	since = clock_ms();
	begun = bench->scoreboard->counters.probes;
	bench_hear(bench, NULL, 2000);
	begun = bench->scoreboard->counters.probes - begun;
	ran = clock_ms() - since;
	assert_in_range(begun, 1, ran / 100 + 1);
	bench_destroy(bench);
}

/* Silent peers hold their probes; the other checks wait and still get theirs.
 */
static void silent_peers_do_not_block_the_others(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, silent = 0, vector = bench_vector(bench, up);
	int listener = peer_listen(&port, 100);
	int other = peer_listen(&silent, 1000);
	pid_t peer = peer_start(listener, greets, true);
	pid_t mute = peer_start(other, is_silent, true);

	(void)state;
	for (int i = 0; i < 60; i++)
		bench_real(bench, i % 10 ? silent : port, vector);
	bench->settings[0].interval_ms = 1000;
	bench->settings[0].timeout_ms = 1000;
	bench->config.pool = 20;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(count_edges(bench, true), 6);
	assert_int_equal(count_edges(bench, false), 54);
	assert_true(bench->scoreboard->counters.late.max > 0);
	bench_destroy(bench);
	peer_stop(peer);
	peer_stop(mute);
	close(listener);
	close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_engine_beats),
		cmocka_unit_test(leaves_when_its_keeper_is_gone),
		cmocka_unit_test(signals_to_the_group_pass_by),
		cmocka_unit_test(waits_until_it_is_told_to_go),
		cmocka_unit_test(ends_at_an_order_that_does_not_fit),
		cmocka_unit_test(due_times_outlive_an_engine),
		cmocka_unit_test(ends_where_it_cannot_begin),
		cmocka_unit_test(five_thousand_through_a_pool),
		cmocka_unit_test(a_full_channel_loses_nothing),
		cmocka_unit_test(want_of_descriptors_is_no_verdict),
		cmocka_unit_test(trouble_with_one_target_is_evidence),
		cmocka_unit_test(trouble_with_every_target_is_none),
		cmocka_unit_test(probes_keep_their_interval),
		cmocka_unit_test(silent_peers_do_not_block_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
