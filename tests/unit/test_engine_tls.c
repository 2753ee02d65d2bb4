// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes over TLS: servers with good and bad certificates, URLs, sessions, and
 * more probes than places. */
#include "engine_bench.h"
#include "peer_acts.h"
#include "tls_bench.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS 500

/* The arguments of a server with the certificate NAME. */
#define CERT(name) "-cert", name ".pem", "-key", name ".key", "-www"
#define GOOD CERT("good")

#define UP .up = true
#define DOWN(number, reason) .code = number, .why = reason

/* The files are of the certificates' folder. The default of ca is ca.pem. */
static const struct server {
	const char *name;
	const char *words[16];
	const char *sni, *ca, *cert, *key, *alpn;
	enum config_verify verify;
	bool only_tls13;
	bool up;
	int code;
	const char *why;
} servers[] = {
	{"good", {GOOD}, UP},
	{"good, with its name", {GOOD}, .sni = "www.example.org", UP},
	{"good, with a wildcard's name", {GOOD}, .sni = "a.example.net", UP},
	{"TLS 1.2", {GOOD, "-tls1_2"}, UP},
	{"TLS 1.3", {GOOD, "-tls1_3"}, .only_tls13 = true, UP},
	{"TLS 1.2 alone", {GOOD, "-tls1_2"}, .only_tls13 = true,
		DOWN(70, "server refuses the TLS version")},
	{"TLS 1.1 alone", {GOOD, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"},
		DOWN(70, "server refuses the TLS version")},
	{"CAs of a folder", {GOOD}, .ca = "cas", UP},
	{"its certificate itself is trusted", {GOOD}, .ca = "good.pem", UP},
	{"its own certificate is trusted", {CERT("lone")}, .ca = "lone.pem",
		.sni = "www.example.org", UP},
	{"expired", {CERT("expired")}, DOWN(10, "certificate expired")},
	{"expired, and nobody looks", {CERT("expired")},
		.verify = CONFIG_VERIFY_NONE, UP},
	{"not valid yet", {CERT("future")},
		DOWN(9, "certificate not valid yet")},
	{"self-signed", {CERT("lone")}, DOWN(18, "self-signed certificate")},
	{"another CA", {CERT("stranger")}, DOWN(20, "certificate not trusted")},
	{"another host", {GOOD}, .sni = "www.example.com",
		DOWN(62, "certificate is for another host")},
	{"another host, and nobody asks", {GOOD}, .sni = "www.example.com",
		.verify = CONFIG_VERIFY_CHAIN, UP},
	{"a client's certificate", {CERT("client")},
		DOWN(26, "certificate is not for servers")},
	{"no certificate", {"-nocert", "-www"},
		DOWN(40, "server refuses the TLS handshake")},
	{"a long chain", {CERT("big"), "-cert_chain", "big.pem"}, UP},
	{"wants a certificate", {GOOD, "-Verify", "1", "-tls1_3"},
		DOWN(116, "server wants a client certificate")},
	{"wants a certificate, TLS 1.2", {GOOD, "-Verify", "1", "-tls1_2"},
		DOWN(40, "server refuses the TLS handshake")},
	{"gets a certificate",
		{GOOD, "-Verify", "1", "-CAfile", "ca.pem",
			"-verify_return_error"},
		.cert = "client.pem", .key = "client.key", UP},
	{"gets a bad certificate",
		{GOOD, "-Verify", "1", "-CAfile", "ca.pem",
			"-verify_return_error"},
		.cert = "stranger.pem", .key = "stranger.key",
		DOWN(48, "server refuses the client certificate")},
	{"ALPN", {GOOD, "-alpn", "h2,http/1.1"}, .alpn = "http/1.1", UP},
	{"ALPN without a common name", {GOOD, "-alpn", "h2"},
		.alpn = "http/1.1", DOWN(120, "server refuses the ALPN names")},
};

static const char *const http[] = {"http", "-u", "/", NULL};

static const char *path_of(const char *name)
{
	return name ? tls_bench_path(name) : NULL;
}

static void set_settings(
	struct config_settings *settings, const struct server *server)
{
	if (server->ca)
		settings->ca = path_of(server->ca);
	settings->sni = server->sni;
	settings->cert = path_of(server->cert);
	settings->key = path_of(server->key);
	settings->alpn = server->alpn;
	settings->verify = (uint8_t)server->verify;
	settings->min_version =
		server->only_tls13 ? CONFIG_TLS_1_3 : CONFIG_TLS_1_2;
}

static void servers_get_their_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		const struct server *server = &servers[i];
		uint16_t port;
		pid_t pid = tls_bench_server(server->words, &port, NULL);
		struct bench *bench = tls_bench_make(port, http);

		set_settings(&bench->settings[0], server);
		tls_bench_run(bench, server->name);
		/* The http checker names the status. */
		tls_bench_judge(server->name, &bench->edges[0], server->up,
			server->up ? 200 : server->code, server->why);
		bench_destroy(bench);
		peer_stop(pid);
	}
}

