/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon and its surroundings, as trials of faults need them: its process,
 * its log, its configuration, its servers and the kernel's table.
 *
 * The stand serves one daemon at a time. It ends the program if the stand
 * itself fails.
 */
#ifndef LVSMON_TESTS_STAND_H
#define LVSMON_TESTS_STAND_H

#include "faults.h"

#include <stdbool.h>
#include <sys/types.h>

#define STAND_SERVERS 3

struct stand {
	const char *lvsmon;  /* the program */
	const char *plugins; /* its plugins */
	const char *preload; /* faults.so */
	const char *folder;  /* for the log, the configuration and the faults */
	int orders;          /* a pipe to the program moods */
	struct faults *faults;
	pid_t keeper; /* 0 = there is no daemon */
	int status;   /* of the last daemon, as waitpid gives it */
	bool up[STAND_SERVERS];
	int weight; /* of the first two reals; the third one has 1 */
	long mark;  /* stand_says looks at the log from here on */
	/* All calls up to the last disarming. */
	uint32_t calls[FAULTS_ROLES][FAULTS_COUNT];
};

/* Maps the faults. folder, orders and the names must be set. */
void stand_open(struct stand *stand);

/* Writes the configuration with a weight for the first two reals. The weight
 * becomes the one that stand_table_is expects. */
void stand_configure(struct stand *stand, int weight);

/* Empties the table and the log, and starts the daemon. */
void stand_start(struct stand *stand);

/* Returns whether the daemon runs. Reaps it, and its orphans, if they ended. */
bool stand_runs(struct stand *stand);

/* Sends SIGTERM and waits. Returns 0 if the daemon and its children are gone
 * and its exit code is 0. Kills what is left, and returns -1, if not. */
int stand_stop(struct stand *stand);

/* Kills the daemon and its children. */
void stand_kill(struct stand *stand);

/* Kills the daemon's children only. */
void stand_kill_children(struct stand *stand);

/* Gives a server of the daemon a mood. */
void stand_serve(struct stand *stand, unsigned int server, bool up);

/* Returns the number of log lines with these words since the mark. */
unsigned int stand_says(const struct stand *stand, const char *words);

/* stand_says begins here. */
void stand_mark(struct stand *stand);

/* Prints the log since the mark. */
void stand_print_log(const struct stand *stand);

/* Returns whether the kernel's table is what configuration and servers ask for.
 * Entries may be missing if some is true. */
bool stand_table_is_right(const struct stand *stand, bool some);

/* Waits until the daemon runs no more, or until what becomes true. Returns
 * whether it became true. NULL never does. */
bool stand_wait(struct stand *stand, unsigned int milliseconds,
	bool (*what)(const struct stand *stand));

/* The functions of a fault by name. */
const char *stand_call_name(enum faults_call call);

/* The calls from first to last of a function in a role fail from now on. */
void stand_arm(struct stand *stand, enum faults_role role,
	enum faults_call call, uint32_t first, uint32_t last);
void stand_disarm(struct stand *stand);

#endif
