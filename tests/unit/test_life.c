// SPDX-License-Identifier: GPL-2.0-or-later
/* An engine's life as the keeper sees it; the engines here are real processes
 * that do one thing each. */
#include "base/clock.h"
#include "base/log.h"
#include "keeper/life.h"

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
static struct watch_loop *loop;
static struct board *board;
static char logged[LOG_LINE_MAX];

static void keep_line(void *arg, int level, const char *line)
{
	(void)arg;
	(void)level;
	snprintf(logged, sizeof(logged), "%s", line);
}

static void ignore(void *arg, int fd)
{
	(void)arg;
	(void)fd;
}

static void begin(
	struct life *life, int (*engine)(const struct engine_start *start))
{
	const struct life_birth birth = {
		.loop = loop,
		.privileges = &privileges,
		.config = &config,
		.board = board,
		.engine = engine,
		.readable = ignore,
	};

	assert_int_equal(life_begin(life, &birth), 0);
}

static int hear(struct life *life, union protocol_message *message)
{
	struct pollfd ready = {.fd = life->channel, .events = POLLIN};

	assert_int_equal(poll(&ready, 1, 10000), 1);
	return life_hear(life, &privileges, &config, message);
}

static int reap(struct life *life)
{
	int status;

	assert_int_equal(waitpid(life->pid, &status, 0), life->pid);
	life_end(life);
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

static int well_behaved(const struct engine_start *start)
{
	say(start->channel, PROTOCOL_READY, 1);
	say(start->channel, PROTOCOL_ROUND, 2);
	wait_for_leave(start->channel);
	return 7;
}

static int skips_a_number(const struct engine_start *start)
{
	say(start->channel, PROTOCOL_READY, 2);
	pause();
	return 0;
}

static int too_long(const struct engine_start *start)
{
	static char bytes[sizeof(union protocol_message) + 1];

	send(start->channel, bytes, sizeof(bytes), 0);
	pause();
	return 0;
}

static int ends(const struct engine_start *start)
{
	(void)start;
	return 3;
}

static int does_not_leave(const struct engine_start *start)
{
	say(start->channel, PROTOCOL_READY, 1);
	while (pause() < 0)
		;
	return 0;
}

static int closes_its_channel(const struct engine_start *start)
{
	close(start->channel);
	while (pause() < 0)
		;
	return 0;
}

static int looks_around(const struct engine_start *start)
{
	int open = 0;

	for (int fd = 0; fd < 1024; fd++)
		open += fcntl(fd, F_GETFD) >= 0;
	start->board->probes = 42;
	return open == 4 ? 0 : open;
}

static void speaks_and_leaves(void **state)
{
	union protocol_message message;
	struct life life = {.channel = -1};

	(void)state;
	begin(&life, well_behaved);
	assert_int_equal(hear(&life, &message), 1);
	assert_int_equal(message.head.type, PROTOCOL_READY);
	assert_int_equal(hear(&life, &message), 1);
	assert_int_equal(message.head.type, PROTOCOL_ROUND);
	assert_int_equal(life_hear(&life, &privileges, &config, &message), 0);
	life_ask_to_leave(&life);
	assert_int_equal(WEXITSTATUS(reap(&life)), 7);
	assert_int_equal(life.pid, 0);
	assert_int_equal(life.channel, -1);
}

static void is_killed_for_a_broken_protocol(void **state)
{
	union protocol_message message;
	struct life life = {.channel = -1};

	(void)state;
	begin(&life, skips_a_number);
	assert_int_equal(hear(&life, &message), -1);
	assert_non_null(strstr(logged, "a number out of sequence"));
	assert_int_equal(WTERMSIG(reap(&life)), SIGKILL);
	begin(&life, too_long);
	assert_int_equal(hear(&life, &message), -1);
	assert_non_null(strstr(logged, "too long a message"));
	assert_int_equal(WTERMSIG(reap(&life)), SIGKILL);
}

static void is_noticed_when_it_ends(void **state)
{
	union protocol_message message;
	struct life life = {.channel = -1};

	(void)state;
	begin(&life, ends);
	assert_int_equal(hear(&life, &message), -1);
	assert_int_equal(WEXITSTATUS(reap(&life)), 3);
}

static void waits_longer_after_each_death(void **state)
{
	static const uint64_t waits[] = {
		0, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
	struct life life = {.channel = -1};

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		uint64_t now;

		begin(&life, ends);
		reap(&life);
		now = clock_ms();
		/* It was set a little before now. */
		assert_true(life.again_ms <= now + waits[i]);
		assert_true(life.again_ms + 900 >= now + waits[i]);
	}
}

static void is_killed_when_it_does_not_leave(void **state)
{
	union protocol_message message;
	struct life life = {.channel = -1};

	(void)state;
	begin(&life, does_not_leave);
	assert_int_equal(hear(&life, &message), 1);
	life.ready = true;
	assert_false(life_check(&life, &privileges, board));
	life_ask_to_leave(&life);
	life.since_ms -= LIFE_LEAVE_MS + 1;
	assert_true(life_check(&life, &privileges, board));
	assert_non_null(strstr(logged, "does not leave"));
	assert_int_equal(WTERMSIG(reap(&life)), SIGKILL);
}

static void is_killed_when_it_hangs(void **state)
{
	union protocol_message message;
	struct life life = {.channel = -1};

	(void)state;
	begin(&life, does_not_leave);
	assert_int_equal(hear(&life, &message), 1);
	life.ready = true;
	life.beat_ms -= LIFE_HANG_MS + 1;
	board->beat++;
	assert_false(life_check(&life, &privileges, board));
	life.beat_ms -= LIFE_HANG_MS + 1;
	assert_true(life_check(&life, &privileges, board));
	assert_non_null(strstr(logged, "hangs"));
	assert_int_equal(WTERMSIG(reap(&life)), SIGKILL);
}

static void is_killed_when_it_closes_its_channel(void **state)
{
	union protocol_message message;
	struct life life = {.channel = -1};

	(void)state;
	begin(&life, closes_its_channel);
	assert_int_equal(hear(&life, &message), -1);
	assert_false(life_check(&life, &privileges, board));
	life.mute_ms -= LIFE_MUTE_MS + 1;
	assert_true(life_check(&life, &privileges, board));
	assert_non_null(strstr(logged, "has closed its channel"));
	assert_int_equal(WTERMSIG(reap(&life)), SIGKILL);
}

static void has_only_what_it_needs(void **state)
{
	struct life life = {.channel = -1};

	(void)state;
	board->probes = 0;
	begin(&life, looks_around);
	assert_int_equal(WEXITSTATUS(reap(&life)), 0);
	assert_int_equal(board->probes, 42);
}

static int set_up(void **state)
{
	(void)state;
	log_divert(keep_line, NULL);
	loop = watch_loop_create();
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return loop && board != MAP_FAILED ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	watch_loop_destroy(loop);
	return munmap(board, sizeof(*board));
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
		cmocka_unit_test(is_killed_when_it_closes_its_channel),
		cmocka_unit_test(has_only_what_it_needs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