static const struct {
	const char *host; /* of the URL */
	bool up;
	int code;
	const char *why;
} urls[] = {
	{"www.example.org", UP},
	{"127.0.0.1", UP},
	{"www.example.com", DOWN(62, "certificate is for another host")},
	{"127.0.0.2", DOWN(64, "certificate is for another host")},
	{"[::1]", DOWN(64, "certificate is for another host")},
};

/* An https URL needs no other setting. */
static void urls_name_the_host(void **state)
{
	static const char *const words[] = {GOOD, NULL};
	uint16_t port;
	pid_t pid = tls_bench_server(words, &port, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		char url[64];
		const char *const checker[] = {"http", "-u", url, NULL};
		struct bench *bench;

		snprintf(
			url, sizeof(url), "https://%s:%u/", urls[i].host, port);
		bench = tls_bench_make(port, checker);
		bench->settings[0].tls = false;
		tls_bench_run(bench, url);
		tls_bench_judge(url, &bench->edges[0], urls[i].up,
			urls[i].up ? 200 : urls[i].code, urls[i].why);
		bench_destroy(bench);
	}
	peer_stop(pid);
}

static bool is_up_again(const struct bench *bench)
{
	return bench->edge_counts[0] > 0 && bench->edges[0].up;
}

/* s_server says on its page if it has resumed a session. */
static void sessions_are_resumed(void **state)
{
	static const char *const checker[] = {
		"http", "-u", "/", "-e", "Reused, ", NULL};
	static const char *const versions[] = {"-tls1_2", "-tls1_3"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *const words[] = {GOOD, versions[i], NULL};
		uint16_t port;
		pid_t server = tls_bench_server(words, &port, NULL);
		struct bench *bench = tls_bench_make(port, checker);

		bench->settings[0].interval_ms = 50;
		bench_start(bench);
		if (!bench_hear(bench, is_up_again, BENCH_PATIENCE_MS))
			fail_msg("%s is not resumed", versions[i]);
		/* Every later probe resumes as well. */
		bench_hear(bench, NULL, 500);
		assert_int_equal(bench->edge_counts[0], 2);
		assert_int_equal(bench_leave(bench), 0);
		bench_destroy(bench);
		peer_stop(server);
	}
}

static bool all_have_edges(const struct bench *bench)
{
	for (uint32_t i = 0; i < bench->config.check_count; i++)
		if (!bench->edge_counts[i])
			return false;
	return true;
}

/* More probes than places: the others wait, and all of them end. */
static void probes_wait_for_a_place(void **state)
{
	uint16_t silent = 0;
	int listener = peer_listen(&silent, 1000);
	pid_t pid = peer_start(listener, peer_drain, true);
	struct bench *bench = tls_bench_make(silent, http);

	(void)state;
	for (int i = 1; i < 20; i++)
		bench_real(bench, silent, 0);
	bench->config.tls_probes = 4;
	bench->settings[0].timeout_ms = TIMEOUT_MS;
	bench_start(bench);
	assert_true(bench_hear(bench, all_have_edges, BENCH_PATIENCE_MS));
	for (uint32_t i = 0; i < 20; i++) {
		tls_bench_judge("waits", &bench->edges[i], false, 0,
			"timed out in the TLS handshake");
		assert_in_range(bench->edges[i].took_us, TIMEOUT_MS * 1000,
			(TIMEOUT_MS + BENCH_SLACK_MS) * 1000);
	}
	assert_true(bench->scoreboard->counters.put_off > 0);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	peer_stop(pid);
	close(listener);
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
		cmocka_unit_test(servers_get_their_verdicts),
		cmocka_unit_test(urls_name_the_host),
		cmocka_unit_test(sessions_are_resumed),
		cmocka_unit_test(probes_wait_for_a_place),
	};

	return cmocka_run_group_tests(tests, open_group, close_group);
}
