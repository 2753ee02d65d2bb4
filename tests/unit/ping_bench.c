// SPDX-License-Identifier: GPL-2.0-or-later
/* A bench for echo requests. */
#include "ping_bench.h"

#include "engine/pool.h"
#include "engine/shared.h"

#include "engine_bench.h"
#include "namespace.h"

#define INPUT_SIZE 16384
#define MUTE "/proc/sys/net/ipv4/icmp_echo_ignore_all"
#define MUTE6 "/proc/sys/net/ipv6/icmp/echo_ignore_all"

static bool allowed; /* there is a namespace */

int ping_set_up(void **state)
{
	(void)state;
	allowed = namespace_enter();
	return 0;
}

void ping_needs_namespace(void)
{
	if (!allowed)
		skip();
}

void ping_mute(bool on)
{
	assert_true(namespace_set(MUTE, on ? "1" : "0"));
	assert_true(namespace_set(MUTE6, on ? "1" : "0"));
}

struct run {
	struct loop *loop;
	bool done;
	struct verdict verdict;
	_Atomic uint32_t inside;
};

static void note(void *arg, uint32_t check, const struct verdict *verdict)
{
	struct run *run = arg;

	(void)check;
	assert_false(run->done);
	run->done = true;
	run->verdict = *verdict;
	loop_stop(run->loop);
}

static void no_turn(void *arg)
{
	(void)arg;
}

static void no_errors(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static void run_probe(struct run *run, struct arena *arena,
	const struct config *config, const struct instance *vector)
{
	const struct probe_host host = {
		.loop = run->loop,
		.input_size = INPUT_SIZE,
		.done = note,
		.arg = run,
		.inside = &run->inside,
	};
	struct pool *pool = pool_create(arena, &host, 1);
	const struct probe_order order = {
		.vector = vector,
		.settings = config->settings,
		.target = config_check_target(config, 0, 0),
	};
	int error = probe_begin(pool_take(pool), &order);

	if (error) {
		run->verdict.local = error;
		return;
	}
	assert_false(run->done);
	assert_int_equal(loop_run(run->loop, no_turn, NULL), 0);
	assert_true(run->done);
}

/* Runs one probe of the checker ping in this process. from may be NULL. */
struct verdict ping(const char *to, const char *from, uint32_t timeout)
{
	static char name[] = "ping";
	static char *argv[] = {name, NULL};
	struct arena *arena = arena_create();
	struct config_vector vector = {.argc = 1, .argv = argv};
	struct config_settings settings = {.timeout_ms = timeout};
	struct config_real real = {0};
	struct config_check check = {0};
	const struct config config = {
		.plugin_dir = TEST_PLUGIN_DIR,
		.vectors = &vector,
		.vector_count = 1,
		.settings = &settings,
		.settings_count = 1,
		.reals = &real,
		.real_count = 1,
		.checks = &check,
		.check_count = 1,
	};
	struct run run = {.loop = loop_create(arena)};
	struct instance *loaded;

	address_parse(&real.address, to);
	if (from)
		address_parse(&settings.bind, from);
	loaded = loader_load(&config, NULL, arena, no_errors, NULL);
	assert_int_equal(
		shared_open(&config, loaded, NULL, no_errors, NULL), 0);
	assert_int_equal(shared_start(run.loop, arena, 1), 0);
	run_probe(&run, arena, &config, &loaded[0]);
	loader_release(&config, loaded);
	shared_close();
	loop_destroy(run.loop);
	arena_destroy(arena);
	return run.verdict;
}

void ping_expect_up(struct verdict verdict)
{
	if (!verdict.up || verdict.local)
		fail_msg("down: %s, local %d", verdict.why, verdict.local);
}

void ping_expect_down(struct verdict verdict, const char *why)
{
	if (verdict.up || verdict.local || strcmp(verdict.why, why) != 0)
		fail_msg("%s: '%s', not '%s', local %d",
			verdict.up ? "up" : "down", verdict.why, why,
			verdict.local);
}
