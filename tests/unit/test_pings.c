// SPDX-License-Identifier: GPL-2.0-or-later
/* Echo requests of probes and engines: replies of the kernel, silence, local
 * errors, and a group that may not send requests. */
#include "engine/shared.h"
#include "engine/transport/icmp.h"

#include "engine_bench.h"
#include "namespace.h"
#include "ping_bench.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>

static uint64_t took_ms(const struct verdict *verdict)
{
	return (verdict->ended_us - verdict->began_us) / 1000;
}

static void a_machine_that_replies_is_up(void **state)
{
	(void)state;
	ping_needs_namespace();
	ping_expect_up(ping("127.0.0.1", NULL, PING_LONG_MS));
	ping_expect_up(ping("127.9.9.9", NULL, PING_LONG_MS));
	ping_expect_up(ping("::1", NULL, PING_LONG_MS));
}

static void silence_is_down_at_the_deadline(void **state)
{
	static const char *const targets[] = {"127.0.0.1", "::1"};

	(void)state;
	ping_needs_namespace();
	ping_mute(true);
	for (size_t i = 0; i < 2; i++) {
		struct verdict verdict = ping(targets[i], NULL, PING_SHORT_MS);

		ping_expect_down(verdict, "no reply");
		assert_in_range(took_ms(&verdict), PING_SHORT_MS,
			PING_SHORT_MS + BENCH_SLACK_MS);
	}
	ping_mute(false);
}

static pid_t speak_after(unsigned int ms)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	clock_sleep_ms(ms);
	ping_mute(false);
	_exit(0);
}

/* A repetition is due after a third. */
static void a_lost_request_is_repeated(void **state)
{
	struct verdict verdict;
	pid_t pid;

	(void)state;
	ping_needs_namespace();
	ping_mute(true);
	pid = speak_after(300);
	verdict = ping("127.0.0.1", NULL, 3000);
	waitpid(pid, NULL, 0);
	ping_expect_up(verdict);
	assert_in_range(took_ms(&verdict), 900, 3000);
}

static void a_network_without_a_route_is_down(void **state)
{
	(void)state;
	ping_needs_namespace();
	ping_expect_down(
		ping("192.0.2.1", NULL, PING_LONG_MS), "network unreachable");
}

static void an_address_that_is_not_here_is_local_trouble(void **state)
{
	(void)state;
	ping_needs_namespace();
	assert_int_equal(ping("127.0.0.1", "192.0.2.7", PING_LONG_MS).local,
		EADDRNOTAVAIL);
	assert_int_equal(
		ping("::1", "2001:db8::7", PING_LONG_MS).local, EADDRNOTAVAIL);
}

static void no_errors(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static struct bench *make_bench(const char *const *words, uint32_t reals)
{
	struct bench *bench = bench_create();
	uint16_t vector;

	bench->config.plugin_dir = TEST_PLUGIN_DIR;
	vector = bench_vector(bench, words);
	for (uint32_t i = 0; i < reals; i++)
		bench_real(bench, 80, vector);
	return bench;
}

static const char *const pings[] = {"ping", NULL};

/* More checks than slots. */
static void an_engine_pings_many(void **state)
{
	struct bench *bench;

	(void)state;
	ping_needs_namespace();
	bench = make_bench(pings, 500);
	bench->settings[0].timeout_ms = BENCH_PATIENCE_MS;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, BENCH_PATIENCE_MS));
	for (uint32_t i = 0; i < 500; i++)
		assert_int_equal(bench->weights[i], 100);
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
}

static void an_engine_sees_many_fall_silent(void **state)
{
	struct bench *bench;

	(void)state;
	ping_needs_namespace();
	ping_mute(true);
	bench = make_bench(pings, 200);
	bench->settings[0].timeout_ms = PING_SHORT_MS;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_round, BENCH_PATIENCE_MS));
	for (uint32_t i = 0; i < 200; i++) {
		assert_false(bench->edges[i].up);
		assert_string_equal(bench->edges[i].why, "no reply");
	}
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
	ping_mute(false);
}

