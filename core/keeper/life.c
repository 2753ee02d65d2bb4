// SPDX-License-Identifier: GPL-2.0-or-later
/* An engine's life. */
#include "keeper/life.h"

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

static _Noreturn void be_engine(const struct life_birth *birth, int channel)
{
	struct privileges privileges = *birth->privileges;
	const struct engine_start start = {
		.config = birth->config,
		.world = birth->world,
		.board = birth->board,
		.channel = channel,
		.confine = privileges_confine,
		.confine_arg = &privileges,
	};

	privileges.files = birth->config->pool + LIFE_FILES_BESIDE_PROBES;
	forget_keeper(channel);
	if (birth->forget)
		birth->forget(birth->arg);
	_exit(birth->engine(&start));
}

int life_begin(struct life *life, const struct life_birth *birth)
{
	uint32_t deaths = life->deaths;
	int channel[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0, channel) < 0) {
		log_line(LOG_ERR, "channel: %s", strerror(errno));
		return -1;
	}
	*life = (struct life){
		.channel = channel[0],
		.since_ms = clock_ms(),
		.beat_ms = clock_ms(),
		.beat = birth->board->beat,
		.deaths = deaths,
		.watch = watch_readable(
			birth->loop, channel[0], birth->readable, birth->arg),
	};
	life->pid = life->watch ? fork() : -1;
	if (life->pid == 0)
		be_engine(birth, channel[1]);
	close(channel[1]);
	if (life->pid > 0)
		return 0;
	log_line(LOG_ERR, "no new engine: %s", strerror(errno));
	life_end(life);
	return -1;
}

static int life_broken(
	struct life *life, const struct privileges *privileges, const char *how)
{
	log_line(LOG_ERR,
		"engine %d sent %s: it is replaced, the table stays as it is",
		(int)life->pid, how);
	life_kill(life, privileges);
	return -1;
}

int life_hear(struct life *life, const struct privileges *privileges,
	const struct config *config, union protocol_message *message)
{
	const char *wrong;
	ssize_t size;

	if (life->deaf)
		return -1;
	size = recv(life->channel, message, sizeof(*message), MSG_TRUNC);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (size <= 0) {
		/* Most likely it has ended, and that will be told; not killed
		 * here, for it may have been reaped already. */
		watch_drop(life->watch);
		life->watch = NULL;
		life->mute_ms = clock_ms();
		return -1;
	}
	if ((size_t)size > sizeof(*message))
		return life_broken(life, privileges, "too long a message");
	wrong = protocol_check(message, (size_t)size, life->heard + 1, config);
	if (wrong)
		return life_broken(life, privileges, wrong);
	life->heard++;
	return 1;
}

void life_ask_to_leave(struct life *life)
{
	union protocol_message message = {
		.head = {.type = PROTOCOL_LEAVE, .seq = life->said + 1},
	};

	if (!life->pid || life->leaving)
		return;
	life->leaving = true;
	life->since_ms = clock_ms();
	if (send(life->channel, &message, protocol_size(&message),
		    MSG_NOSIGNAL) > 0)
		life->said++;
}

void life_kill(struct life *life, const struct privileges *privileges)
{
	if (!life->pid || life->deaf)
		return;
	life->deaf = true;
	watch_drop(life->watch);
	life->watch = NULL;
	if (privileges_kill(privileges, life->pid, SIGKILL) < 0)
		log_line(LOG_ERR, "engine %d cannot be killed: %s",
			(int)life->pid, strerror(errno));
}

static const char *life_hangs(struct life *life, const struct board *board)
{
	uint64_t now = clock_ms();
	uint64_t beat = board->beat;

	if (life->mute_ms && now - life->mute_ms > LIFE_MUTE_MS)
		return "has closed its channel";
	if (life->leaving)
		return now - life->since_ms > LIFE_LEAVE_MS ? "does not leave"
							    : NULL;
	if (!life->ready)
		return now - life->since_ms > LIFE_BIRTH_MS
			       ? "does not get ready"
			       : NULL;
	if (beat != life->beat) {
		life->beat = beat;
		life->beat_ms = now;
	}
	return now - life->beat_ms > LIFE_HANG_MS ? "hangs" : NULL;
}

bool life_check(struct life *life, const struct privileges *privileges,
	const struct board *board)
{
	const char *how;

	if (!life->pid || life->deaf)
		return false;
	how = life_hangs(life, board);
	if (!how)
		return false;
	log_line(LOG_ERR, "engine %d %s: killed", (int)life->pid, how);
	life_kill(life, privileges);
	return true;
}

/* At once after the first death, then 1 s, 2 s, 4 s ... */
static uint64_t life_back_off(const struct life *life)
{
	uint64_t wait = life->deaths < 2 ? 0 : 1000;

	for (uint32_t i = 2; i < life->deaths && wait < LIFE_BACK_OFF_MAX_MS;
		i++)
		wait *= 2;
	return wait < LIFE_BACK_OFF_MAX_MS ? wait : LIFE_BACK_OFF_MAX_MS;
}

void life_end(struct life *life)
{
	uint64_t now = clock_ms();

	watch_drop(life->watch);
	close(life->channel);
	if (life->ready && now - life->since_ms > LIFE_FORGIVEN_MS)
		life->deaths = 0;
	life->deaths++;
	*life = (struct life){
		.channel = -1,
		.deaths = life->deaths,
		.again_ms = now + life_back_off(life),
	};
}
