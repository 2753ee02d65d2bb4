/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the daemon as it is installed, on a table in memory. */
#ifndef LVSMON_TEST_DAEMON_BENCH_H
#define LVSMON_TEST_DAEMON_BENCH_H

#include <stddef.h>
#include <sys/types.h>

#define DAEMON_OPTIONS_MAX 8

/* Called in the daemon's process before it is executed; may be NULL. */
extern void (*daemon_before)(void);

/* Starts `lvsmon -n` with these options, a list that ends with NULL. Returns
 * the keeper's process number. *log is the end of a pipe from its stderr. */
pid_t daemon_start(const char *const *options, int *log);

/* Reads the log up to a line that contains these words. The line is in buf. The
 * test fails if the log ends before that. */
void daemon_read_until(int log, const char *words, char *buf, size_t size);

/* Reads the log up to the line in which an engine says its number and then the
 * word: "started", "uid" or another. Returns the number. */
pid_t daemon_engine(int log, const char *word);

/* Waits until the keeper has ended. Returns its exit code. The test fails if a
 * signal ended it. */
int daemon_wait(pid_t keeper);

#endif
