// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes that linger: what their peers see of the end of a connection, and that
 * no check waits for them. */
#include "engine_bench.h"
#include "peer_acts.h"

#include "base/clock.h"
#include "engine/linger.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATIENCE BENCH_PATIENCE_MS
#define LONG_MS 30000
#define TCP_STATE_TIME_WAIT 6 /* in /proc/net/tcp */

/* What the peers saw, shared with them. */
static struct sight {
	_Atomic uint32_t accepted;
	_Atomic uint32_t ends;   /* the probe closed in order */
	_Atomic uint32_t resets; /* the connection was reset */
	_Atomic uint32_t open, most_open;
} * sight;

static const char *const up[] = {"script", "line", "up", NULL};
static const char *const down[] = {"script", "line", "down:5", NULL};
static const char *const refused[] = {
	"script", "line", "last:bye\n", "down:5", NULL};
static const char *const connects[] = {TEST_PLUGIN_DIR "/connect.so", NULL};

/* Reads up to the end, and notes the kind of the end. */
static void look(int fd)
{
	char buf[4096];
	ssize_t got;

	while ((got = read(fd, buf, sizeof(buf))) > 0)
		;
	if (got == 0)
		sight->ends++;
	else
		sight->resets++;
}

static void greets_and_stays(int fd)
{
	uint32_t open = ++sight->open;

	sight->accepted++;
	if (open > sight->most_open)
		sight->most_open = open;
	act_say(fd, "fine\n");
	look(fd);
	sight->open--;
}

static void greets_and_closes(int fd)
{
	sight->accepted++;
	act_say(fd, "fine\n");
	clock_sleep_ms(30);
	shutdown(fd, SHUT_WR);
	look(fd);
}

static void closes_at_once(int fd)
{
	sight->accepted++;
	act_say(fd, "fine\n");
	shutdown(fd, SHUT_WR);
	look(fd);
}

/* More than a probe receives at once, and the end in the same segment. */
static void sends_all_at_once(int fd)
{
	static char text[20000] = "fine\n";
	const int on = 1;

	sight->accepted++;
	setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
	if (write(fd, text, sizeof(text)) != sizeof(text))
		return;
	shutdown(fd, SHUT_WR);
	look(fd);
}

static void answers_the_goodbye(int fd)
{
	sight->accepted++;
	act_say(fd, "no\n");
	act_wait_for_line(fd);
	clock_sleep_ms(30);
	if (send(fd, "bye\n", 4, MSG_NOSIGNAL) < 0) {
		sight->resets++;
		return;
	}
	shutdown(fd, SHUT_WR);
	look(fd);
}

/* Sends a body long after the line that decides. */
static void sends_body(int fd, size_t size)
{
	static const char body[LINGER_INPUT_MAX + 1];

	sight->accepted++;
	act_say(fd, "fine\n");
	clock_sleep_ms(50);
	while (size > 0) {
		size_t part = size < 10000 ? size : 10000;
		ssize_t sent = send(fd, body, part, MSG_NOSIGNAL);

		if (sent < 0)
			break;
		size -= (size_t)sent;
		clock_sleep_ms(5);
	}
}

static void sends_all_that_is_read(int fd)
{
	sends_body(fd, LINGER_INPUT_MAX);
	shutdown(fd, SHUT_WR);
	look(fd);
}

static void sends_a_byte_too_much(int fd)
{
	sends_body(fd, LINGER_INPUT_MAX + 1);
	look(fd);
}

static void floods(int fd)
{
	static const char flood[65536];

	sight->accepted++;
	act_say(fd, "fine\n");
	while (send(fd, flood, sizeof(flood), MSG_NOSIGNAL) > 0)
		;
	sight->resets++;
}

/* Counts connections in TIME_WAIT that this machine has to a port. */
static int time_waits(uint16_t to)
{
	FILE *table = fopen("/proc/net/tcp", "r");
	char line[256];
	int count = 0;

	assert_non_null(table);
	while (fgets(line, sizeof(line), table)) {
		unsigned int port, state;

		if (sscanf(line, " %*d: %*8x:%*4x %*8x:%4x %2x", &port,
			    &state) == 2 &&
			port == to && state == TCP_STATE_TIME_WAIT)
			count++;
	}
	fclose(table);
	return count;
}

struct stage {
	struct bench *bench;
	uint16_t port;
	int listener;
	pid_t peer;
};

