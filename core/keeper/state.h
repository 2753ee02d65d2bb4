/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the keeper's own files share: its state, and the steps by which a
 * generation comes into force. */
#ifndef LVSMON_KEEPER_STATE_H
#define LVSMON_KEEPER_STATE_H

#include "keeper/generation.h"
#include "keeper/keeper.h"
#include "keeper/report.h"

/* How often the keeper looks after its engines, its table and its watchdog. */
#define KEEPER_PULSE_MS 1000

/* Where nothing is audited, what was refused is tried again so much later. */
#define KEEPER_AGAIN_MS 30000

struct keeper {
	const struct keeper_start *start;
	struct privileges privileges;
	struct ipvs *ipvs;
	struct watch_loop *loop;
	struct generation *current; /* in force */
	struct generation *next;    /* its first round runs; NULL = none */
	struct generation *leaving; /* a list: told to go, not yet gone */
	uint64_t audited_ms;
	bool refused;         /* the kernel did not take something since then */
	uint64_t watchdog_ms; /* how often to be heard of; 0 = nobody asks */
	uint64_t fed_ms;
	char told[REPORT_SUMMARY_MAX]; /* the last summary */
	bool reload_wanted; /* asked for before there was anything to replace */
	bool stopping;
	int code; /* to end with */
};

/* Ends the loop with an exit code. */
void keeper_stop(struct keeper *keeper, int code);

/* Starts the engine of a generation. 0, or -1 and logged. */
int keeper_begin(struct keeper *keeper, struct generation *generation);

/* Takes in what the engine of a generation has said. */
void keeper_hear(struct generation *generation);

/* Makes the kernel's table what the generation wants. */
void keeper_apply(struct keeper *keeper, struct generation *generation);

/* Applies the whole of what an engine said in its first round; a generation
 * that waited for that takes the place of the current one. */
void keeper_round(struct keeper *keeper, struct generation *generation);

/* Looks at the kernel's table; what somebody else changed is put right. */
void keeper_audit(struct keeper *keeper);

/* Deletes every service of the current generation's. */
void keeper_clear(struct keeper *keeper);

/* SIGHUP: a new generation, if the file and the checkers allow it. */
void keeper_reload(struct keeper *keeper);

/* The next generation comes to nothing; its engine is killed if it lives. */
void keeper_abandon(struct keeper *keeper, const char *why);

/* An engine was reaped. */
void keeper_bury(struct keeper *keeper, pid_t pid, int status);

/* READY=1 and the summary, where it is another than before. */
void keeper_tell_ready(struct keeper *keeper);
void keeper_tell_summary(struct keeper *keeper);

#endif
