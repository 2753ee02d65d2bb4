// SPDX-License-Identifier: GPL-2.0-or-later
/* TLS in the whole daemon: bad files are errors of -t at their place and refuse
 * a reload, and a confined engine verifies servers. */
#include "daemon_bench.h"
#include "tls_bench.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SAID_MAX 4096
#define LINE_SIZE 1200

/* Writes a configuration; its line 7 is the first of `lines`. */
static void write_config(const char *check, const char *lines, uint16_t port)
{
	FILE *to = fopen("lvsmon.conf", "w");

	assert_non_null(to);
	fprintf(to,
		"user nobody\ninterval 100ms timeout 5s rise 1 fall 1\n"
		"settle 5s\nvirtual web 192.0.2.1:443 {\n"
		"real 127.0.0.1:%u {\ncheck %s {\n%s\n}\n}\n}\n",
		port, check, lines);
	assert_int_equal(fclose(to), 0);
}

/* Runs -t. Returns whether it accepts the file; what it says is in said. */
static bool is_accepted(char *said)
{
	FILE *from = popen(TEST_LVSMON " -t -p " TEST_PLUGIN_DIR
				       " -f lvsmon.conf 2>&1",
		"r");
	size_t len;

	assert_non_null(from);
	len = fread(said, 1, SAID_MAX - 1, from);
	said[len] = '\0';
	return pclose(from) == 0;
}

static const struct {
	const char *check, *lines;
	const char *says; /* NULL = the file is accepted */
} files[] = {
	{"http", "tls yes ca ca.pem", NULL},
	{"http", "tls yes ca cas", NULL},
	{"http", "tls yes verify none", NULL},
	{"http", "tls yes ca ca.pem cert client.pem key client.key", NULL},
	{"http", "tls yes ca ca.pem cert big.pem key big.key", NULL},
	{"http", "tls yes ca ca.pem alpn h2,http/1.1", NULL},
	{"banner", "tls yes ca ca.pem", NULL},
	/* Nobody needs these. */
	{"http", "ca missing.pem", NULL},
	{"http", "tls yes verify none ca missing.pem", NULL},
	{"connect", "sni www.example.org", NULL},

	{"http", "tls yes ca missing.pem",
		":7:12: ca missing.pem: No such file or directory\n"},
	{"http", "tls yes ca empty.pem", ":7:12: ca empty.pem: empty\n"},
	{"http", "tls yes ca ca.key",
		":7:12: ca ca.key: has no certificate in PEM form\n"},
	{"http", "tls yes ca expired.pem",
		":7:12: ca expired.pem: has no certificate that is valid "
		"today\n"},
	{"http", "tls yes ca none",
		":7:12: ca none: no file in this directory has a "
		"certificate\n"},
	{"http", "tls yes ca fifo", ":7:12: ca fifo: not a regular file\n"},
	{"http", "tls yes ca bad.pem",
		":7:12: ca bad.pem: has a certificate that is not in PEM "
		"form\n"},
	{"http", "tls yes ca ca.pem cert client.pem",
		":7:24: 'cert' and 'key' need each other\n"},
	{"http", "tls yes ca ca.pem key client.key",
		":7:23: 'cert' and 'key' need each other\n"},
	{"http", "tls yes ca ca.pem cert cas key client.key",
		":7:24: cert cas: a directory\n"},
	{"http", "tls yes ca ca.pem cert missing key client.key",
		":7:24: cert missing: No such file or directory\n"},
	{"http", "tls yes ca ca.pem cert client.key key client.key",
		":7:24: cert client.key: has no certificate in PEM form\n"},
	{"http", "tls yes ca ca.pem cert expired.pem key expired.key",
		":7:24: cert expired.pem: has expired\n"},
	{"http", "tls yes ca ca.pem cert future.pem key future.key",
		":7:24: cert future.pem: is not valid yet\n"},
	{"http", "tls yes ca ca.pem cert client.pem key good.key",
		":7:39: key good.key: is not the key of the certificate\n"},
	{"http", "tls yes ca ca.pem cert client.pem key client.pem",
		":7:39: key client.pem: has no key in PEM form\n"},
	{"http", "tls yes ca ca.pem cert good.pem key secret.key",
		":7:37: key secret.key: has a passphrase\n"},
	{"http", "tls yes ca ca.pem sni 192.0.2.1",
		":7:23: sni '192.0.2.1' is not the name of a host\n"},
	{"http", "tls yes ca ca.pem sni 'a b'",
		":7:23: sni 'a b' is not the name of a host\n"},
	{"http", "tls yes ca ca.pem alpn a,,b",
		":7:24: alpn 'a,,b' is not a list of names with commas"},
	{"http", "tls yes ca ca.pem verify host",
		":6:7: 'verify host' needs the name of the host: set 'sni'\n"},
	{"connect", "tls yes ca ca.pem",
		":6:7: connect: 'tls yes' needs a checker that uses TCP\n"},
	{"smtp -S", "ca ca.pem", NULL},
	{"smtp -S", "sni www.example.org ca ca.pem", NULL},
	{"smtp", "ca missing.pem", NULL},
	{"smtp -S", "ca missing.pem",
		":7:4: ca missing.pem: No such file or directory\n"},
	{"smtp -S", "tls yes ca ca.pem",
		":6:7: smtp: begins TLS itself, so that 'tls yes' is one TLS "
		"too many\n"},
	{"http", "tls maybe", ":7:5: unknown word 'maybe'"},
	{"http", "tls yes verify hosts",
		":7:16: unknown word 'hosts'; did you mean 'host'?"},
	{"http", "tls yes min-version 1.1", ":7:21: unknown word '1.1'"},
	{"http", "tls-probes 5", ":7:1: 'tls-probes' is not allowed here"},
};

