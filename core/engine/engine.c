// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's child: put together once, run, left. */
#include "engine/engine.h"

#include "base/clock.h"
#include "base/log.h"
#include "engine/loader.h"
#include "engine/pool.h"
#include "engine/schedule.h"
#include "engine/teller.h"
#include "ipc/channel.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

/* An idle engine beats so often; the keeper waits longer. */
#define HEARTBEAT_US 1000000
/* Room for input that even a checker with a small window gets, so that few
 * calls are needed. */
#define INPUT_MIN 4096

struct engine {
	const struct engine_start *start;
	struct arena *arena;
	struct instance *vectors;
	struct loop *loop;
	struct loop_timer heartbeat;
	struct channel channel;
	struct teller teller;
	struct schedule schedule;
};

/* A signal to the terminal's whole group is the keeper's to act upon. */
static void ignore_signals(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGUSR1, SIGPIPE};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_IGN);
}

static size_t input_size(const struct engine *engine)
{
	size_t size = INPUT_MIN;

	for (uint32_t i = 0; i < engine->start->config->vector_count; i++)
		if (engine->vectors[i].checker->window > size)
			size = engine->vectors[i].checker->window;
	return size;
}

/* No more probes than there are checks. */
static uint32_t pool_size(const struct config *config)
{
	return config->pool < config->check_count ? config->pool
						  : config->check_count;
}

static void build(struct engine *engine)
{
	const struct config *config = engine->start->config;
	struct schedule *schedule = &engine->schedule;
	const struct probe_host host = {
		.loop = engine->loop,
		.input_size = input_size(engine),
		.done = schedule_done,
		.arg = schedule,
	};

	*schedule = (struct schedule){
		.config = config,
		.vectors = engine->vectors,
		.scoreboard = engine->start->scoreboard,
		.loop = engine->loop,
		.pool = pool_create(engine->arena, &host, pool_size(config)),
		.teller = &engine->teller,
		.checks = arena_array(engine->arena, config->check_count,
			sizeof(struct check)),
	};
	teller_init(&engine->teller, engine->arena, config,
		engine->start->scoreboard, schedule->checks);
}

/* All that needs the system: files, memory. Returns an exit code. */
static int prepare(struct engine *engine)
{
	const struct engine_start *start = engine->start;

	engine->vectors = loader_load(
		start->config, start->system, engine->arena, log_lines, NULL);
	if (!engine->vectors)
		return EX_CONFIG;
	engine->loop = loop_create(engine->arena);
	if (!engine->loop || channel_init(&engine->channel, engine->loop,
				     start->channel) < 0) {
		log_line(LOG_ERR, "the engine's loop: %s", strerror(errno));
		return EX_OSERR;
	}
	build(engine);
	arena_seal(engine->arena);
	return EX_OK;
}

static void heartbeat(struct loop_timer *timer)
{
	struct engine *engine = LOOP_OWNER(timer, struct engine, heartbeat);

	loop_timer_set(engine->loop, timer, clock_us() + HEARTBEAT_US);
}

static void turn(void *arg)
{
	struct engine *engine = arg;

	engine->start->scoreboard->beat++;
	teller_tell(&engine->teller, &engine->channel);
}

/* Nothing is allocated from here on. */
static int run(struct engine *engine)
{
	union protocol_message ready = {.head = {.type = PROTOCOL_READY}};

	log_divert(channel_log, &engine->channel);
	pool_warm(engine->schedule.pool);
	channel_send(&engine->channel, &ready);
	engine->heartbeat.expired = heartbeat;
	heartbeat(&engine->heartbeat);
	schedule_start(&engine->schedule);
	turn(engine);
	if (loop_run(engine->loop, turn, engine) == 0)
		return EX_OK;
	log_line(LOG_ERR, "the engine's loop has failed");
	return EX_OSERR;
}

int engine_run(const struct engine_start *start)
{
	struct engine engine = {.start = start, .arena = arena_create()};
	int code;

	ignore_signals();
	code = prepare(&engine);
	if (code == EX_OK && start->confine(start->confine_arg) < 0)
		code = EX_OSERR;
	if (code == EX_OK)
		code = run(&engine);
	log_divert(NULL, NULL);
	loop_destroy(engine.loop);
	loader_release(start->config, engine.vectors);
	arena_destroy(engine.arena);
	return code;
}
