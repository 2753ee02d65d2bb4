/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers on their way from the reader's process to the keeper. */
#ifndef LVSMON_READER_RECORD_H
#define LVSMON_READER_RECORD_H

#include "reader/answers.h"

/* Kinds of records that are no answers. They have no key and no value. */
#define RECORD_READ ANSWER_KINDS      /* all but the names has been sent */
#define RECORD_END (ANSWER_KINDS + 1) /* everything has been sent */

struct record_head {
	uint32_t kind; /* enum answer_kind, RECORD_READ or RECORD_END */
	uint32_t ok;   /* 0 or 1 */
	uint32_t key_len, len;
};

/* A record that is being received. Starts zeroed. */
struct record {
	struct record_head head;
	size_t got; /* bytes of head and body */
	char *body; /* key, 0, value, 0 */
};

/* Writes an answer to a pipe. A record of at most PIPE_BUF bytes is written in
 * one piece, so that threads can share the pipe. Returns 0 or -1. */
int record_write(int fd, const struct answer *answer);

/* Writes RECORD_READ or RECORD_END. Returns 0 or -1. */
int record_write_mark(int fd, uint32_t kind);

enum record_state {
	RECORD_WAITS,  /* for more bytes */
	RECORD_WHOLE,  /* the caller takes the record and zeroes it */
	RECORD_BROKEN, /* *why says what is wrong */
	RECORD_CLOSED, /* the other end is closed */
};

/* Reads from a pipe that does not block, up to the end of one record. The body
 * is in arena. */
enum record_state record_receive(
	struct record *record, int fd, struct arena *arena, const char **why);

/* Makes an answer of a whole record. Returns NULL, or what is wrong. */
const char *record_answer(const struct record *record, struct answer *answer);

#endif
