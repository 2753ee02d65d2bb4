// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's life: put together once, run, left. */
#include "engine/engine.h"

#include "base/clock.h"
#include "base/log.h"
#include "engine/loader.h"
#include "engine/plugin_dir.h"
#include "engine/pool.h"
#include "engine/schedule.h"
#include "engine/security.h"
#include "engine/shared.h"
#include "engine/teller.h"
#include "engine/transport/tls_module.h"
#include "process/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>

/* The beat of an idle engine; the keeper's patience is longer. */
#define HEARTBEAT_US 1000000
/* Input room of every probe, at least: a small window would need more calls. */
#define INPUT_MIN 4096

struct engine {
	const struct engine_start *start;
	struct arena *arena;
	struct instance *instances;
	struct credential *credentials;
	struct security security;
	struct loop *loop;
	struct loop_timer heartbeat;
	struct channel channel;
	struct teller teller;
	struct schedule schedule;
	bool ready;   /* the keeper was told READY */
	bool working; /* the keeper said GO */
};

/* The keeper acts on a signal to the terminal's whole group. */
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
		if (engine->instances[i].checker->window > size)
			size = engine->instances[i].checker->window;
	return size;
}

/* Each probe needs a descriptor. */
static uint32_t files_for_probes(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > UINT32_MAX)
		return UINT32_MAX;
	if (limit.rlim_cur <= CHILD_FILES_BESIDE_PROBES)
		return 1;
	return (uint32_t)limit.rlim_cur - CHILD_FILES_BESIDE_PROBES;
}

/* No more probes than there are checks or descriptors. */
static uint32_t pool_size(const struct config *config)
{
	uint32_t files = files_for_probes();
	uint32_t size = config->pool < config->check_count
				? config->pool
				: config->check_count;

	return size < files ? size : files;
}

static void on_verdict(void *arg, uint32_t check, const struct verdict *verdict)
{
	struct engine *engine = arg;

	teller_verdict(&engine->teller, check, verdict);
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
		.inside = &engine->start->scoreboard->inside,
	};

	*schedule = (struct schedule){
		.config = config,
		.instances = engine->instances,
		.security = &engine->security,
		.scoreboard = engine->start->scoreboard,
		.loop = engine->loop,
		.pool = pool_create(engine->arena, &host, pool_size(config)),
		.checks = arena_array(engine->arena, config->check_count,
			sizeof(struct check)),
		.waiting = queue_create(engine->arena, config->check_count),
		.verdict = on_verdict,
		.verdict_arg = engine,
	};
	schedule->waiting_down = queue_beside(&schedule->waiting);
	schedule->waiting_tls = queue_beside(&schedule->waiting);
	teller_init(&engine->teller, engine->arena, config,
		engine->start->scoreboard, schedule->checks);
}

static void go(struct engine *engine)
{
	engine->working = true;
	teller_begin(&engine->teller);
	schedule_start(&engine->schedule);
}

/* An order that does not fit is a mistake between the two processes, and a new
 * engine is the cure. */
static void obey(
	struct engine *engine, const union protocol_message *order, size_t size)
{
	const char *wrong =
		protocol_check_order(order, size, engine->channel.received);

	if (!wrong && order->head.type == PROTOCOL_GO && !engine->working)
		go(engine);
	else
		loop_stop(engine->loop);
}

static void on_order(void *arg)
{
	struct engine *engine = arg;
	union protocol_message order;
	size_t size;

	switch (channel_receive(&engine->channel, &order, &size)) {
	case CHANNEL_NOTHING:
		break;
	case CHANNEL_MESSAGE:
		obey(engine, &order, size);
		break;
	case CHANNEL_ENDED:
		loop_stop(engine->loop);
		break;
	}
}

/* Loads plugins and all that TLS needs. Every error is told. */
static int load(struct engine *engine)
{
	const struct engine_start *start = engine->start;
	struct security_order order = {
		.config = start->config,
		.credentials = engine->credentials,
		.system = start->system,
		.arena = engine->arena,
		.report = log_lines,
	};
	int secure;

	loader_watch(&start->scoreboard->inside, NULL);
	engine->instances = loader_load(
		start->config, start->system, engine->arena, log_lines, NULL);
	order.loaded = engine->instances;
	secure = security_load(&engine->security, &order);
	credentials_wipe(engine->credentials);
	if (!engine->instances || secure < 0)
		return -1;
	return shared_open(start->config, engine->instances, start->system,
		log_lines, NULL);
}

/* Does all that a confined process cannot: files, sockets, memory. Returns an
 * exit code. */
static int assemble(struct engine *engine)
{
	if (load(engine) < 0)
		return EX_CONFIG;
	if (security_seal(&engine->security) < 0)
		return EX_OSERR;
	engine->loop = loop_create(engine->arena);
	if (!engine->loop ||
		channel_listen(
			&engine->channel, engine->loop, on_order, engine) < 0 ||
		shared_start(engine->loop, engine->arena,
			pool_size(engine->start->config)) < 0) {
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

/* The last turn, after LEAVE, tells what is untold if the channel has room. */
static void turn(void *arg)
{
	struct engine *engine = arg;

	engine->start->scoreboard->beat++;
	if (!engine->ready)
		engine->ready =
			channel_send_type(&engine->channel, PROTOCOL_READY);
	if (engine->working)
		teller_tell(&engine->teller, &engine->channel);
}

/* Allocates nothing but what pool_warm gives back. */
static int run(struct engine *engine)
{
	bool failed;

	pool_warm(engine->schedule.pool);
	engine->ready = channel_send_type(&engine->channel, PROTOCOL_READY);
	engine->heartbeat.expired = heartbeat;
	heartbeat(&engine->heartbeat);
	failed = loop_run(engine->loop, turn, engine) < 0;
	pool_part(engine->schedule.pool);
	if (!failed)
		return EX_OK;
	log_line(LOG_ERR, "the engine's loop has failed");
	return EX_OSERR;
}

int engine_run(const struct engine_start *start)
{
	struct engine engine = {.start = start, .arena = arena_create()};
	int code;

	ignore_signals();
	/* The keeper alone has the log, from the engine's first line on. */
	channel_init(&engine.channel, start->channel);
	log_divert(channel_log, &engine.channel);
	plugin_dir_judge(engine.arena, start->config, TLS_MODULE_NAME);
	engine.credentials = credentials_read(engine.arena, start->config);
	code = start->isolate(start->confine_arg) < 0 ? EX_OSERR
						      : assemble(&engine);
	plugin_dir_close();
	if (code == EX_OK && start->confine(start->confine_arg) < 0)
		code = EX_OSERR;
	if (code == EX_OK)
		code = run(&engine);
	loader_release(start->config, engine.instances);
	log_divert(NULL, NULL);
	shared_close();
	loop_destroy(engine.loop);
	arena_destroy(engine.arena);
	return code;
}
