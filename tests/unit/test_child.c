// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of a child as its keeper sees it. The children are real processes,
 * and each of them does one thing. */
#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"
#include "process/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct privileges privileges = {.files = 64};
static const struct config config;
static struct arena *arena;
static struct loop *loop;
static struct scoreboard *scoreboard;
static char logged[LOG_LINE_MAX];

static void keep_line(void *arg, int level, const char *line)
{
	(void)arg;
	(void)level;
	snprintf(logged, sizeof(logged), "%s", line);
}

static void ignore(void *arg)
{
	(void)arg;
}

/* The life of an engine in these tests. */
typedef int life(int channel);

static int run(void *arg, int channel)
{
	life *const *engine = arg;

	return (*engine)(channel);
}

static void begin(struct child *child, life *engine)
{
	const struct child_birth birth = {
		.loop = loop,
		.beat = &scoreboard->beat,
		.inside = &scoreboard->inside,
		.run = run,
		.readable = ignore,
		.arg = &engine,
	};

	assert_int_equal(child_begin(child, &birth), 0);
}

static int hear(struct child *child, union protocol_message *message)
{
	struct pollfd ready = {.fd = child->channel.fd, .events = POLLIN};

	assert_int_equal(poll(&ready, 1, 10000), 1);
	return child_hear(child, &privileges, &config, message);
}

static int reap(struct child *child)
{
	int status;

	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	child_end(child);
	return status;
}

static void say(int channel, enum protocol_type type, uint32_t seq)
{
	union protocol_message message = {.head = {.type = type, .seq = seq}};

	if (send(channel, &message, protocol_size(&message), 0) < 0)
		_exit(1);
}

static void wait_for_leave(int channel)
{
	union protocol_message message;
	struct pollfd ready = {.fd = channel, .events = POLLIN};

	poll(&ready, 1, -1);
	if (recv(channel, &message, sizeof(message), 0) !=
			sizeof(message.head) ||
		message.head.type != PROTOCOL_LEAVE || message.head.seq != 1)
		_exit(2);
}

static int well_behaved(int channel)
{
	say(channel, PROTOCOL_READY, 1);
	say(channel, PROTOCOL_ROUND, 2);
	wait_for_leave(channel);
	return 7;
}

static int skips_a_number(int channel)
{
	say(channel, PROTOCOL_READY, 2);
	pause();
	return 0;
}

static int too_long(int channel)
{
	static char bytes[sizeof(union protocol_message) + 1];

	send(channel, bytes, sizeof(bytes), 0);
	pause();
	return 0;
}

static int ends(int channel)
{
	(void)channel;
	return 3;
}

static int does_not_leave(int channel)
{
	say(channel, PROTOCOL_READY, 1);
	while (pause() < 0)
		;
	return 0;
}

static int closes_its_channel(int channel)
{
	close(channel);
	while (pause() < 0)
		;
	return 0;
}

static int looks_around(int channel)
{
	int open = 0;

	for (int fd = 0; fd < 1024; fd++)
		open += fcntl(fd, F_GETFD) >= 0;
	(void)channel;
	scoreboard->counters.probes = 42;
	return open == 4 ? 0 : open;
}

static void speaks_and_leaves(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, well_behaved);
	assert_int_equal(hear(&child, &message), 1);
	assert_int_equal(message.head.type, PROTOCOL_READY);
	assert_int_equal(hear(&child, &message), 1);
	assert_int_equal(message.head.type, PROTOCOL_ROUND);
	assert_int_equal(child_hear(&child, &privileges, &config, &message), 0);
	child_ask_to_leave(&child);
	assert_int_equal(WEXITSTATUS(reap(&child)), 7);
	assert_int_equal(child.pid, 0);
	assert_int_equal(child.channel.fd, -1);
}

static void is_killed_for_a_broken_protocol(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, skips_a_number);
	assert_int_equal(hear(&child, &message), -1);
	assert_non_null(strstr(logged, "a number out of sequence"));
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
	begin(&child, too_long);
	assert_int_equal(hear(&child, &message), -1);
	assert_non_null(strstr(logged, "too long a message"));
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

static void is_noticed_when_it_ends(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, ends);
	assert_int_equal(hear(&child, &message), -1);
	assert_int_equal(WEXITSTATUS(reap(&child)), 3);
}

static void waits_longer_after_each_death(void **state)
{
	static const uint64_t waits[] = {
		0, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
	struct child child = {.channel.fd = -1};

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		uint64_t now;

		begin(&child, ends);
		reap(&child);
		now = clock_ms();
		/* child_end set it a little before now. */
		assert_true(child.again_ms <= now + waits[i]);
		assert_true(child.again_ms + 900 >= now + waits[i]);
	}
}