/* An engine that probes some reals of one behaviour; the next probe of each is
 * far away. */
static void begin(struct stage *stage, void (*behave)(int fd),
	const char *const *words, uint32_t linger_ms)
{
	uint16_t vector;

	memset(sight, 0, sizeof(*sight));
	*stage = (struct stage){.bench = bench_create()};
	stage->listener = peer_listen(&stage->port, 1000);
	stage->peer = peer_start(stage->listener, behave, true);
	vector = bench_vector(stage->bench, words);
	bench_real(stage->bench, stage->port, vector);
	stage->bench->settings[0].interval_ms = 2 * LONG_MS;
	stage->bench->settings[0].timeout_ms = LONG_MS;
	stage->bench->settings[0].linger_ms = linger_ms;
}

/* No probe has two verdicts. */
static void end(struct stage *stage)
{
	const struct scoreboard *board = stage->bench->scoreboard;
	uint64_t verdicts = 0;

	if (stage->bench->engine)
		assert_int_equal(bench_leave(stage->bench), 0);
	for (uint32_t i = 0; i < stage->bench->config.check_count; i++)
		verdicts += board->scores[i].health.successes +
			    board->scores[i].health.failures;
	assert_in_range(verdicts, 1, board->counters.probes);
	assert_int_equal(time_waits(stage->port), 0);
	bench_destroy(stage->bench);
	peer_stop(stage->peer);
	close(stage->listener);
}

static void wait_for_ends(uint32_t count)
{
	uint64_t until = clock_ms() + PATIENCE;

	while (sight->ends + sight->resets < count) {
		assert_true(clock_ms() < until);
		clock_sleep_ms(2);
	}
}

/* Runs one probe. Returns whether the peer saw an orderly end. */
static bool ends_well(
	void (*behave)(int fd), const char *const *words, uint32_t linger_ms)
{
	struct stage stage;

	begin(&stage, behave, words, linger_ms);
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_edge, PATIENCE));
	wait_for_ends(1);
	assert_int_equal(sight->accepted, 1);
	end(&stage);
	return sight->ends == 1;
}

static void a_peer_that_closes_sees_no_reset(void **state)
{
	uint64_t began = clock_ms();

	(void)state;
	assert_true(ends_well(greets_and_closes, up, LONG_MS));
	assert_true(ends_well(closes_at_once, up, LONG_MS));
	assert_true(ends_well(sends_all_at_once, up, LONG_MS));
	assert_true(clock_ms() - began < LONG_MS);
	assert_false(ends_well(greets_and_closes, up, 0));
}

/* The peer has read the end before the reset comes. */
static void a_peer_that_stays_sees_an_end_in_time(void **state)
{
	uint64_t began = clock_ms();

	(void)state;
	assert_true(ends_well(greets_and_stays, up, 300));
	assert_in_range(clock_ms() - began, 300, LONG_MS / 2);
	assert_false(ends_well(greets_and_stays, up, 0));
}

static void a_goodbye_is_waited_for(void **state)
{
	(void)state;
	assert_true(ends_well(answers_the_goodbye, refused, LONG_MS));
	assert_false(ends_well(answers_the_goodbye, refused, 0));
	assert_false(ends_well(greets_and_stays, down, LONG_MS));
}

static void a_body_is_read_up_to_a_limit(void **state)
{
	uint64_t began = clock_ms();

	(void)state;
	assert_true(ends_well(sends_all_that_is_read, up, LONG_MS));
	ends_well(sends_a_byte_too_much, up, LONG_MS);
	assert_false(ends_well(floods, up, LONG_MS));
	assert_true(clock_ms() - began < LONG_MS);
}

static void the_deadline_ends_the_wait(void **state)
{
	struct stage stage;
	uint64_t began = clock_ms();

	(void)state;
	begin(&stage, greets_and_stays, up, 60000);
	stage.bench->settings[0].timeout_ms = 500;
	bench_start(stage.bench);
	wait_for_ends(1);
	assert_int_equal(sight->ends, 1);
	assert_true(clock_ms() - began < LONG_MS);
	end(&stage);
}

static void the_verdict_does_not_wait(void **state)
{
	struct stage stage;
	uint64_t began = clock_ms();

	(void)state;
	begin(&stage, greets_and_stays, up, LONG_MS);
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_round, PATIENCE));
	assert_true(bench_has_edge(stage.bench));
	assert_true(clock_ms() - began < LONG_MS / 2);
	assert_true(stage.bench->edges[0].took_us < LONG_MS / 2 * 1000);
	assert_int_equal(sight->ends + sight->resets, 0);
	end(&stage);
}

