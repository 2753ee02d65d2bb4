// SPDX-License-Identifier: GPL-2.0-or-later
/* Servers that misbehave under TLS, or speak no TLS: each probe ends with the
 * right verdict, in time. */
#include "engine_bench.h"
#include "peer_acts.h"
#include "tls_bench.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS 500
#define RECORD_MAX 65536

static const char *const http[] = {"http", "-u", "/", NULL};

static void greets(int fd)
{
	act_say(fd, "220 hello\r\n");
	peer_drain(fd);
}

static void answers_http(int fd)
{
	act_say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
	peer_drain(fd);
}

static void closes(int fd)
{
	char byte;

	if (read(fd, &byte, 1) > 0)
		shutdown(fd, SHUT_RDWR);
}

static void resets(int fd)
{
	char byte;

	if (read(fd, &byte, 1) > 0)
		act_reset(fd);
}

/* RFC 8446, 5.1: the head of a record of the handshake, and 6: an alert. */
static void stalls_in_a_record(int fd)
{
	static const char head[] = {22, 3, 3, 0, 100, 2};

	if (write(fd, head, sizeof(head)) > 0)
		peer_drain(fd);
}

static void dribbles_a_record(int fd)
{
	static const char head[] = {22, 3, 3, 64, 0, 2, 0, 63, (char)252};
	char byte = 0;

	for (size_t i = 0;; i++) {
		byte = i < sizeof(head) ? head[i] : 0;
		if (write(fd, &byte, 1) < 0)
			return;
		clock_sleep_ms(10);
	}
}

static void alerts(int fd)
{
	static const char alert[] = {21, 3, 3, 0, 2, 2, 80};

	if (write(fd, alert, sizeof(alert)) > 0)
		peer_drain(fd);
}

/* A ServerHello of 16 MB. */
static void floods_a_message(int fd)
{
	static char record[5 + 16384] = {22, 3, 3, 64, 0, 2, (char)255};

	while (write(fd, record, sizeof(record)) > 0)
		;
}

static void floods_empty_records(int fd)
{
	static const char record[] = {22, 3, 3, 0, 0};

	while (write(fd, record, sizeof(record)) > 0)
		;
}

static void floods_noise(int fd)
{
	static char noise[65536];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * 7 + i / 251);
	while (write(fd, noise, sizeof(noise)) > 0)
		;
}

static const struct peer {
	const char *name;
	void (*behave)(int fd);
	int code;
	const char *why;
	bool late;
} peers[] = {
	{"greets in clear text", greets, 0, "not TLS", false},
	{"answers in clear text", answers_http, 0, "not TLS", false},
	{"closes", closes, 0, "connection closed in the TLS handshake", false},
	{"resets", resets, 0, "connection reset", false},
	{"is silent", peer_drain, 0, "timed out in the TLS handshake", true},
	{"stalls", stalls_in_a_record, 0, "timed out in the TLS handshake",
		true},
	{"dribbles", dribbles_a_record, 0, "timed out in the TLS handshake",
		true},
	{"alerts", alerts, 80, "server ended TLS with an alert", false},
	{"floods a message", floods_a_message, 0, "TLS message too long",
		false},
	{"floods empty records", floods_empty_records, 0, "TLS failed", false},
	{"floods noise", floods_noise, 0, "not TLS", false},
};

static void peers_are_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
		const struct peer *peer = &peers[i];
		uint16_t port = 0;
		int listener = peer_listen(&port, 100);
		pid_t pid = peer_start(listener, peer->behave, true);
		struct bench *bench = tls_bench_make(port, http);

		if (peer->late)
			bench->settings[0].timeout_ms = TIMEOUT_MS;
		tls_bench_run(bench, peer->name);
		tls_bench_judge(peer->name, &bench->edges[0], false, peer->code,
			peer->why);
		if (peer->late)
			assert_in_range(bench->edges[0].took_us,
				TIMEOUT_MS * 1000,
				(TIMEOUT_MS + BENCH_SLACK_MS) * 1000);
		bench_destroy(bench);
		peer_stop(pid);
		close(listener);
	}
}

static uint16_t behind; /* the port of the server behind a go-between */

static int connect_behind(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(behind),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		_exit(1);
	return fd;
}

static bool read_all(int fd, unsigned char *data, size_t size)
{
	while (size) {
		ssize_t got = read(fd, data, size);

		if (got <= 0)
			return false;
		data += got;
		size -= (size_t)got;
	}
	return true;
}

static void copy(int from, int to)
{
	char buf[4096];
	ssize_t got;

	while ((got = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)got) < 0)
			break;
	shutdown(to, SHUT_WR);
}

/* Copies from one side to the other in a process of its own. */
static void copy_on(int from, int to)
{
	if (fork() != 0)
		return;
	copy(from, to);
	_exit(0);
}

/* Makes a record of each byte of the handshake, up to ChangeCipherSpec. */
static void splits_records(int fd)
{
	static unsigned char record[5 + RECORD_MAX];
	unsigned char tiny[] = {22, 3, 3, 0, 1, 0};
	int server = connect_behind();
	bool clear = true;

	copy_on(fd, server);
	while (read_all(server, record, 5)) {
		size_t len = (size_t)record[3] << 8 | record[4];

		if (!read_all(server, record + 5, len))
			break;
		clear = clear && record[0] == 22;
		for (size_t i = 0; clear && i < len; i++) {
			tiny[5] = record[5 + i];
			if (write(fd, tiny, sizeof(tiny)) < 0)
				return;
		}
		if (!clear && write(fd, record, 5 + len) < 0)
			return;
	}
	shutdown(fd, SHUT_WR);
}