static void is_killed_when_it_does_not_leave(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, does_not_leave);
	assert_int_equal(hear(&child, &message), 1);
	child.ready = true;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child_ask_to_leave(&child);
	child.since_ms -= CHILD_LEAVE_MS + 1;
	assert_true(child_check(&child, &privileges, scoreboard->beat));
	assert_non_null(strstr(logged, "does not leave"));
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

static void is_killed_when_it_hangs(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, does_not_leave);
	assert_int_equal(hear(&child, &message), 1);
	child.ready = true;
	child.beat_ms -= CHILD_HANG_MS + 1;
	scoreboard->beat++;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.beat_ms -= CHILD_HANG_MS + 1;
	assert_true(child_check(&child, &privileges, scoreboard->beat));
	assert_non_null(strstr(logged, "hangs"));
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

static void is_killed_in_an_endless_step(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, does_not_leave);
	assert_int_equal(hear(&child, &message), 1);
	child.ready = true;
	scoreboard->inside = 3;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.beat_ms -= CHILD_STEP_MS;
	scoreboard->beat++;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.beat_ms -= CHILD_STEP_MS;
	scoreboard->inside = 0;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	scoreboard->inside = 4;
	assert_true(child_check(&child, &privileges, scoreboard->beat));
	assert_non_null(strstr(logged, "hangs in a step of a checker"));
	scoreboard->inside = 0;
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

static void is_killed_if_a_checker_does_not_load(void **state)
{
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, does_not_leave);
	scoreboard->inside = 1;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.load_ms -= CHILD_LOAD_MS + 1;
	scoreboard->inside = 2;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.load_ms -= CHILD_LOAD_MS + 1;
	assert_true(child_check(&child, &privileges, scoreboard->beat));
	assert_non_null(strstr(logged, "does not finish loading a checker"));
	scoreboard->inside = 0;
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

/* Time in which the keeper stood still counts against nobody: as if both had
 * been stopped for so long. */
static void is_spared_if_its_keeper_stood_still(void **state)
{
	const uint64_t pause_ms = 100000;
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, does_not_leave);
	child.since_ms -= pause_ms;
	child.check_ms -= pause_ms;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	assert_int_equal(hear(&child, &message), 1);
	child.ready = true;
	child.beat_ms -= pause_ms;
	child.check_ms -= pause_ms;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.beat_ms -= pause_ms;
	child.check_ms -= pause_ms;
	scoreboard->inside = 1;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	scoreboard->inside = 0;
	child_ask_to_leave(&child);
	child.check_ms -= pause_ms;
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.since_ms -= CHILD_LEAVE_MS + 1;
	assert_true(child_check(&child, &privileges, scoreboard->beat));
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

static void is_killed_when_it_closes_its_channel(void **state)
{
	union protocol_message message;
	struct child child = {.channel.fd = -1};

	(void)state;
	begin(&child, closes_its_channel);
	assert_int_equal(hear(&child, &message), -1);
	assert_false(child_check(&child, &privileges, scoreboard->beat));
	child.mute_ms -= CHILD_MUTE_MS + 1;
	assert_true(child_check(&child, &privileges, scoreboard->beat));
	assert_non_null(strstr(logged, "has closed its channel"));
	assert_int_equal(WTERMSIG(reap(&child)), SIGKILL);
}

static void has_only_what_it_needs(void **state)
{
	struct child child = {.channel.fd = -1};

	(void)state;
	scoreboard->counters.probes = 0;
	begin(&child, looks_around);
	assert_int_equal(WEXITSTATUS(reap(&child)), 0);
	assert_int_equal(scoreboard->counters.probes, 42);
}

static int set_up(void **state)
{
	(void)state;
	log_divert(keep_line, NULL);
	arena = arena_create();
	loop = loop_create(arena);
	scoreboard = mmap(NULL, sizeof(*scoreboard), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return loop && scoreboard != MAP_FAILED ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	loop_destroy(loop);
	arena_destroy(arena);
	return munmap(scoreboard, sizeof(*scoreboard));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speaks_and_leaves),
		cmocka_unit_test(is_killed_for_a_broken_protocol),
		cmocka_unit_test(is_noticed_when_it_ends),
		cmocka_unit_test(waits_longer_after_each_death),
		cmocka_unit_test(is_killed_when_it_does_not_leave),
		cmocka_unit_test(is_killed_when_it_hangs),
		cmocka_unit_test(is_killed_in_an_endless_step),
		cmocka_unit_test(is_killed_if_a_checker_does_not_load),
		cmocka_unit_test(is_spared_if_its_keeper_stood_still),
		cmocka_unit_test(is_killed_when_it_closes_its_channel),
		cmocka_unit_test(has_only_what_it_needs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
