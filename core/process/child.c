// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of a process that the keeper starts. */
#include "process/child.h"

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

int child_forget_keeper(int channel)
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGTERM, SIGCHLD, SIGUSR1};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	if (descriptors_close(channel) == 0 && descriptors_mute() == 0)
		return 0;
	log_line(LOG_ERR, "a child cannot close the keeper's files: %s",
		strerror(errno));
	return -1;
}

static _Noreturn void be_child(
	const struct child_birth *birth, pid_t keeper, int channel)
{
	privileges_die_with(keeper);
	if (child_forget_keeper(channel) < 0)
		_exit(EX_OSERR);
	_exit(birth->run(birth->arg, channel));
}

void child_init(struct child *child)
{
	*child = (struct child){.channel.fd = -1};
}

/* Forks with both ends at hand; the keeper's is child->channel already. */
static int spawn(struct child *child, const struct child_birth *birth, int end)
{
	pid_t keeper = getpid();

	child->pid = fork();
	if (child->pid == 0)
		be_child(birth, keeper, end);
	return child->pid > 0 ? 0 : -1;
}

int child_begin(struct child *child, const struct child_birth *birth)
{
	uint32_t deaths = child->deaths;
	int ends[2];
	int result;

	assert(!child->pid);
	if (channel_pair(ends) < 0) {
		log_line(LOG_ERR, "channel: %s", strerror(errno));
		return -1;
	}
	*child = (struct child){
		.since_ms = clock_ms(),
		.beat_ms = clock_ms(),
		.beat = *birth->beat,
		.check_ms = clock_ms(),
		.inside = birth->inside,
		.deaths = deaths,
	};
	result = channel_open(&child->channel, birth->loop, ends[0],
		birth->readable, birth->arg);
	if (result == 0)
		result = spawn(child, birth, ends[1]);
	close(ends[1]);
	if (result == 0)
		return 0;
	log_line(LOG_ERR, "no new engine: %s", strerror(errno));
	child_end(child);
	return -1;
}

int child_broke(struct child *child, const struct privileges *privileges,
	const char *how)
{
	log_line(LOG_ERR,
		"engine %d sent %s: it is replaced, the table stays as it is",
		(int)child->pid, how);
	child_kill(child, privileges);
	return -1;
}

/* Most likely the process has ended, and that will be told. It is not killed
 * here because it may have been reaped already. */
static int went_mute(struct child *child)
{
	channel_ignore(&child->channel);
	child->mute_ms = clock_ms();
	return -1;
}

int child_hear(struct child *child, const struct privileges *privileges,
	const struct config *config, union protocol_message *message)
{
	const char *wrong;
	size_t size;

	if (child->deaf || child->mute_ms || child->channel.fd < 0)
		return -1;
	switch (channel_receive(&child->channel, message, &size)) {
	case CHANNEL_NOTHING:
		return 0;
	case CHANNEL_ENDED:
		return went_mute(child);
	case CHANNEL_MESSAGE:
		break;
	}
	if (size > sizeof(*message))
		return child_broke(child, privileges, "too long a message");
	wrong = protocol_check(message, size, child->channel.received, config);
	return wrong ? child_broke(child, privileges, wrong) : 1;
}

int child_go(struct child *child)
{
	assert(child->ready && !child->working);
	if (!channel_send_type(&child->channel, PROTOCOL_GO))
		return -1;
	child->working = true;
	return 0;
}

void child_ask_to_leave(struct child *child)
{
	if (!child->pid || child->leaving)
		return;
	child->leaving = true;
	child->since_ms = clock_ms();
	channel_send_type(&child->channel, PROTOCOL_LEAVE);
}

void child_kill(struct child *child, const struct privileges *privileges)
{
	if (!child->pid || child->deaf)
		return;
	child->deaf = true;
	channel_ignore(&child->channel);
	if (privileges_kill(privileges, child->pid, SIGKILL) < 0)
		log_line(LOG_ERR, "engine %d cannot be killed: %s",
			(int)child->pid, strerror(errno));
}

static uint32_t inside_of(const struct child *child)
{
	return child->inside ? *child->inside : 0;
}

static const char *birth_hangs(struct child *child, uint64_t now)
{
	uint32_t load = inside_of(child);

	if (load != child->load) {
		child->load = load;
		child->load_ms = now;
	}
	if (load && now - child->load_ms > CHILD_LOAD_MS)
		return "does not finish loading a checker";
	return now - child->since_ms > CHILD_BIRTH_MS ? "does not get ready"
						      : NULL;
}

static const char *loop_hangs(struct child *child, uint64_t now, uint64_t beat)
{
	if (beat != child->beat) {
		child->beat = beat;
		child->beat_ms = now;
	}
	if (inside_of(child) && now - child->beat_ms >= CHILD_STEP_MS)
		return "hangs in a step of a checker";
	return now - child->beat_ms > CHILD_HANG_MS ? "hangs" : NULL;
}

static const char *child_hangs(struct child *child, uint64_t now, uint64_t beat)
{
	if (child->mute_ms && now - child->mute_ms > CHILD_MUTE_MS)
		return "has closed its channel";
	if (child->leaving)
		return now - child->since_ms > CHILD_LEAVE_MS ? "does not leave"
							      : NULL;
	if (!child->ready)
		return birth_hangs(child, now);
	return loop_hangs(child, now, beat);
}

/* A moment after the last child_check moves up to now at most. */
static uint64_t moved(uint64_t ms, uint64_t gap, uint64_t now)
{
	return now - ms > gap ? ms + gap : now;
}

/* The keeper itself was stopped, perhaps together with the child. */
static void pass_over(struct child *child, uint64_t now)
{
	uint64_t gap = now - child->check_ms;

	child->check_ms = now;
	if (gap <= CHILD_CHECK_MS)
		return;
	child->since_ms = moved(child->since_ms, gap, now);
	child->beat_ms = moved(child->beat_ms, gap, now);
	child->load_ms = moved(child->load_ms, gap, now);
	if (child->mute_ms)
		child->mute_ms = moved(child->mute_ms, gap, now);
}

bool child_check(
	struct child *child, const struct privileges *privileges, uint64_t beat)
{
	uint64_t now = clock_ms();
	const char *how;

	if (!child->pid || child->deaf)
		return false;
	pass_over(child, now);
	how = child_hangs(child, now, beat);
	if (!how)
		return false;
	log_line(LOG_ERR, "engine %d %s: killed", (int)child->pid, how);
	child_kill(child, privileges);
	return true;
}

/* Nothing after the first death, then 1 s, 2 s, 4 s ... */
static uint64_t back_off(uint32_t deaths)
{
	uint64_t wait = deaths < 2 ? 0 : 1000;

	for (uint32_t i = 2; i < deaths && wait < CHILD_BACK_OFF_MAX_MS; i++)
		wait *= 2;
	return wait < CHILD_BACK_OFF_MAX_MS ? wait : CHILD_BACK_OFF_MAX_MS;
}

void child_end(struct child *child)
{
	uint64_t now = clock_ms();
	uint32_t deaths = child->deaths;

	channel_close(&child->channel);
	if (child->ready && now - child->since_ms > CHILD_FORGIVEN_MS)
		deaths = 0;
	deaths += !child->leaving;
	child_init(child);
	child->deaths = deaths;
	child->again_ms = now + back_off(deaths);
}

void child_forgive(struct child *child)
{
	child->deaths = 0;
	child->again_ms = 0;
}
