// SPDX-License-Identifier: GPL-2.0-or-later
/* Single probes in this process: verdicts with weights, last bytes, random
 * numbers and the step at the deadline. */
#include "engine/pool.h"

#include "engine_bench.h"
#include "peer_acts.h"

#include "base/clock.h"

#include <string.h>
#include <unistd.h>

#define INPUT_SIZE 16384
#define MANY 100

struct run {
	struct loop *loop;
	bool done;
	struct verdict verdict;
	_Atomic uint32_t inside;
};

static void note(void *arg, uint32_t check, const struct verdict *verdict)
{
	struct run *run = arg;

	assert_int_equal(check, 7);
	assert_int_equal(run->inside, 0);
	assert_false(run->done);
	run->done = true;
	run->verdict = *verdict;
	loop_stop(run->loop);
}

static void no_turn(void *arg)
{
	(void)arg;
}

static void no_errors(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static void run_probe(struct run *run, struct arena *arena,
	const struct instance *vector, const struct config_settings *settings,
	uint16_t port)
{
	const struct probe_host host = {
		.loop = run->loop,
		.input_size = INPUT_SIZE,
		.done = note,
		.arg = run,
		.inside = &run->inside,
	};
	struct pool *pool = pool_create(arena, &host, 1);
	struct probe_order order = {
		.check = 7, .vector = vector, .settings = settings};
	struct probe *probe = pool_take(pool);

	assert_true(pool_is_empty(pool));
	order.target.family = AF_INET;
	order.target.v4.s_addr = htonl(INADDR_LOOPBACK);
	order.target.port = port;
	assert_int_equal(probe_begin(probe, &order), 0);
	assert_false(run->done);
	assert_int_equal(loop_run(run->loop, no_turn, NULL), 0);
	assert_true(run->done);
	assert_false(pool_is_empty(pool));
}

/* Runs one probe of a vector in this process. */
static struct verdict probe(
	uint16_t port, uint32_t timeout_ms, const char *const *words)
{
	struct arena *arena = arena_create();
	char *argv[20] = {NULL};
	struct config_vector vector = {.argv = argv};
	const struct config config = {.plugin_dir = TEST_CHECKER_DIR,
		.vectors = &vector,
		.vector_count = 1};
	const struct config_settings settings = {.timeout_ms = timeout_ms};
	struct run run = {.loop = loop_create(arena)};
	struct instance *loaded;

	for (; words[vector.argc]; vector.argc++)
		argv[vector.argc] = arena_strdup(arena, words[vector.argc]);
	loaded = loader_load(&config, NULL, arena, no_errors, NULL);
	run_probe(&run, arena, &loaded[0], &settings, port);
	loader_release(&config, loaded);
	loop_destroy(run.loop);
	arena_destroy(arena);
	return run.verdict;
}

#define PROBE(port, timeout_ms, ...)                                           \
	probe(port, timeout_ms, (const char *const[]){__VA_ARGS__, NULL})

/* Runs one probe of a peer that behaves as told. */
static struct verdict probe_peer(
	void (*behave)(int fd), uint32_t timeout_ms, const char *const *words)
{
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	pid_t pid = peer_start(listener, behave, false);
	struct verdict verdict = probe(port, timeout_ms, words);

	peer_stop(pid);
	close(listener);
	return verdict;
}

#define PROBE_PEER(behave, timeout_ms, ...)                                    \
	probe_peer(behave, timeout_ms, (const char *const[]){__VA_ARGS__, NULL})

static void assert_verdict(
	const struct verdict *verdict, bool up, const char *why)
{
	assert_int_equal(verdict->local, 0);
	assert_string_equal(verdict->why, why);
	assert_int_equal(verdict->up, up);
}

static void answers(int fd)
{
	act_wait_for_line(fd);
	act_say(fd, "fine\n");
	peer_drain(fd);
}

static void speaks_and_resets(int fd)
{
	act_say(fd, "READY ok\r\n");
	act_reset(fd);
}

static void speaks_smtp_and_resets(int fd)
{
	act_say(fd, "220 mx\r\n");
	act_wait_for_line(fd);
	act_say(fd, "250 mx\r\n");
	act_reset(fd);
}

/* Resets long after the probe has filled all buffers. */
static void answers_unread_and_resets(int fd)
{
	act_say(fd, "fine\n");
	clock_sleep_ms(100);
	act_reset(fd);
}

static void resets_unread(int fd)
{
	clock_sleep_ms(100);
	act_reset(fd);
}

/* The verdict stands, whatever the peer does with the goodbye. */
static void many_are_up(void (*behave)(int fd), const char *const *words)
{
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	pid_t pid = peer_start(listener, behave, false);

	for (int i = 0; i < MANY; i++) {
		struct verdict verdict = probe(port, 20000, words);

		if (!verdict.up)
			fail_msg("probe %d: %s", i, verdict.why);
	}
	peer_stop(pid);
	close(listener);
}

static void a_reset_does_not_change_banners_verdict(void **state)
{
	static const char *const quits[] = {TEST_PLUGIN_DIR "/banner.so", "-e",
		"READY", "-q", "QUIT\\r\\n", NULL};
	static const char *const leaves[] = {
		TEST_PLUGIN_DIR "/banner.so", "-e", "READY", NULL};

	(void)state;
	many_are_up(speaks_and_resets, quits);
	many_are_up(speaks_and_resets, leaves);
}

static void a_reset_does_not_change_smtps_verdict(void **state)
{
	static const char *const words[] = {TEST_PLUGIN_DIR "/smtp.so", NULL};

	(void)state;
	many_are_up(speaks_smtp_and_resets, words);
}

static void input_counts_though_sending_fails(void **state)
{
	struct verdict verdict = PROBE_PEER(answers_unread_and_resets, 20000,
		"script", "megabyte", "megabyte", "megabyte", "megabyte",
		"megabyte", "megabyte", "megabyte", "line", "up");

	(void)state;
	assert_verdict(&verdict, true, "");
	verdict = PROBE_PEER(answers_unread_and_resets, 20000, "script",
		"megabyte", "megabyte", "megabyte", "megabyte", "megabyte",
		"megabyte", "megabyte", "line", "line", "up");
	assert_verdict(&verdict, false, "connection reset");
	verdict = PROBE_PEER(resets_unread, 20000, "script", "megabyte",
		"megabyte", "megabyte", "megabyte", "megabyte", "megabyte",
		"megabyte", "line", "up");
	assert_verdict(&verdict, false, "connection reset");
}

static void last_bytes_are_sent(void **state)
{
	static const char *const verdicts[] = {"up", "down:3"};
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct verdict verdict =
			PROBE(port, 20000, "script", "last:bye\n", verdicts[i]);
		char text[8] = "";
		int fd;

		assert_int_equal(verdict.up, i == 0);
		assert_int_equal(verdict.code, i == 0 ? 0 : 3);
		fd = accept(listener, NULL, NULL);
		assert_true(fd >= 0);
		assert_int_equal(recv(fd, text, sizeof(text), 0), 4);
		assert_string_equal(text, "bye\n");
		close(fd);
	}
	close(listener);
}

