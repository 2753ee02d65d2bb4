// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes of peers that misbehave: each ends with the right verdict and reason,
 * in time. */
#include "engine_bench.h"
#include "peer_acts.h"

#include "base/clock.h"

#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS 500

static void answers(int fd)
{
	act_wait_for_line(fd);
	act_say(fd, "fine\n");
	peer_drain(fd);
}

static void greets(int fd)
{
	act_say(fd, "hello\n");
	answers(fd);
}

static void answers_early(int fd)
{
	act_say(fd, "hello\nfine\nbye\n");
	peer_drain(fd);
}

static void answers_and_closes(int fd)
{
	act_say(fd, "hello\nfine\n");
	close(fd);
}

static void closes(int fd)
{
	close(fd);
}

static void resets(int fd)
{
	act_reset(fd);
}

static void resets_after_query(int fd)
{
	act_wait_for_line(fd);
	act_reset(fd);
}

static void resets_within_answer(int fd)
{
	act_wait_for_line(fd);
	act_say(fd, "fi");
	clock_sleep_ms(50);
	act_reset(fd);
}

static void closes_within_answer(int fd)
{
	act_wait_for_line(fd);
	act_say(fd, "fi");
	close(fd);
}

static void half_closes(int fd)
{
	act_say(fd, "hello\n");
	shutdown(fd, SHUT_WR);
	peer_drain(fd);
}

static void dribbles(int fd)
{
	for (;;) {
		if (write(fd, "x", 1) < 0)
			return;
		clock_sleep_ms(20);
	}
}

static void floods(int fd)
{
	static char flood[65536];

	memset(flood, 'x', sizeof(flood));
	while (write(fd, flood, sizeof(flood)) > 0)
		;
}

/* Sends much, but slowly enough for the limit of steps. */
static void pours(int fd)
{
	static const char water[16384];

	while (write(fd, water, sizeof(water)) > 0)
		clock_sleep_ms(1);
}

static void answers_byte_by_byte(int fd)
{
	static const char text[] = "hello\nfine\n";

	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		if (write(fd, text + i, 1) < 0)
			return;
		clock_sleep_ms(5);
	}
	peer_drain(fd);
}

/* Reads slowly, in small pieces, and answers when it has everything. */
static void counts_a_megabyte(int fd)
{
	char buf[16384];
	size_t total = 0;
	ssize_t got;

	while (total < 1 << 20 && (got = read(fd, buf, sizeof(buf))) > 0) {
		total += (size_t)got;
		clock_sleep_ms(1);
	}
	if (total == 1 << 20)
		act_say(fd, "fine\n");
	peer_drain(fd);
}

/* Answers while the probe still sends, and closes. */
static void answers_unread_and_closes(int fd)
{
	act_say(fd, "hello\n");
	clock_sleep_ms(100);
	act_say(fd, "fine\n");
	shutdown(fd, SHUT_WR);
	clock_sleep_ms(100);
	peer_drain(fd);
}

#define UP .up = true, .why = ""
#define DOWN(reason) .why = reason
#define DOWN_LATE(reason) .why = reason, .late = true

