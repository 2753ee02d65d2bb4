// SPDX-License-Identifier: GPL-2.0-or-later
/* How probes connect, and how their connections end. */
#include "engine_bench.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Runs one probe of a vector and returns its edge. */
static struct bench_edge probe_port(uint16_t port, const char *const *words,
	const struct config_settings *settings)
{
	struct bench *bench = bench_create();
	struct bench_edge edge;

	bench->settings[0] = *settings;
	bench_real(bench, port, bench_vector(bench, words));
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_edge, BENCH_PATIENCE_MS));
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
	struct bench_edge edge;
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
	struct bench_edge edge = probe_port(port, connect_only, &patient);

	(void)state;
	assert_true(edge.up);
	fcntl(listener, F_SETFL, O_NONBLOCK);
	/* The application of the real server has seen no connection. */
	assert_int_equal(accept(listener, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	close(listener);
}

/* A listener with a full queue answers no SYN. */
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
	struct bench_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 0);
	int fds[8];

	(void)state;
	fill_queue(port, fds, 8);
	settings.timeout_ms = 400;
	edge = probe_port(port, line_up, &settings);
	assert_false(edge.up);
	assert_string_equal(edge.why, "timed out connecting");
	assert_in_range(edge.took_us, 400000, (400 + BENCH_SLACK_MS) * 1000);
	settings.timeout_ms = 20000;
	settings.connect_timeout_ms = 300;
	edge = probe_port(port, connect_only, &settings);
	assert_string_equal(edge.why, "timed out connecting");
	assert_in_range(edge.took_us, 300000, (300 + BENCH_SLACK_MS) * 1000);
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
	close(listener);
}

/* Changes of a listener with a full queue; run in the process that holds it. */
static void accept_all(int listener)
{
	while (accept(listener, NULL, NULL) >= 0)
		;
}

static void end(int listener)
{
	close(listener);
}

/* The listener ignores the first SYN. The kernel sends another after a second,
 * when the listener has changed. */
static struct bench_edge probe_changing(void (*change)(int listener))
{
	struct bench_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 0);
	int fds[8];
	pid_t pid;

	fill_queue(port, fds, 8);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		clock_sleep_ms(200);
		change(listener);
		_exit(0);
	}
	close(listener);
	edge = probe_port(port, connect_only, &patient);
	assert_in_range(edge.took_us, 500000, 20000000);
	peer_stop(pid);
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
	return edge;
}

static void a_handshake_may_take_its_time(void **state)
{
	(void)state;
	assert_true(probe_changing(accept_all).up);
}

static void a_late_refusal_is_one(void **state)
{
	struct bench_edge edge = probe_changing(end);

	(void)state;
	assert_false(edge.up);
	assert_string_equal(edge.why, "connection refused");
}

/* The connect timeout ends with the handshake; the timeout does not. */
static void a_connect_timeout_is_for_connecting_only(void **state)
{
	struct config_settings settings = patient;
	struct bench_edge edge;
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	pid_t pid = peer_start(listener, peer_drain, false);

	(void)state;
	settings.timeout_ms = 600;
	settings.connect_timeout_ms = 200;
	edge = probe_port(port, line_up, &settings);
	assert_string_equal(edge.why, "waiting for a line");
	assert_in_range(edge.took_us, 600000, (600 + BENCH_SLACK_MS) * 1000);
	peer_stop(pid);
	close(listener);
}

static void a_network_without_route_is_down(void **state)
{
	struct bench *bench = bench_create();

	(void)state;
	bench_real(bench, 80, bench_vector(bench, line_up));
	/* 240.0.0.0/4 is not a destination. The reason depends on the
	 * kernel. */
	bench->reals[0].address.v4.s_addr = htonl(0xf0000001);
	bench->settings[0].timeout_ms = 20000;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_edge, BENCH_PATIENCE_MS));
	assert_false(bench->edges[0].up);
	assert_int_equal(bench->scoreboard->counters.put_off, 0);
	bench_destroy(bench);
}

static void probes_can_be_bound(void **state)
{
	struct config_settings settings = patient;
	struct sockaddr_in from = {0};
	socklen_t len = sizeof(from);
	uint16_t port = 0;
	int listener = peer_listen(&port, 10);
	struct bench_edge edge;
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

/* The peer sees a reset, so that no TIME_WAIT remains on this machine. */
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
