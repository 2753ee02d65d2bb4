/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine's child: born by fork, spoken with over a channel, watched by its
 * beats, and buried. What its messages mean is for whoever started it. */
#ifndef LVSMON_PROCESS_CHILD_H
#define LVSMON_PROCESS_CHILD_H

#include "engine/engine.h"
#include "ipc/protocol.h"
#include "loop/watch.h"
#include "process/privileges.h"

#include <stdbool.h>
#include <stdint.h>

/* An engine whose loop has not turned for so long is hung. */
#define CHILD_HANG_MS 5000
/* The same until it is ready: it loads plugins. */
#define CHILD_BIRTH_MS 30000
/* What an engine has that was asked to leave. */
#define CHILD_LEAVE_MS 2000
/* The same for one that closed its channel. */
#define CHILD_MUTE_MS 1000
/* The longest wait before a new engine after one that died. */
#define CHILD_BACK_OFF_MAX_MS 30000
/* An engine that lived so long is forgiven the deaths before. */
#define CHILD_FORGIVEN_MS 60000

/* Descriptors an engine has beside its probes': standard files, the channel,
 * what libevent opens, and some to spare. */
#define CHILD_FILES_BESIDE_PROBES 32

struct child {
	pid_t pid;   /* 0 = there is no engine */
	int channel; /* -1 with it */
	struct watch *watch;
	uint32_t heard; /* sequence number of the last message each way */
	uint32_t said;
	bool ready;   /* it said READY */
	bool round;   /* it said ROUND: what it wants is whole */
	bool leaving; /* it was told to */
	bool deaf;    /* it broke the protocol, or hung: killed, not reaped */
	uint64_t since_ms; /* birth, or when it was told to leave */
	uint64_t mute_ms;  /* when its channel ended; 0 = it has not */
	uint64_t beat;     /* the last seen, and when that was */
	uint64_t beat_ms;
	uint32_t deaths;   /* in a row */
	uint64_t again_ms; /* when the next may be born */
};

struct child_birth {
	struct watch_loop *loop;
	const struct privileges *privileges;
	const struct config *config;
	const struct system *system;
	struct scoreboard *scoreboard;
	int (*engine)(const struct engine_start *start);
	/* In the engine, before it begins: gives up what is not for it to
	 * see; NULL = nothing. */
	void (*forget)(void *arg);
	watch_call *readable; /* the channel has something, or is at its end */
	void *arg;
};

/* Forks. 0, or -1 and logged. */
int child_begin(struct child *child, const struct child_birth *birth);

/* The next message that passes protocol_check. 1, 0 where there is none now,
 * -1 where the channel has ended or the engine has broken the protocol; that
 * is logged and the engine is killed. */
int child_hear(struct child *child, const struct privileges *privileges,
	const struct config *config, union protocol_message *message);

void child_ask_to_leave(struct child *child);
void child_kill(struct child *child, const struct privileges *privileges);

/* Kills an engine that hangs: it does not beat, is not born, does not leave.
 * Returns whether it did, logged. */
bool child_check(struct child *child, const struct privileges *privileges,
	const struct scoreboard *scoreboard);

/* The process was reaped: closes what it had and sets again_ms. */
void child_end(struct child *child);

#endif
