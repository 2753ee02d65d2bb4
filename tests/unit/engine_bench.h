/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bench for the engine: a configuration made by hand, an engine in a process
 * of its own, the test as its keeper, and peers on 127.0.0.0/8 that behave as
 * told. A failed call fails the test. */
#ifndef LVSMON_TESTS_ENGINE_BENCH_H
#define LVSMON_TESTS_ENGINE_BENCH_H

#include "engine/engine.h"
#include "ipc/protocol.h"
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define BENCH_REALS_MAX 6000
/* The time a test waits for an event that has to come. */
#define BENCH_PATIENCE_MS 60000
/* The time a verdict may exceed a timeout: a tick, and a busy machine's delay.
 */
#define BENCH_SLACK_MS 2000

/* An edge that the engine told of a check. */
struct bench_edge {
	bool up, first;
	int32_t code;
	uint32_t count, took_us;
	char why[PROTOCOL_WHY_MAX];
};

struct bench {
	struct config config;
	struct config_virtual virtuals[2];
	struct config_real *reals;
	struct config_check *checks;
	struct config_vector vectors[4];
	struct config_settings settings[2];
	struct scoreboard *scoreboard;
	struct engine_start start;
	int channel;
	bool no_go; /* the test says GO itself */
	pid_t engine;
	uint32_t seq; /* of the last message heard, and of the last said */
	uint32_t said;
	/* Heard from the engine. */
	int32_t *weights; /* that policy gives reals; INT32_MIN = nothing */
	struct policy_real *known;
	struct policy_state policy;
	struct bench_edge *edges; /* the last of each check */
	uint32_t *edge_counts;
	bool ready, round;
	uint32_t reals_before_round; /* told of before ROUND */
	char line[PROTOCOL_LINE_MAX];
};

/* Makes one virtual without reals; interval 1 s, timeout 500 ms, linger 200 ms,
 * rise and fall 1, pool 64. */
struct bench *bench_create(void);
void bench_destroy(struct bench *bench);

/* Adds a vector from its words, ended by NULL, the checker's name first. */
uint16_t bench_vector(struct bench *bench, const char *const *words);

/* Adds a real of weight 100 at 127.0.0.1 plus its index, with one check of a
 * vector. Returns the index. */
uint32_t bench_real(struct bench *bench, uint16_t port, uint16_t vector);

void bench_start(struct bench *bench);

/* Takes in messages until `enough` says so. Returns false if that takes longer
 * than patience_ms. */
bool bench_hear(struct bench *bench, bool (*enough)(const struct bench *bench),
	int patience_ms);
bool bench_has_round(const struct bench *bench);
/* Whether the first check has had an edge. */
bool bench_has_edge(const struct bench *bench);

/* Says GO; bench_start does so unless no_go is set. */
void bench_go(struct bench *bench);

/* Says LEAVE, or kills. Returns the status of waitpid(2). */
int bench_leave(struct bench *bench);
int bench_kill(struct bench *bench);

/* Listens on 127.0.0.0/8; the kernel chooses *port. */
int peer_listen(uint16_t *port, int backlog);

/* Starts a process that accepts connections on that socket and behaves like
 * that with each. It ends with the test. With `many`, each connection has a
 * process of its own. */
pid_t peer_start(int listener, void (*behave)(int fd), bool many);
void peer_stop(pid_t pid);

/* Reads until the other side is done. */
void peer_drain(int fd);

#endif
