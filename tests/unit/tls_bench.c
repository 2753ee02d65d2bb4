// SPDX-License-Identifier: GPL-2.0-or-later
/* Servers with TLS for tests. */
#include "tls_bench.h"

#include "engine_bench.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORDS_MAX 32
#define PATH_SIZE 256

static char folder[] = "/tmp/lvsmon-tls-XXXXXX";
static bool open_already;

void tls_bench_open(void)
{
	char command[PATH_SIZE];

	if (!open_already) {
		assert_non_null(mkdtemp(folder));
		snprintf(command, sizeof(command), "'%s' %s", TEST_CERTIFICATES,
			folder);
		assert_int_equal(system(command), 0);
		open_already = true;
	}
	assert_int_equal(chdir(folder), 0);
}

void tls_bench_close(void)
{
	char command[PATH_SIZE];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(system(command), 0);
	open_already = false;
}

const char *tls_bench_path(const char *name)
{
	static char paths[8][PATH_SIZE];
	static unsigned int at;
	char *path = paths[at++ % 8];

	snprintf(path, PATH_SIZE, "%s/%s", folder, name);
	return path;
}

static bool accepts(uint16_t port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool well = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;

	close(fd);
	return well;
}

static _Noreturn void become_server(
	const char *const *words, uint16_t port, int input)
{
	const char *argv[WORDS_MAX] = {"openssl", "s_server", "-accept"};
	char accept[16];
	int null = open("/dev/null", O_RDWR);
	int at = 4;

	snprintf(accept, sizeof(accept), "*:%u", port);
	argv[3] = accept;
	while (*words && at < WORDS_MAX - 1)
		argv[at++] = *words++;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(input >= 0 ? input : null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	/* The preload of a test is not meant for others. */
	unsetenv("LD_PRELOAD");
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

pid_t tls_bench_server(const char *const *words, uint16_t *port, int *input)
{
	uint64_t until = clock_ms() + BENCH_PATIENCE_MS;
	int ends[2] = {-1, -1};
	pid_t pid;

	*port = 0;
	close(peer_listen(port, 1));
	if (input)
		assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become_server(words, *port, ends[0]);
	while (!accepts(*port)) {
		assert_true(clock_ms() < until);
		clock_sleep_ms(5);
	}
	if (input) {
		close(ends[0]);
		*input = ends[1];
	}
	return pid;
}

struct bench *tls_bench_make(uint16_t port, const char *const *checker)
{
	struct bench *bench = bench_create();

	bench->config.plugin_dir = TEST_PLUGIN_DIR;
	bench->config.tls_probes = 16;
	bench->settings[0].interval_ms = 60000;
	bench->settings[0].timeout_ms = 20000;
	bench->settings[0].tls = true;
	bench->settings[0].ca = tls_bench_path("ca.pem");
	bench_real(bench, port, bench_vector(bench, checker));
	return bench;
}

void tls_bench_judge(const char *name, const struct bench_edge *edge, bool up,
	int code, const char *why)
{
	if (edge->up != up || edge->code != code ||
		(!up && strcmp(edge->why, why) != 0))
		fail_msg("%s: %s, '%s', %d", name, edge->up ? "up" : "down",
			edge->why, edge->code);
}

void tls_bench_run(struct bench *bench, const char *name)
{
	bench_start(bench);
	if (!bench_hear(bench, bench_has_edge, BENCH_PATIENCE_MS))
		fail_msg("%s: nothing was heard; %s", name, bench->line);
	assert_int_equal(bench_leave(bench), 0);
}