static const struct peer {
	const char *name;
	void (*behave)(int fd);
	const char *words[10]; /* the arguments of script */
	bool up;
	const char *why;
	int code;
	bool late; /* the verdict comes at the deadline */
} peers[] = {
	{"answers", answers, {"send:q\n", "line", "up"}, UP},
	{"greets", greets, {"line", "send:q\n", "line", "up"}, UP},
	{"answers early", answers_early,
		{"line", "send:a\n", "line", "send:b\n", "line", "up"}, UP},
	{"answers before it is asked", answers_early,
		{"send:a\n", "line", "send:b\n", "line", "up"}, UP},
	{"answers byte by byte", answers_byte_by_byte,
		{"line", "send:q\n", "line", "up"}, UP},
	{"answers and closes", answers_and_closes, {"line", "line", "up"}, UP},
	{"answers and closes, end awaited", answers_and_closes,
		{"line", "line", "eof", "up"}, UP},
	{"the checker says down", answers, {"send:q\n", "line", "down:404"},
		DOWN("down as told"), .code = 404},
	{"closes at once", closes, {"line", "up"}, DOWN("connection closed")},
	{"resets at once", resets, {"line", "up"}, DOWN("connection reset")},
	{"resets after the query", resets_after_query,
		{"send:q\n", "line", "up"}, DOWN("connection reset")},
	{"resets within its answer", resets_within_answer,
		{"send:q\n", "line", "up"}, DOWN("connection reset")},
	{"closes within its answer", closes_within_answer,
		{"send:q\n", "line", "up"}, DOWN("connection closed")},
	{"half-closes, is written to", half_closes, {"line", "send:q\n", "up"},
		UP},
	{"half-closes, is waited for", half_closes,
		{"line", "send:q\n", "line", "up"}, DOWN("connection closed")},
	{"half-closes, end awaited", half_closes,
		{"line", "eof", "send:q\n", "up"}, UP},
	{"is silent from the start", peer_drain, {"line", "up"},
		DOWN_LATE("waiting for a line")},
	{"is silent after the query", peer_drain, {"send:q\n", "line", "up"},
		DOWN_LATE("waiting for a line")},
	{"is silent after an answer", greets, {"line", "line", "up"},
		DOWN_LATE("waiting for a line")},
	{"does not end", peer_drain, {"eof", "up"},
		DOWN_LATE("waiting for the end")},
	{"does not read", answers,
		{"megabyte", "megabyte", "megabyte", "megabyte", "megabyte",
			"megabyte", "megabyte", "up"},
		DOWN_LATE("timed out")},
	{"dribbles", dribbles, {"line", "up"}, DOWN_LATE("waiting for a line")},
	{"dribbles what is used", dribbles, {"eof", "up"},
		DOWN_LATE("waiting for the end")},
	{"floods", floods, {"line", "up"}, DOWN("answer too long")},
	{"pours what is used", pours, {"eof", "up"},
		DOWN_LATE("waiting for the end")},
	{"is sent a megabyte", counts_a_megabyte, {"megabyte", "line", "up"},
		UP},
	{"answers and closes before it reads", answers_unread_and_closes,
		{"line", "megabyte", "megabyte", "megabyte", "megabyte",
			"megabyte", "megabyte", "line", "up"},
		UP},
	{"the checker spins", peer_drain, {"spin"},
		DOWN("checker asked for too many steps")},
	{"the checker uses too much", answers, {"send:q\n", "overuse"},
		DOWN("checker used more input than there was")},
	{"the checker wants what is not there", peer_drain, {"tls"},
		DOWN("checker asked for an unsupported action")},
	{"the checker has an end but no verdict", answers_and_closes, {"line"},
		DOWN("connection closed")},
};

static void judge_edge(const struct peer *peer, const struct bench_edge *edge)
{
	if (edge->up != peer->up || strcmp(edge->why, peer->why) != 0 ||
		edge->code != peer->code)
		fail_msg("%s: %s, '%s', %d", peer->name,
			edge->up ? "up" : "down", edge->why, edge->code);
	assert_int_equal(edge->count, 1);
	assert_int_equal(edge->first, 1);
	if (peer->late)
		assert_in_range(edge->took_us, TIMEOUT_MS * 1000,
			(TIMEOUT_MS + BENCH_SLACK_MS) * 1000);
}

static void probe_peer(const struct peer *peer)
{
	const char *words[12] = {"script"};
	struct bench *bench = bench_create();
	uint16_t port = 0;
	int listener = peer_listen(&port, 100);
	pid_t pid = peer_start(listener, peer->behave, true);

	memcpy(words + 1, peer->words, sizeof(peer->words));
	bench->settings[0].timeout_ms = peer->late ? TIMEOUT_MS : 20000;
	bench->settings[0].interval_ms = 60000;
	bench_real(bench, port, bench_vector(bench, words));
	bench_start(bench);
	if (!bench_hear(bench, bench_has_edge, BENCH_PATIENCE_MS))
		fail_msg("%s: nothing was heard", peer->name);
	judge_edge(peer, &bench->edges[0]);
	assert_true(bench_hear(bench, bench_has_round, BENCH_PATIENCE_MS));
	assert_int_equal(bench->weights[0], peer->up ? 100 : 0);
	assert_int_equal(bench_leave(bench), 0);
	peer_stop(pid);
	close(listener);
	bench_destroy(bench);
}

static void peers_get_their_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++)
		probe_peer(&peers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_get_their_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
