// SPDX-License-Identifier: GPL-2.0-or-later
/* A bench for the engine. */
#include "engine_bench.h"

#include "base/clock.h"
#include "engine/engine.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int no_confinement(void *arg)
{
	(void)arg;
	return 0;
}

static int no_text(void *arg, struct arena *arena, const char *path,
	char **text, size_t *len, const char **why)
{
	(void)arg;
	(void)path;
	*text = arena_strdup(arena, "");
	*len = 0;
	*why = NULL;
	return 0;
}

static const struct system no_system = {.load = no_text};

struct bench *bench_create(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->reals = calloc(BENCH_REALS_MAX, sizeof(*bench->reals));
	bench->checks = calloc(BENCH_REALS_MAX, sizeof(*bench->checks));
	bench->weights = calloc(BENCH_REALS_MAX, sizeof(*bench->weights));
	bench->known = calloc(BENCH_REALS_MAX, sizeof(*bench->known));
	bench->edges = calloc(BENCH_REALS_MAX, sizeof(*bench->edges));
	bench->edge_counts = calloc(BENCH_REALS_MAX, sizeof(uint32_t));
	bench->virtuals[0] = (struct config_virtual){
		.name = "v", .scheduler = "wlc", .fallback = CONFIG_NONE};
	bench->settings[0] = (struct config_settings){.interval_ms = 1000,
		.timeout_ms = 500,
		.linger_ms = 200,
		.rise = 1,
		.fall = 1};
	bench->config = (struct config){
		.plugin_dir = TEST_CHECKER_DIR,
		.pool = 64,
		.virtuals = bench->virtuals,
		.virtual_count = 1,
		.reals = bench->reals,
		.checks = bench->checks,
		.vectors = bench->vectors,
		.settings = bench->settings,
		.settings_count = 1,
	};
	bench->channel = -1;
	return bench;
}

void bench_destroy(struct bench *bench)
{
	if (bench->engine)
		bench_kill(bench);
	if (bench->scoreboard)
		munmap(bench->scoreboard, scoreboard_size(&bench->config));
	for (uint32_t i = 0; i < bench->config.vector_count; i++)
		free(bench->vectors[i].argv);
	free(bench->edge_counts);
	free(bench->edges);
	free(bench->known);
	free(bench->weights);
	free(bench->checks);
	free(bench->reals);
	free(bench);
}

uint16_t bench_vector(struct bench *bench, const char *const *words)
{
	struct config_vector *vector =
		&bench->vectors[bench->config.vector_count];

	vector->place = (struct config_place){"lvsmon.conf", 1, 1};
	while (words[vector->argc])
		vector->argc++;
	vector->argv = calloc((size_t)vector->argc + 1, sizeof(char *));
	memcpy(vector->argv, words, (size_t)vector->argc * sizeof(char *));
	return (uint16_t)bench->config.vector_count++;
}

uint32_t bench_real(struct bench *bench, uint16_t port, uint16_t vector)
{
	uint32_t index = bench->config.real_count++;
	struct config_real *real = &bench->reals[index];

	assert_true(index < BENCH_REALS_MAX);
	real->address.family = AF_INET;
	real->address.v4.s_addr = htonl(0x7f000001 + index);
	real->address.port = port;
	real->weight = 100;
	real->quiet_ms = CONFIG_QUIET_FOR_EVER;
	real->check = bench->config.check_count;
	real->check_count = 1;
	bench->virtuals[0].real_count++;
	bench->checks[bench->config.check_count++] =
		(struct config_check){.real = index, .vector = vector};
	return index;
}

static void forget(struct bench *bench)
{
	bench->seq = bench->said = 0;
	bench->ready = bench->round = false;
	bench->reals_before_round = 0;
	bench->line[0] = '\0';
	for (uint32_t i = 0; i < BENCH_REALS_MAX; i++) {
		bench->weights[i] = INT32_MIN;
		bench->known[i] = (struct policy_real){0};
		bench->edge_counts[i] = 0;
	}
	policy_begin(&bench->config, 0, false, &bench->policy);
}