/* A chain of more than 16 KB takes as many records. */
static void tiny_records_are_borne(void **state)
{
	static const char *const words[] = {"-cert", "big.pem", "-key",
		"big.key", "-cert_chain", "big.pem", "-www", "-tls1_2", NULL};
	uint16_t port = 0;
	int listener = peer_listen(&port, 100);
	pid_t server = tls_bench_server(words, &behind, NULL);
	pid_t between = peer_start(listener, splits_records, true);
	struct bench *bench = tls_bench_make(port, http);

	(void)state;
	tls_bench_run(bench, "splits records");
	tls_bench_judge("splits records", &bench->edges[0], true, 200, NULL);
	bench_destroy(bench);
	peer_stop(between);
	peer_stop(server);
	close(listener);
}

/* Speaks in clear text up to its answer to a line, and leaves the rest to the
 * server with TLS. */
static void upgrade(int fd, const char *answer)
{
	int server = connect_behind();

	act_say(fd, "220 hello\n");
	act_wait_for_line(fd);
	act_say(fd, answer);
	copy_on(fd, server);
	copy(server, fd);
}

static void upgrades(int fd)
{
	upgrade(fd, "220 go ahead\n");
}

static void is_injected(int fd)
{
	upgrade(fd, "220 go ahead\n250 all is well\n");
}

static void does_not_upgrade(int fd)
{
	act_say(fd, "220 hello\n");
	act_wait_for_line(fd);
	act_say(fd, "220 go ahead\n");
	clock_sleep_ms(100);
	act_say(fd, "250 all is well\n");
	peer_drain(fd);
}

static void stalls_after_it(int fd)
{
	act_say(fd, "220 hello\n");
	act_wait_for_line(fd);
	act_say(fd, "220 go ahead\n");
	peer_drain(fd);
}

static const struct {
	void (*behave)(int fd);
	const char *sni;
	bool up;
	int code;
	const char *why;
} upgraders[] = {
	{upgrades, NULL, true, 0, NULL},
	{upgrades, "www.example.org", true, 0, NULL},
	{upgrades, "www.example.com", false, 62,
		"certificate is for another host"},
	{is_injected, NULL, false, 0, "data before TLS"},
	{peer_drain, NULL, false, 0, "waiting for a line"},
	{stalls_after_it, NULL, false, 0, "timed out in the TLS handshake"},
	{does_not_upgrade, NULL, false, 0, "not TLS"},
};

/* The server's page begins with a line of HTTP. */
static void checkers_begin_tls(void **state)
{
	static const char *const words[] = {
		"-cert", "good.pem", "-key", "good.key", "-www", NULL};
	static const char *const checker[] = {TEST_CHECKER_DIR "/upgrades.so",
		"line", "send:STARTTLS\n", "line", "starttls",
		"send:GET / HTTP/1.0\r\n\r\n", "line", "up", NULL};
	pid_t server = tls_bench_server(words, &behind, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(upgraders) / sizeof(upgraders[0]); i++) {
		uint16_t port = 0;
		int listener = peer_listen(&port, 100);
		pid_t pid = peer_start(listener, upgraders[i].behave, true);
		struct bench *bench = tls_bench_make(port, checker);

		bench->settings[0].tls = false;
		bench->settings[0].sni = upgraders[i].sni;
		bench->settings[0].timeout_ms = 4 * TIMEOUT_MS;
		tls_bench_run(bench, "upgrades");
		tls_bench_judge("upgrades", &bench->edges[0], upgraders[i].up,
			upgraders[i].code, upgraders[i].why);
		bench_destroy(bench);
		peer_stop(pid);
		close(listener);
	}
	peer_stop(server);
}

/* A server that wants to renegotiate is refused, and ends. */
static void nothing_is_renegotiated(void **state)
{
	static const char *const words[] = {
		"-cert", "good.pem", "-key", "good.key", "-tls1_2", NULL};
	uint16_t port;
	int input;
	pid_t server = tls_bench_server(words, &port, &input);
	struct bench *bench = tls_bench_make(port, http);
	uint64_t until = clock_ms() + BENCH_PATIENCE_MS;

	(void)state;
	bench_start(bench);
	while (!bench_hear(bench, bench_has_edge, 100)) {
		assert_true(clock_ms() < until);
		act_say(input, "r\n");
	}
	tls_bench_judge("renegotiates", &bench->edges[0], false, 40,
		"server refuses the TLS handshake");
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	peer_stop(server);
	close(input);
}

static int open_group(void **state)
{
	(void)state;
	tls_bench_open();
	return 0;
}

static int close_group(void **state)
{
	(void)state;
	tls_bench_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_are_bounded),
		cmocka_unit_test(tiny_records_are_borne),
		cmocka_unit_test(nothing_is_renegotiated),
		cmocka_unit_test(checkers_begin_tls),
	};

	return cmocka_run_group_tests(tests, open_group, close_group);
}
