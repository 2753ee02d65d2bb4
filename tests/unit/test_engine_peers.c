// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes against peers that misbehave: each gives its verdict, with its
 * reason, in its time. */
#include "engine_bench.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_MS 500
/* A tick, and what a busy machine takes. */
#define SLACK_MS 2000

/* Until the other side is done. */
static void drain(int fd)
{
	char buf[65536];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;
}

static void wait_for_line(int fd)
{
	char byte = 0;

	while (byte != '\n' && read(fd, &byte, 1) == 1)
		;
}

static void reset(int fd)
{
	const struct linger now = {.l_onoff = 1, .l_linger = 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static void answers(int fd)
{
	wait_for_line(fd);
	say(fd, "fine\n");
	drain(fd);
}

static void greets(int fd)
{
	say(fd, "hello\n");
	answers(fd);
}

static void answers_early(int fd)
{
	say(fd, "hello\nfine\nbye\n");
	drain(fd);
}

static void answers_and_closes(int fd)
{
	say(fd, "hello\nfine\n");
	close(fd);
}

static void closes(int fd)
{
	close(fd);
}

static void resets(int fd)
{
	reset(fd);
}

static void resets_after_query(int fd)
{
	wait_for_line(fd);
	reset(fd);
}

static void resets_within_answer(int fd)
{
	wait_for_line(fd);
	say(fd, "fi");
	clock_sleep_ms(50);
	reset(fd);
}

static void closes_within_answer(int fd)
{
	wait_for_line(fd);
	say(fd, "fi");
	close(fd);
}

static void half_closes(int fd)
{
	say(fd, "hello\n");
	shutdown(fd, SHUT_WR);
	drain(fd);
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

/* A lot, but not so much that the probe runs out of steps. */
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
	drain(fd);
}

/* Reads slowly, in small pieces, and answers only to the whole. */
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
		say(fd, "fine\n");
	drain(fd);
}

#define UP .up = true, .why = ""
#define DOWN(reason) .why = reason
#define DOWN_LATE(reason) .why = reason, .late = true

static const struct peer {
	const char *name;
	void (*behave)(int fd);
	const char *words[10]; /* of the script */
	bool up;
	const char *why;
	int code;
	bool late; /* only at the deadline */
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
	{"is silent from the start", drain, {"line", "up"},
		DOWN_LATE("waiting for a line")},
	{"is silent after the query", drain, {"send:q\n", "line", "up"},
		DOWN_LATE("waiting for a line")},
	{"is silent after an answer", greets, {"line", "line", "up"},
		DOWN_LATE("waiting for a line")},
	{"does not end", drain, {"eof", "up"},
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
	{"the checker spins", drain, {"spin"},
		DOWN("checker asked for too many steps")},
	{"the checker uses too much", answers, {"send:q\n", "overuse"},
		DOWN("checker used more than there was")},
	{"the checker wants what is not there", drain, {"tls"},
		DOWN("checker asked for what there is not")},
	{"the checker has an end but no verdict", answers_and_closes, {"line"},
		DOWN("connection closed")},
};

static bool has_an_edge(const struct bench *bench)
{
	return bench->edge_counts[0] > 0;
}

static void judge_edge(
	const struct peer *peer, const struct protocol_edge *edge)
{
	if (edge->up != peer->up || strcmp(edge->why, peer->why) != 0 ||
		edge->code != peer->code)
		fail_msg("%s: %s, '%s', %d", peer->name,
			edge->up ? "up" : "down", edge->why, edge->code);
	assert_int_equal(edge->count, 1);
	assert_int_equal(edge->first, 1);
	if (peer->late)
		assert_in_range(edge->took_us, TIMEOUT_MS * 1000,
			(TIMEOUT_MS + SLACK_MS) * 1000);
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
	if (!bench_hear(bench, has_an_edge, BENCH_PATIENCE_MS))
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

/* One probe of one vector; its edge. */
static struct protocol_edge probe_port(uint16_t port, const char *const *words,
	const struct config_settings *settings)
{
	struct bench *bench = bench_create();
	struct protocol_edge edge;

	bench->settings[0] = *settings;
	bench_real(bench, port, bench_vector(bench, words));
	bench_start(bench);
	assert_true(bench_hear(bench, has_an_edge, BENCH_PATIENCE_MS));
	edge = bench->edges[0];
	bench_destroy(bench);
	return edge;
}

static const char *const line_up[] = {"script", "line", "up", NULL};
static const char *const connect_only[] = {TEST_PLUGIN_DIR "/connect.so", NULL};
static const struct config_settings patient = {
	.interval_ms = 60000, .timeout_ms = 20000, .rise = 1, .fall = 1};

static void a_closed_port_refuses(void **state)
{
	struct protocol_edge edge;
	uint16_t port = 0;

	(void)state;
	close(peer_listen(&port, 1));
	edge = probe_port(port, line_up, &patient);
	assert_false(edge.up);
	assert_string_equal(edge.why, "connection refused");
	edge = probe_port(port, connect_only, &patient);
	assert_false(edge.up);
	assert_string_equal(edge.why, "connection refused");
}

static void a_handshake_is_enough_for_connect(void **state)
{
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	struct protocol_edge edge = probe_port(port, connect_only, &patient);

	(void)state;
	assert_true(edge.up);
	fcntl(listener, F_SETFL, O_NONBLOCK);
	/* The real's application has seen nothing. */
	assert_int_equal(accept(listener, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	close(listener);
}

/* A listener whose queue is full answers no SYN. */
static void fill_queue(uint16_t port, int fds[], size_t count)
{
	struct sockaddr_in to = {.sin_family = AF_INET};

	to.sin_port = htons(port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < count; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fds[i], (struct sockaddr *)&to, sizeof(to));
	}
	clock_sleep_ms(50);
}

static void a_silent_handshake_times_out(void **state)
{
	struct config_settings settings = patient;
	struct protocol_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 0);
	int fds[8];

	(void)state;
	fill_queue(port, fds, 8);
	settings.timeout_ms = 400;
	edge = probe_port(port, line_up, &settings);
	assert_false(edge.up);
	assert_string_equal(edge.why, "timed out connecting");
	assert_in_range(edge.took_us, 400000, (400 + SLACK_MS) * 1000);
	settings.timeout_ms = 20000;
	settings.connect_timeout_ms = 300;
	edge = probe_port(port, connect_only, &settings);
	assert_string_equal(edge.why, "timed out connecting");
	assert_in_range(edge.took_us, 300000, (300 + SLACK_MS) * 1000);
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
	close(listener);
}

/* In a process of its own: for what has been waiting in its queue. */
static pid_t accept_later(int listener, unsigned int ms)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	clock_sleep_ms(ms);
	while (accept(listener, NULL, NULL) >= 0)
		;
	_exit(0);
}

/* The first SYN was for nothing; the kernel sends another after a second. */
static void a_handshake_may_take_its_time(void **state)
{
	struct protocol_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 0);
	int fds[8];
	pid_t pid;

	(void)state;
	fill_queue(port, fds, 8);
	pid = accept_later(listener, 200);
	assert_true(pid > 0);
	edge = probe_port(port, connect_only, &patient);
	assert_true(edge.up);
	assert_in_range(edge.took_us, 500000, 20000000);
	peer_stop(pid);
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
	close(listener);
}

static pid_t close_later(int listener, unsigned int ms)
{
	pid_t pid = fork();

	if (pid != 0) {
		close(listener);
		return pid;
	}
	clock_sleep_ms(ms);
	_exit(0);
}

static void a_late_refusal_is_one(void **state)
{
	struct protocol_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 0);
	int fds[8];
	pid_t pid;

	(void)state;
	fill_queue(port, fds, 8);
	pid = close_later(listener, 200);
	assert_true(pid > 0);
	edge = probe_port(port, connect_only, &patient);
	assert_false(edge.up);
	assert_string_equal(edge.why, "connection refused");
	assert_in_range(edge.took_us, 500000, 20000000);
	peer_stop(pid);
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
}