/* Keeps the scoreboard of an earlier engine. */
static void make_board(struct bench *bench)
{
	if (bench->scoreboard)
		return;
	bench->scoreboard = mmap(NULL, scoreboard_size(&bench->config),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(bench->scoreboard, MAP_FAILED);
	for (uint32_t i = 0; i < bench->config.check_count; i++)
		health_init(&bench->scoreboard->scores[i].health, false,
			clock_ms());
}

/* An engine that cannot begin may have ended by now. */
static void say(struct bench *bench, enum protocol_type type)
{
	union protocol_message message = {
		.head = {.type = type, .seq = ++bench->said}};

	assert_true(send(bench->channel, &message, sizeof(message.head),
			    MSG_NOSIGNAL) > 0 ||
		    errno == EPIPE || errno == ECONNRESET);
}

void bench_go(struct bench *bench)
{
	say(bench, PROTOCOL_GO);
}

void bench_start(struct bench *bench)
{
	int ends[2];

	forget(bench);
	make_board(bench);
	assert_int_equal(
		socketpair(AF_UNIX,
			SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends),
		0);
	if (bench->channel >= 0)
		close(bench->channel);
	bench->channel = ends[0];
	bench->start.config = &bench->config;
	bench->start.system = &no_system;
	bench->start.scoreboard = bench->scoreboard;
	bench->start.channel = ends[1];
	bench->start.isolate = no_confinement;
	if (!bench->start.confine)
		bench->start.confine = no_confinement;
	bench->engine = fork();
	if (bench->engine == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The engine holds no listener of the test open. */
		dup2(ends[1], 3);
		close_range(4, ~0U, 0);
		bench->start.channel = 3;
		_exit(engine_run(&bench->start));
	}
	close(ends[1]);
	if (!bench->no_go)
		bench_go(bench);
}

static void weigh(struct bench *bench, uint32_t real)
{
	int32_t weight = policy_weight(
		&bench->config, real, &bench->known[real], &bench->policy);

	if (weight != POLICY_KEEP)
		bench->weights[real] = weight;
}

/* Computes weights as the keeper does. */
static void learn(struct bench *bench, uint32_t real, bool up, uint16_t percent)
{
	uint32_t fallback = bench->virtuals[0].fallback;
	struct policy_real before = bench->known[real];

	bench->known[real].health = up ? POLICY_UP : POLICY_DOWN;
	bench->known[real].percent = (uint8_t)percent;
	policy_virtual(&bench->config, real, &before, &bench->known[real],
		fallback == CONFIG_NONE ? NULL : &bench->known[fallback],
		&bench->policy, clock_ms());
	weigh(bench, real);
	if (fallback != CONFIG_NONE)
		weigh(bench, fallback);
}

static void take_finding(
	struct bench *bench, bool up, const struct protocol_finding *finding)
{
	struct bench_edge *edge = &bench->edges[finding->check];

	edge->up = up;
	edge->first = finding->first;
	edge->code = finding->code;
	edge->count = finding->count;
	edge->took_us = finding->took_us;
	strcpy(edge->why, finding->why);
	bench->edge_counts[finding->check]++;
}

static void take_in(struct bench *bench, const union protocol_message *message)
{
	switch ((enum protocol_type)message->head.type) {
	case PROTOCOL_READY:
		assert_false(bench->ready);
		bench->ready = true;
		break;
	case PROTOCOL_HEALTH:
		for (uint32_t i = 0; i < message->health.count; i++)
			learn(bench, message->health.reals[i].real,
				message->health.reals[i].up,
				message->health.reals[i].percent);
		if (!bench->round)
			bench->reals_before_round += message->health.count;
		break;
	case PROTOCOL_ROUND:
		assert_false(bench->round);
		bench->round = true;
		break;
	case PROTOCOL_EDGE:
		for (uint32_t i = 0; i < message->edge.count; i++)
			take_finding(bench, message->edge.up,
				&message->edge.findings[i]);
		break;
	case PROTOCOL_LOG:
		strcpy(bench->line, message->log.line);
		break;
	case PROTOCOL_GO:
	case PROTOCOL_LEAVE:
		fail();
	}
}

bool bench_hear(struct bench *bench, bool (*enough)(const struct bench *bench),
	int patience_ms)
{
	uint64_t until = clock_ms() + (uint64_t)patience_ms;
	struct pollfd channel = {.fd = bench->channel, .events = POLLIN};

	while (!enough || !enough(bench)) {
		union protocol_message message;
		uint64_t now = clock_ms();
		const char *wrong;
		ssize_t got;

		if (now >= until || poll(&channel, 1, (int)(until - now)) <= 0)
			return false;
		got = recv(bench->channel, &message, sizeof(message), 0);
		if (got <= 0)
			return false;
		wrong = protocol_check(
			&message, (size_t)got, ++bench->seq, &bench->config);
		if (wrong)
			fail_msg("the engine sent %s", wrong);
		if (!bench->ready && message.head.type != PROTOCOL_LOG)
			assert_int_equal(message.head.type, PROTOCOL_READY);
		take_in(bench, &message);
	}
	return true;
}

bool bench_has_round(const struct bench *bench)
{
	return bench->round;
}

bool bench_has_edge(const struct bench *bench)
{
	return bench->edge_counts[0] > 0;
}

static int bury(struct bench *bench)
{
	int status = 0;

	assert_int_equal(waitpid(bench->engine, &status, 0), bench->engine);
	bench->engine = 0;
	return status;
}

int bench_leave(struct bench *bench)
{
	say(bench, PROTOCOL_LEAVE);
	return bury(bench);
}

int bench_kill(struct bench *bench)
{
	kill(bench->engine, SIGKILL);
	return bury(bench);
}

int peer_listen(uint16_t *port, int backlog)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t len = sizeof(any);
	const int reuse = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	any.sin_port = htons(*port);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
	assert_int_equal(bind(fd, (struct sockaddr *)&any, len), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
	*port = ntohs(any.sin_port);
	return fd;
}

static _Noreturn void peer_run(int listener, void (*behave)(int fd), bool many)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (!many) {
			behave(fd);
		} else if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			behave(fd);
			_exit(0);
		}
		close(fd);
	}
}

pid_t peer_start(int listener, void (*behave)(int fd), bool many)
{
	pid_t pid = fork();

	if (pid == 0)
		peer_run(listener, behave, many);
	return pid;
}

void peer_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void peer_drain(int fd)
{
	char buf[65536];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}
