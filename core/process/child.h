/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a process that the keeper starts: forked, heard over a channel,
 * watched by its beats, and reaped. The meaning of its messages is the
 * caller's. */
#ifndef LVSMON_PROCESS_CHILD_H
#define LVSMON_PROCESS_CHILD_H

#include "ipc/channel.h"
#include "process/privileges.h"

#include <stdbool.h>
#include <stdint.h>

/* A child whose loop has not turned for so long hangs. */
#define CHILD_HANG_MS 5000
/* The same while a checker makes a step, which takes microseconds. With
 * child_check each second a step without end is ended within 2 s. */
#define CHILD_STEP_MS 900
/* A checker that is loaded, or reads its arguments, for so long hangs. */
#define CHILD_LOAD_MS 5000
/* child_check is called at least this often. If it is called later, its caller
 * stood still, and that time does not count against the child. */
#define CHILD_CHECK_MS 1500
/* The time to get ready: a child loads plugins. */
#define CHILD_BIRTH_MS 30000
/* The time to leave after it was asked. */
#define CHILD_LEAVE_MS 2000
/* The time to end after it closed its channel. */
#define CHILD_MUTE_MS 1000
/* The longest wait before a new child after one that died. */
#define CHILD_BACK_OFF_MAX_MS 30000
/* A child that lived so long is forgiven the deaths before it. */
#define CHILD_FORGIVEN_MS 60000

/* Descriptors that an engine has beside those of its probes: standard files,
 * the channel, libevent's, and some to spare. */
#define CHILD_FILES_BESIDE_PROBES 32

struct child {
	pid_t pid; /* 0 = there is no process */
	struct channel channel;
	bool ready;        /* it said READY */
	bool working;      /* it was told GO */
	bool leaving;      /* it was told LEAVE */
	bool deaf;         /* it was killed and is not reaped yet */
	uint64_t since_ms; /* its birth, or when it was told LEAVE */
	uint64_t mute_ms;  /* when its channel ended; 0 = it has not */
	uint64_t beat;     /* the last beat seen, and when */
	uint64_t beat_ms;
	uint64_t check_ms; /* the last child_check */
	/* The checker whose code is running, see scoreboard.h. */
	const _Atomic uint32_t *inside;
	uint32_t load; /* the last vector seen loading, and since when */
	uint64_t load_ms;
	uint32_t deaths;   /* in a row */
	uint64_t again_ms; /* when the next may be born */
};

struct child_birth {
	struct loop *loop;            /* the keeper's */
	const _Atomic uint64_t *beat; /* grows while the child's loop turns */
	/* The checker whose code is running, see scoreboard.h; NULL =
	 * not known. */
	const _Atomic uint32_t *inside;
	/* The child's whole life, in its process, with its end of the channel.
	 * Returns the exit code. */
	int (*run)(void *arg, int channel);
	channel_ready *readable; /* the channel has a message, or has ended */
	void *arg;
};

/* Makes a child that has no process, as zeroed memory does not. */
void child_init(struct child *child);

/* In a child: gives up the keeper's log, all descriptors but the standard files
 * and the child's end of the channel, and every signal handler of the keeper's
 * loop. Returns 0, or -1 and logs. */
int child_forget_keeper(int channel);

/* Forks. Returns 0, or -1 and logs. */
int child_begin(struct child *child, const struct child_birth *birth);

/* Reads the next message that passes protocol_check. Returns 1; 0 if there is
 * none now; -1 if the channel has ended, or if the child broke the protocol
 * and was killed, which is logged. */
int child_hear(struct child *child, const struct privileges *privileges,
	const struct config *config, union protocol_message *message);

/* Kills a child that broke the protocol; how completes "engine N sent ...".
 * Returns -1. */
int child_broke(struct child *child, const struct privileges *privileges,
	const char *how);

/* Tells the child GO. Returns 0, or -1 if the channel does not take it. */
int child_go(struct child *child);

/* Tells the child LEAVE, once. */
void child_ask_to_leave(struct child *child);

void child_kill(struct child *child, const struct privileges *privileges);

/* Kills a child that hangs: it does not beat, get ready, or leave, or a step
 * of a checker does not end. Returns true if it did, and logs. */
bool child_check(struct child *child, const struct privileges *privileges,
	uint64_t beat);

/* Closes what a reaped child had and sets again_ms. A child that was asked to
 * leave has not died. */
void child_end(struct child *child);

/* Forgets all deaths: the next child may be born at once. */
void child_forgive(struct child *child);

#endif