/* The connect deadline ends with the handshake, the other one goes on. */
static void a_connect_timeout_is_for_connecting_only(void **state)
{
	struct config_settings settings = patient;
	struct protocol_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	pid_t pid = peer_start(listener, drain, false);

	(void)state;
	settings.timeout_ms = 600;
	settings.connect_timeout_ms = 200;
	edge = probe_port(port, line_up, &settings);
	assert_string_equal(edge.why, "waiting for a line");
	assert_in_range(edge.took_us, 600000, (600 + SLACK_MS) * 1000);
	peer_stop(pid);
	close(listener);
}

static void a_network_without_route_is_down(void **state)
{
	struct bench *bench = bench_create();

	(void)state;
	bench_real(bench, 80, bench_vector(bench, line_up));
	/* 0.0.0.0/8 and class E are no destinations; which of the reasons
	 * it is depends on the kernel. */
	bench->reals[0].address.v4.s_addr = htonl(0xf0000001);
	bench->settings[0].timeout_ms = 20000;
	bench_start(bench);
	assert_true(bench_hear(bench, has_an_edge, BENCH_PATIENCE_MS));
	assert_false(bench->edges[0].up);
	assert_int_equal(bench->board->put_off, 0);
	bench_destroy(bench);
}

static void probes_can_be_bound(void **state)
{
	struct config_settings settings = patient;
	struct sockaddr_in from = {0};
	socklen_t len = sizeof(from);
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	struct protocol_edge edge;
	int fd;

	(void)state;
	address_parse(&settings.bind, "127.9.8.7");
	settings.timeout_ms = 300;
	edge = probe_port(port, line_up, &settings);
	assert_string_equal(edge.why, "waiting for a line");
	fd = accept(listener, (struct sockaddr *)&from, &len);
	assert_true(fd >= 0);
	assert_int_equal(from.sin_addr.s_addr, htonl(0x7f090807));
	close(fd);
	close(listener);
}

/* No probe's end is a TIME_WAIT here: the peer sees a reset. */
static void connections_end_with_a_reset(void **state)
{
	static const char *const up[] = {"script", "send:q\n", "up", NULL};
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	char byte[8];
	int fd;

	(void)state;
	assert_true(probe_port(port, up, &patient).up);
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	/* The query may be read before the reset is. */
	if (recv(fd, byte, sizeof(byte), 0) >= 0)
		assert_int_equal(recv(fd, byte, sizeof(byte), 0), -1);
	assert_int_equal(errno, ECONNRESET);
	close(fd);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_get_their_verdicts),
		cmocka_unit_test(a_closed_port_refuses),
		cmocka_unit_test(a_handshake_is_enough_for_connect),
		cmocka_unit_test(a_silent_handshake_times_out),
		cmocka_unit_test(a_handshake_may_take_its_time),
		cmocka_unit_test(a_late_refusal_is_one),
		cmocka_unit_test(a_connect_timeout_is_for_connecting_only),
		cmocka_unit_test(a_network_without_route_is_down),
		cmocka_unit_test(probes_can_be_bound),
		cmocka_unit_test(connections_end_with_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
