/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader: a short-lived process that reads the files of a configuration and
 * looks up its names, so that its parent waits for no disk and no name server.
 * It has no capability. It hands back what the system answered; the parent
 * reads the same text with these answers.
 */
#ifndef LVSMON_READER_READER_H
#define LVSMON_READER_READER_H

#include "config/config.h"
#include "reader/record.h"

#include <sys/types.h>

/* The limit of a whole reading, if no configuration says another one. */
#define READER_LIMIT_MS 60000
/* At the start names have so long after the files: the real servers that have
 * an address must not wait for those that have none. */
#define READER_FIRST_NAMES_MS 3000

struct reader_job {
	const char *file;
	const struct system *system;
	uint32_t limit_ms; /* of the whole reading */
	uint32_t names_ms; /* after the files; 0 = no limit of their own */
	bool strict;       /* a name without an answer is an error */
	bool quiet;        /* log nothing about names */
	/* Is called in the reader's process, to forget what the parent had in
	 * memory. NULL = nothing. */
	void (*forget)(void *arg);
	void *arg;
};

struct reader {
	struct reader_job job;
	pid_t pid; /* 0 = no process */
	int fd;
	struct arena *arena; /* NULL = there is no reading */
	struct answers *answers;
	struct record record;
	bool read; /* the files are there */
	uint64_t began_ms, read_ms;
	const char *why; /* why the reading failed */
};

enum reader_state {
	READER_READS, /* more will come */
	READER_DONE,  /* reader_config can be called */
	READER_FAILED /* reader->why says why */
};

/* Forks a reader. Returns 0. On failure returns -1 and sets errno. */
int reader_begin(struct reader *reader, const struct reader_job *job);

/* Takes in what the reader has sent; never blocks. A limit that has passed ends
 * the reading: if the files are there it is done, otherwise it has failed. */
enum reader_state reader_proceed(struct reader *reader);

/* Waits until the reading is done or has failed, and returns which. For the
 * start of a process. */
enum reader_state reader_wait(struct reader *reader);

/* Reads the configuration from the answers. A name without an answer has the
 * address that it has in older, which may be NULL; without one, what needs it
 * is left out and config->unresolved names it. Reports and returns as
 * config_test. */
struct config *reader_config(struct reader *reader,
	const struct config_options *options, const struct config *older,
	config_report *report, void *report_arg, struct config **vectors);

/* Kills the process, if there is one, and frees what the reading had. The
 * caller reaps the process. Returns its number, or 0. */
pid_t reader_end(struct reader *reader);

/* The process was reaped. */
void reader_bury(struct reader *reader);

#endif
