/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper's state, which the files of this room share. */
#ifndef LVSMON_KEEPER_STATE_H
#define LVSMON_KEEPER_STATE_H

#include "keeper/claim.h"
#include "keeper/fold.h"
#include "keeper/generation.h"
#include "keeper/start.h"
#include "reader/reader.h"

/* The keeper looks after its engines and its watchdog this often. */
#define KEEPER_PULSE_MS 1000

#define KEEPER_SIGNALS_MAX 8

/* Takes over config, which is NULL if the reading has failed; why says why. */
typedef void reading_done(
	struct keeper *keeper, struct config *config, const char *why);

/* A reading (keeper/reading.h). */
struct reading {
	struct reader reader;
	struct loop_watch watch;
	reading_done *done;
	bool own;          /* nobody asked for it */
	bool again;        /* somebody asked for another one meanwhile */
	uint64_t ended_ms; /* the last one; 0 = there was none */
};

/* The place at which the status continues in the next turn. */
struct status_place {
	const struct generation *of; /* NULL = there is none */
	uint32_t virtual;
	uint32_t real; /* of the virtual */
};

struct keeper {
	const struct keeper_start *start;
	struct privileges privileges;
	struct arena *arena; /* of the loop */
	struct loop *loop;
	struct loop_timer pulse;
	struct loop_timer audit; /* the next look at the kernel's table */
	struct loop_timer look;  /* for reals that wait for policy_look */
	struct loop_timer flush; /* turns the loop for lines that wait */
	struct fold edges;       /* of checks and virtuals */
	struct fold lines;       /* of engines */
	struct loop_signal signals[KEEPER_SIGNALS_MAX];
	struct claim claim; /* on the kernel's table */
	struct ipvs *ipvs;
	struct status_place status;
	struct generation *current; /* in force; NULL only at start and end */
	struct generation *next;    /* its engine gets ready; NULL = none */
	struct generation *leaving; /* a list: abandoned, not reaped yet */
	struct generation *retired; /* a list: their deletes were left undone */
	uint64_t audited_ms;        /* the last look at the kernel's table */
	uint64_t look_us;           /* what that look took */
	bool refused;         /* the kernel refused an operation since then */
	uint64_t watchdog_ms; /* how often to be heard of; 0 = never */
	uint64_t fed_ms;
	char told[GENERATION_SUMMARY_MAX]; /* the last summary */
	struct reading reading;
	bool reload_wanted; /* asked for before the first round was over */
	bool stopping;      /* the loop ends with this turn */
	int code;           /* the exit code */
};

/* Ends the loop with an exit code. */
void state_stop(struct keeper *keeper, int code);

#endif
