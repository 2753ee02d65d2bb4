// SPDX-License-Identifier: GPL-2.0-or-later
/* An engine that was stopped for a while puts no healthy real down, and still
 * finds the dead ones. */
#include "engine_bench.h"

#include "base/clock.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE BENCH_PATIENCE_MS
#define REALS 40

static const char *const dialog[] = {
	"script", "line", "send:q\n", "line", "send:r\n", "line", "up", NULL};
static const char *const handshake[] = {TEST_PLUGIN_DIR "/connect.so", NULL};

/* Each answer takes a while, so that a pause finds dialogs at every stage. */
static void answers_slowly(int fd)
{
	char buf[16];

	for (int i = 0; i < 3; i++) {
		clock_sleep_ms(80);
		if (write(fd, "hello\n", 6) != 6)
			return;
		if (i < 2 && read(fd, buf, sizeof(buf)) <= 0)
			return;
	}
	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void is_silent(int fd)
{
	char buf[16];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static uint32_t down_edges(const struct bench *bench)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < bench->config.check_count; i++)
		count += bench->edge_counts[i] > 0 && !bench->edges[i].up;
	return count;
}

static void pause_engine(const struct bench *bench, unsigned int ms)
{
	kill(bench->engine, SIGSTOP);
	clock_sleep_ms(ms);
	kill(bench->engine, SIGCONT);
}

/* The timeout is much shorter, or a little longer, than the pauses. */
static void pauses_put_nobody_down(
	const char *const *words, uint32_t timeout_ms, unsigned int pause_ms)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, vector = bench_vector(bench, words);
	int listener = peer_listen(&port, 1000);
	pid_t peer = peer_start(listener, answers_slowly, true);

	for (int i = 0; i < REALS; i++)
		bench_real(bench, port, vector);
	bench->settings[0].interval_ms = 400;
	bench->settings[0].timeout_ms = timeout_ms;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, PATIENCE));
	assert_int_equal(down_edges(bench), 0);
	for (int i = 0; i < 2; i++) {
		pause_engine(bench, pause_ms);
		bench_hear(bench, NULL, 700);
		assert_int_equal(down_edges(bench), 0);
	}
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

static void a_pause_is_no_evidence(void **state)
{
	(void)state;
	pauses_put_nobody_down(dialog, 600, 1500);
	pauses_put_nobody_down(dialog, 1600, 1500);
	pauses_put_nobody_down(handshake, 200, 1000);
}

static bool first_is_down(const struct bench *bench)
{
	return bench->edge_counts[0] > 0 && !bench->edges[0].up;
}

/* A pause postpones the verdict by its length, once. */
static void the_dead_are_found_after_a_pause(void **state)
{
	struct bench *bench = bench_create();
	uint16_t port = 0, vector = bench_vector(bench, dialog);
	int listener = peer_listen(&port, 1000);
	pid_t peer = peer_start(listener, is_silent, true);
	uint64_t resumed;

	(void)state;
	bench_real(bench, port, vector);
	bench->settings[0].interval_ms = 400;
	bench->settings[0].timeout_ms = 1000;
	bench_start(bench);
	bench_hear(bench, first_is_down, 200);
	pause_engine(bench, 2000);
	resumed = clock_ms();
	assert_true(bench_hear(bench, first_is_down, PATIENCE));
	assert_in_range(clock_ms() - resumed, 300, 1000 + BENCH_SLACK_MS);
	assert_string_equal(bench->edges[0].why, "waiting for a line");
	bench_destroy(bench);
	peer_stop(peer);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pause_is_no_evidence),
		cmocka_unit_test(the_dead_are_found_after_a_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
