// SPDX-License-Identifier: GPL-2.0-or-later
/* An engine's child. */
#include "process/child.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nothing of the keeper's but its standard files and the engine's end of the
 * channel; no handler of its loop. */
static void forget_keeper(int channel)
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGTERM, SIGCHLD, SIGUSR1};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	if (channel > 3)
		close_range(3, (unsigned int)channel - 1, 0);
	close_range((unsigned int)channel + 1, ~0U, 0);
}

static _Noreturn void be_engine(const struct child_birth *birth, int channel)
{
	struct privileges privileges = *birth->privileges;
	const struct engine_start start = {
		.config = birth->config,
		.system = birth->system,
		.scoreboard = birth->scoreboard,
		.channel = channel,
		.confine = privileges_confine,
		.confine_arg = &privileges,
	};

	privileges.files = birth->config->pool + CHILD_FILES_BESIDE_PROBES;
	forget_keeper(channel);
	if (birth->forget)
		birth->forget(birth->arg);
	_exit(birth->engine(&start));
}

int child_begin(struct child *child, const struct child_birth *birth)
{
	uint32_t deaths = child->deaths;
	int channel[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0, channel) < 0) {
		log_line(LOG_ERR, "channel: %s", strerror(errno));
		return -1;
	}
	*child = (struct child){
		.channel = channel[0],
		.since_ms = clock_ms(),
		.beat_ms = clock_ms(),
		.beat = birth->scoreboard->beat,
		.deaths = deaths,
		.watch = watch_readable(
			birth->loop, channel[0], birth->readable, birth->arg),
	};
	child->pid = child->watch ? fork() : -1;
	if (child->pid == 0)
		be_engine(birth, channel[1]);
	close(channel[1]);
	if (child->pid > 0)
		return 0;
	log_line(LOG_ERR, "no new engine: %s", strerror(errno));
	child_end(child);
	return -1;
}

static int child_broken(struct child *child,
	const struct privileges *privileges, const char *how)
{
	log_line(LOG_ERR,
		"engine %d sent %s: it is replaced, the table stays as it is",
		(int)child->pid, how);
	child_kill(child, privileges);
	return -1;
}

int child_hear(struct child *child, const struct privileges *privileges,
	const struct config *config, union protocol_message *message)
{
	const char *wrong;
	ssize_t size;

	if (child->deaf)
		return -1;
	size = recv(child->channel, message, sizeof(*message), MSG_TRUNC);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (size <= 0) {
		/* Most likely it has ended, and that will be told; not killed
		 * here, for it may have been reaped already. */
		watch_drop(child->watch);
		child->watch = NULL;
		child->mute_ms = clock_ms();
		return -1;
	}
	if ((size_t)size > sizeof(*message))
		return child_broken(child, privileges, "too long a message");
	wrong = protocol_check(message, (size_t)size, child->heard + 1, config);
	if (wrong)
		return child_broken(child, privileges, wrong);
	child->heard++;
	return 1;
}

void child_ask_to_leave(struct child *child)
{
	union protocol_message message = {
		.head = {.type = PROTOCOL_LEAVE, .seq = child->said + 1},
	};

	if (!child->pid || child->leaving)
		return;
	child->leaving = true;
	child->since_ms = clock_ms();
	if (send(child->channel, &message, protocol_size(&message),
		    MSG_NOSIGNAL) > 0)
		child->said++;
}

void child_kill(struct child *child, const struct privileges *privileges)
{
	if (!child->pid || child->deaf)
		return;
	child->deaf = true;
	watch_drop(child->watch);
	child->watch = NULL;
	if (privileges_kill(privileges, child->pid, SIGKILL) < 0)
		log_line(LOG_ERR, "engine %d cannot be killed: %s",
			(int)child->pid, strerror(errno));
}

static const char *child_hangs(
	struct child *child, const struct scoreboard *scoreboard)
{
	uint64_t now = clock_ms();
	uint64_t beat = scoreboard->beat;

	if (child->mute_ms && now - child->mute_ms > CHILD_MUTE_MS)
		return "has closed its channel";
	if (child->leaving)
		return now - child->since_ms > CHILD_LEAVE_MS ? "does not leave"
							      : NULL;
	if (!child->ready)
		return now - child->since_ms > CHILD_BIRTH_MS
			       ? "does not get ready"
			       : NULL;
	if (beat != child->beat) {
		child->beat = beat;
		child->beat_ms = now;
	}
	return now - child->beat_ms > CHILD_HANG_MS ? "hangs" : NULL;
}

bool child_check(struct child *child, const struct privileges *privileges,
	const struct scoreboard *scoreboard)
{
	const char *how;

	if (!child->pid || child->deaf)
		return false;
	how = child_hangs(child, scoreboard);
	if (!how)
		return false;
	log_line(LOG_ERR, "engine %d %s: killed", (int)child->pid, how);
	child_kill(child, privileges);
	return true;
}

/* At once after the first death, then 1 s, 2 s, 4 s ... */
static uint64_t child_back_off(const struct child *child)
{
	uint64_t wait = child->deaths < 2 ? 0 : 1000;

	for (uint32_t i = 2; i < child->deaths && wait < CHILD_BACK_OFF_MAX_MS;
		i++)
		wait *= 2;
	return wait < CHILD_BACK_OFF_MAX_MS ? wait : CHILD_BACK_OFF_MAX_MS;
}

void child_end(struct child *child)
{
	uint64_t now = clock_ms();

	watch_drop(child->watch);
	close(child->channel);
	if (child->ready && now - child->since_ms > CHILD_FORGIVEN_MS)
		child->deaths = 0;
	child->deaths++;
	*child = (struct child){
		.channel = -1,
		.deaths = child->deaths,
		.again_ms = now + child_back_off(child),
	};
}