/* The engine leaves while probes linger, as at a reload. */
static void an_engine_that_leaves_ends_the_wait(void **state)
{
	struct stage stage;

	(void)state;
	begin(&stage, greets_and_stays, up, LONG_MS);
	for (int i = 1; i < 50; i++)
		bench_real(stage.bench, stage.port, 0);
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_round, PATIENCE));
	assert_int_equal(sight->ends + sight->resets, 0);
	assert_int_equal(bench_leave(stage.bench), 0);
	wait_for_ends(50);
	assert_int_equal(sight->resets, 0);
	end(&stage);
}

/* Four probes for 60 checks: if a probe lingered to its end, the round would
 * take minutes. */
static void a_pool_that_is_short_ends_the_wait(void **state)
{
	struct stage stage;
	uint64_t began = clock_ms();

	(void)state;
	begin(&stage, greets_and_stays, up, LONG_MS);
	for (int i = 1; i < 60; i++)
		bench_real(stage.bench, stage.port, 0);
	stage.bench->config.pool = 4;
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_round, PATIENCE));
	assert_true(clock_ms() - began < LONG_MS / 2);
	wait_for_ends(56);
	assert_true(sight->ends + sight->resets <= 56);
	assert_int_equal(sight->resets, 0);
	assert_int_equal(stage.bench->line[0], '\0');
	end(&stage);
}

static int few_descriptors(void *arg)
{
	const struct rlimit few = {40, 40};

	(void)arg;
	return setrlimit(RLIMIT_NOFILE, &few);
}

/* Probes enough, but not descriptors. */
static void a_shortage_ends_the_wait(void **state)
{
	struct stage stage;
	uint64_t began = clock_ms();

	(void)state;
	begin(&stage, greets_and_stays, up, LONG_MS);
	for (int i = 1; i < 100; i++)
		bench_real(stage.bench, stage.port, 0);
	stage.bench->config.pool = 100;
	stage.bench->start.confine = few_descriptors;
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_round, PATIENCE));
	assert_true(clock_ms() - began < LONG_MS / 2);
	assert_true(stage.bench->scoreboard->counters.put_off > 0);
	assert_int_equal(sight->resets, 0);
	end(&stage);
}

static void the_next_probe_ends_the_wait(void **state)
{
	struct stage stage;

	(void)state;
	begin(&stage, greets_and_stays, up, LONG_MS);
	stage.bench->settings[0].interval_ms = 100;
	/* These leave enough probes free. */
	for (int i = 1; i < 20; i++)
		bench_real(stage.bench, 1, 0);
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_round, PATIENCE));
	wait_for_ends(10);
	assert_true(stage.bench->scoreboard->counters.probes >= 10);
	assert_int_equal(sight->resets, 0);
	/* A slow peer still reads the end while the next probe begins. */
	assert_true(sight->most_open <= 4);
	end(&stage);
}

static void connect_stays_unseen(void **state)
{
	struct stage stage;

	(void)state;
	begin(&stage, greets_and_stays, connects, LONG_MS);
	bench_start(stage.bench);
	assert_true(bench_hear(stage.bench, bench_has_edge, PATIENCE));
	assert_true(stage.bench->edges[0].up);
	bench_hear(stage.bench, NULL, 100);
	assert_int_equal(sight->ends, 0);
	end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_peer_that_closes_sees_no_reset),
		cmocka_unit_test(a_peer_that_stays_sees_an_end_in_time),
		cmocka_unit_test(a_goodbye_is_waited_for),
		cmocka_unit_test(a_body_is_read_up_to_a_limit),
		cmocka_unit_test(the_deadline_ends_the_wait),
		cmocka_unit_test(the_verdict_does_not_wait),
		cmocka_unit_test(an_engine_that_leaves_ends_the_wait),
		cmocka_unit_test(a_pool_that_is_short_ends_the_wait),
		cmocka_unit_test(a_shortage_ends_the_wait),
		cmocka_unit_test(the_next_probe_ends_the_wait),
		cmocka_unit_test(connect_stays_unseen),
	};

	sight = mmap(NULL, sizeof(*sight), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sight == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
