/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Silence around code of a checker, which must not write to standard output or
 * standard error. */
#ifndef LVSMON_ENGINE_HUSH_H
#define LVSMON_ENGINE_HUSH_H

#include <stdbool.h>
#include <sys/types.h>

struct hush {
	int into;     /* takes what is written; -1 = no silence is possible */
	int saved[2]; /* standard output and standard error */
	bool on;
	off_t seen; /* bytes of `into` that were reported */
};

/* Takes the descriptors that silence needs. If there are none, the other
 * functions do nothing. */
void hush_open(struct hush *hush);

/* Begins silence. */
void hush_begin(struct hush *hush);

/* Ends silence. Returns whether something was written meanwhile. Without
 * silence it does nothing and returns false. */
bool hush_end(struct hush *hush);

/* Gives the descriptors back. */
void hush_close(struct hush *hush);

#endif