/* A step that has sent nothing is called again, before any input. */
static void a_step_may_send_nothing(void **state)
{
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	struct verdict verdict =
		PROBE(port, 20000, "script", "send:", "send:", "up");

	(void)state;
	assert_verdict(&verdict, true, "");
	close(listener);
}

static void a_weight_is_a_percentage(void **state)
{
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	struct verdict verdict = PROBE(port, 20000, "script", "up");

	(void)state;
	assert_verdict(&verdict, true, "");
	assert_int_equal(verdict.weight, 100);
	verdict = PROBE(port, 20000, "script", "weight:1", "up");
	assert_verdict(&verdict, true, "");
	assert_int_equal(verdict.weight, 1);
	verdict = PROBE(port, 20000, "script", "weight:100", "up");
	assert_int_equal(verdict.weight, 100);
	verdict = PROBE(port, 20000, "script", "weight:101", "up");
	assert_verdict(&verdict, false, "checker named a weight over 100");
	assert_int_equal(verdict.weight, 100);
	verdict = PROBE(port, 20000, "script", "weight:-1", "up");
	assert_false(verdict.up);
	verdict = PROBE(port, 20000, "script", "weight:300", "down:1");
	assert_verdict(&verdict, false, "down as told");
	assert_int_equal(verdict.weight, 100);
	close(listener);
}

static void each_probe_has_its_random_number(void **state)
{
	static const char *const words[] = {
		"script", "random", "send:q\n", "line", "random", "up", NULL};
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	pid_t pid = peer_start(listener, answers, false);
	int32_t codes[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		struct verdict verdict = probe(port, 20000, words);

		assert_verdict(&verdict, true, "");
		assert_true(verdict.code >= 0);
		for (int k = 0; k < i; k++)
			assert_int_not_equal(verdict.code, codes[k]);
		codes[i] = verdict.code;
	}
	peer_stop(pid);
	close(listener);
}

/* Only a checker that asks for a step at the deadline gets one. */
static void a_checker_may_judge_silence(void **state)
{
	struct verdict verdict = PROBE_PEER(peer_drain, 100, "patient",
		"send:q\n", "expired", "weight:50", "up");

	(void)state;
	assert_verdict(&verdict, true, "");
	assert_int_equal(verdict.weight, 50);
	assert_true(verdict.ended_us - verdict.began_us >= 100000);
	verdict = PROBE_PEER(
		peer_drain, 100, "patient", "send:q\n", "expired", "down:9");
	assert_verdict(&verdict, false, "down as told");
	assert_int_equal(verdict.code, 9);
	verdict = PROBE_PEER(
		peer_drain, 100, "patient", "send:q\n", "line", "up");
	assert_verdict(&verdict, false, "waiting for a line");
	verdict = PROBE_PEER(peer_drain, 100, "patient", "send:q\n", "expired",
		"send:more\n", "up");
	assert_verdict(&verdict, false, "waiting for the deadline");
	verdict = PROBE_PEER(peer_drain, 100, "patient", "expired", "overuse");
	assert_verdict(
		&verdict, false, "checker used more input than there was");
	verdict = PROBE_PEER(
		peer_drain, 100, "script", "send:q\n", "expired", "up");
	assert_verdict(&verdict, false, "waiting for the deadline");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset_does_not_change_banners_verdict),
		cmocka_unit_test(a_reset_does_not_change_smtps_verdict),
		cmocka_unit_test(input_counts_though_sending_fails),
		cmocka_unit_test(last_bytes_are_sent),
		cmocka_unit_test(a_step_may_send_nothing),
		cmocka_unit_test(a_weight_is_a_percentage),
		cmocka_unit_test(each_probe_has_its_random_number),
		cmocka_unit_test(a_checker_may_judge_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
