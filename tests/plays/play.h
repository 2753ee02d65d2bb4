/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A play: what a checker is asked, what the peer says, what the checker is to
 * send, and the verdict. A file holds many, one directive a line:
 *
 *   play NAME             begins one
 *   argv WORD...          the vector, without the checker's name
 *   send "BYTES"          what the checker sends now
 *   send any              the same, but the bytes do not matter here
 *   peer "BYTES"          what the peer says next; peer*N says it N times
 *   eof                   and then it closes
 *   port N                the port that the vector names
 *   verdict up CODE
 *   verdict down CODE "WHY"
 *   verdict waiting "WHY"
 *   at-eof ...            as verdict: what it is where the peer closes at the
 *                         end, if that is not "connection closed"
 *
 * Bytes are written as in C; # begins a comment.
 */
#ifndef LVSMON_PLAYS_PLAY_H
#define LVSMON_PLAYS_PLAY_H

#include "stage.h"

#include <stdio.h>

#define PLAY_WORDS_MAX 48
#define PLAY_SENDS_MAX 16
#define PLAY_BYTES_MAX 400000

struct play_verdict {
	bool said;
	enum stage_end end; /* UP, DOWN or WAITING */
	int code;
	char why[128];
};

struct play {
	char name[80];
	int argc; /* argv[0] is the checker's name */
	char *argv[PLAY_WORDS_MAX + 1];
	struct stage_send sends[PLAY_SENDS_MAX];
	size_t send_count;
	char *data; /* all that the peer says */
	size_t data_len;
	bool eof;
	uint16_t port;
	struct play_verdict verdict;
	struct play_verdict at_eof;
	size_t line; /* where it begins */
};

struct play_file {
	const char *path;
	FILE *stream;
	size_t line;
	bool pending; /* name[] is the play that follows */
	char name[80];
};

/* 0, or -1 with a message. */
int play_open(struct play_file *file, const char *path);
void play_close(struct play_file *file);

/* The next play. 1, 0 at the end, -1 where the file is wrong, with a message.
 * Give each play that was read back. */
int play_next(struct play_file *file, const char *checker, struct play *play);
void play_free(struct play *play);

#endif