static void files_are_judged(void **state)
{
	char said[SAID_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		bool accepted;

		write_config(files[i].check, files[i].lines, 443);
		accepted = is_accepted(said);
		if (accepted != !files[i].says ||
			(files[i].says && !strstr(said, files[i].says)))
			fail_msg("%s: %s", files[i].lines, said);
	}
}

/* Errors of vectors and of files are told together, each once. */
static void all_errors_are_told(void **state)
{
	char said[SAID_MAX];
	const char *first;

	(void)state;
	write_config("http -x",
		"tls yes ca missing.pem cert no.pem key no.key alpn ,", 443);
	assert_false(is_accepted(said));
	assert_non_null(strstr(said, ":6:7: http: "));
	assert_non_null(strstr(said, ": cert no.pem: No such file"));
	assert_non_null(strstr(said, ": key no.key: No such file"));
	assert_non_null(strstr(said, ": alpn ',' is not"));
	first = strstr(said, ": ca missing.pem: No such file");
	assert_non_null(first);
	assert_null(strstr(first + 1, ": ca missing.pem: No such file"));
}

static void expect(int log, const char *words)
{
	char line[LINE_SIZE];

	daemon_read_until(log, words, line, sizeof(line));
}

/* Root alone may read the key. The engine reads it before it is confined. */
static void engine_speaks_tls(void **state)
{
	static const char *const words[] = {"-cert", "good.pem", "-key",
		"good.key", "-www", "-Verify", "1", "-CAfile", "ca.pem",
		"-verify_return_error", NULL};
	static const char *const options[] = {"-f", "lvsmon.conf", NULL};
	static const char good[] = "tls yes sni www.example.org ca ca.pem "
				   "cert client.pem key client.key";
	uint16_t port;
	pid_t server = tls_bench_server(words, &port, NULL), keeper;
	int log;

	(void)state;
	assert_int_equal(chmod("client.key", 0600), 0);
	write_config("http -u /", good, port);
	keeper = daemon_start(options, &log);
	expect(log, "ready: 1 virtual, 1 of 1 real up");
	/* A reload reads the files again. */
	write_config("http -u /", "tls yes ca missing.pem", port);
	kill(keeper, SIGHUP);
	expect(log, ":7:12: ca missing.pem: No such file or directory");
	write_config("http -u /",
		"tls yes sni www.example.com ca ca.pem cert client.pem "
		"key client.key",
		port);
	kill(keeper, SIGHUP);
	expect(log, "down: http 62 (certificate is for another host)");
	write_config("http -u /", good, port);
	kill(keeper, SIGHUP);
	expect(log, "up: http 200");
	peer_stop(server);
	expect(log, "down: http: connection refused");
	kill(keeper, SIGTERM);
	assert_int_equal(daemon_wait(keeper), 0);
	close(log);
}

static int open_group(void **state)
{
	FILE *bad;

	(void)state;
	tls_bench_open();
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("none", 0700), 0);
	bad = fopen("bad.pem", "w");
	assert_non_null(bad);
	fputs("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
		bad);
	return fclose(bad);
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
		cmocka_unit_test(files_are_judged),
		cmocka_unit_test(all_errors_are_told),
		cmocka_unit_test(engine_speaks_tls),
	};

	return cmocka_run_group_tests(tests, open_group, close_group);
}