static void a_request_that_is_too_long_is_down(void **state)
{
	static const char *const words[] = {
		"pings", "megabyte", "line", "up", NULL};
	struct bench *bench;

	(void)state;
	ping_needs_namespace();
	bench = make_bench(words, 1);
	bench->config.plugin_dir = TEST_CHECKER_DIR;
	bench_start(bench);
	assert_true(bench_hear(bench, bench_has_edge, BENCH_PATIENCE_MS));
	assert_false(bench->edges[0].up);
	assert_string_equal(bench->edges[0].why, "datagram too long to send");
	assert_int_equal(bench_leave(bench), 0);
	bench_destroy(bench);
}

static void keep_error(void *arg, const char *text)
{
	char *kept = arg;

	assert_string_equal(kept, "");
	strncat(kept, text, 511);
}

/* Opens what a bench needs. Returns the error, or "". */
static const char *open_error(const struct bench *bench)
{
	static char error[512];
	struct arena *arena = arena_create();
	struct instance *loaded =
		loader_load(&bench->config, NULL, arena, no_errors, NULL);
	int result;

	error[0] = '\0';
	result = shared_open(&bench->config, loaded, NULL, keep_error, error);
	assert_int_equal(result, *error ? -1 : 0);
	shared_close();
	loader_release(&bench->config, loaded);
	arena_destroy(arena);
	return error;
}

static void a_group_outside_is_an_error(void **state)
{
	static const char *const connects[] = {"connect", NULL};
	struct bench *bench;

	(void)state;
	ping_needs_namespace();
	assert_true(namespace_set(PING_GROUPS, "1 0"));
	bench = make_bench(connects, 2);
	assert_string_equal(open_error(bench), "");
	bench_destroy(bench);
	bench = make_bench(pings, 2);
	assert_non_null(strstr(open_error(bench),
		"lvsmon.conf:1:1: ping: the engine's group may not send echo "
		"requests: "
		"the sysctl net.ipv4.ping_group_range must include it"));
	/* An engine ends with an error of the configuration. */
	bench_start(bench);
	assert_false(bench_hear(bench, bench_has_round, BENCH_PATIENCE_MS));
	assert_int_equal(WEXITSTATUS(bench_kill(bench)), EX_CONFIG);
	bench_destroy(bench);
	assert_true(namespace_set(PING_GROUPS, "0 2147483647"));
}

static void too_many_addresses_are_an_error(void **state)
{
	struct config_settings settings[ICMP_SOCKETS_MAX + 1] = {{0}};
	struct bench *bench;

	(void)state;
	ping_needs_namespace();
	bench = make_bench(pings, ICMP_SOCKETS_MAX + 1);
	bench->config.settings = settings;
	for (uint16_t i = 0; i <= ICMP_SOCKETS_MAX; i++) {
		bench->checks[i].settings = i;
		settings[i].bind = bench->reals[i].address;
	}
	assert_non_null(strstr(open_error(bench),
		"ping: echo requests need more than 16 sockets"));
	bench->checks[ICMP_SOCKETS_MAX].settings = 0;
	assert_string_equal(open_error(bench), "");
	bench_destroy(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_that_replies_is_up),
		cmocka_unit_test(silence_is_down_at_the_deadline),
		cmocka_unit_test(a_lost_request_is_repeated),
		cmocka_unit_test(a_network_without_a_route_is_down),
		cmocka_unit_test(an_address_that_is_not_here_is_local_trouble),
		cmocka_unit_test(an_engine_pings_many),
		cmocka_unit_test(an_engine_sees_many_fall_silent),
		cmocka_unit_test(a_request_that_is_too_long_is_down),
		cmocka_unit_test(a_group_outside_is_an_error),
		cmocka_unit_test(too_many_addresses_are_an_error),
	};

	return cmocka_run_group_tests(tests, ping_set_up, NULL);
}
