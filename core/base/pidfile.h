/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file with the number of the process.
 *
 * The process holds a lock (flock(2)) on its file, which the kernel releases at
 * its death. The file appears whole under its name, and replaces nothing but an
 * older pidfile without a lock.
 */
#ifndef LVSMON_BASE_PIDFILE_H
#define LVSMON_BASE_PIDFILE_H

#include <sys/types.h>

/* The time that another process has to end before the file counts as held. */
#define PIDFILE_PATIENCE_MS 1000
#define PIDFILE_WHY_MAX 128

struct pidfile {
	const char *path; /* NULL = there is none */
	int fd;           /* holds the lock */
	pid_t owner;
};

enum pidfile_result {
	PIDFILE_WRITTEN,
	PIDFILE_HELD, /* another process that lives holds the lock */
	PIDFILE_FAILED,
};

/* Writes the number of this process. path must stay valid. Unless the file was
 * written, sets the reason in why, which holds PIDFILE_WHY_MAX bytes. */
enum pidfile_result pidfile_write(
	struct pidfile *pidfile, const char *path, char *why);

/* Removes the file if this process wrote it and nobody replaced it. If it
 * cannot be removed, makes it empty. A second call does nothing. */
void pidfile_remove(struct pidfile *pidfile);

#endif
