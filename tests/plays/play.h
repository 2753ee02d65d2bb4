/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A play describes one probe: the vector, the bytes of the peer, the bytes that
 * the checker must send, and the verdict. A file holds many plays, with one
 * directive a line:
 *
 *   play NAME             begins a play
 *   argv WORD...          the vector, without the checker's name; a word
 *                         @/NAME is the path of a file beside the play
 *   send "BYTES"          the checker must send these bytes now
 *   send any              the checker must send something now
 *   starttls              the checker must begin TLS now; what the peer sent
 *                         before must be used up
 *   peer "BYTES"          the peer sends; peer*N sends N times
 *                         over UDP, each is a datagram
 *   eof                   the peer closes
 *   port N                the port that the vector names
 *   last "BYTES"          the checker must send these bytes with the verdict;
 *                         without this line it must send none
 *   last any              the checker must send something with the verdict
 *   verdict up CODE
 *   verdict up CODE WEIGHT
 *   verdict down CODE "WHY"
 *   verdict waiting "WHY"
 *   at-eof ...            as verdict, for a peer that closes at the end of the
 *                         play; the default is down, "connection closed"
 *
 * A verdict "waiting" means that the checker still wants to read: it has no
 * verdict, and lvsmon would wait. The directive last holds for each verdict up
 * or down that the checker returns. Bytes are written as in C; # begins a
 * comment.
 */
#ifndef LVSMON_PLAYS_PLAY_H
#define LVSMON_PLAYS_PLAY_H

#include "stage.h"

#include <stdio.h>

#define PLAY_WORDS_MAX 48
#define PLAY_SENDS_MAX 16
#define PLAY_DATAGRAMS_MAX 1000
#define PLAY_BYTES_MAX 400000

struct play_verdict {
	bool said;
	enum stage_end end; /* UP, DOWN or WAITING */
	int code;
	int weight; /* 0 = not said */
	char why[128];
};

struct play {
	char name[80];
	int argc; /* argv[0] is the checker's name */
	char *argv[PLAY_WORDS_MAX + 1];
	struct stage_send sends[PLAY_SENDS_MAX];
	size_t send_count;
	bool has_last;
	struct stage_send last;
	char *data; /* all bytes of the peer */
	size_t data_len;
	size_t *ends; /* of each "BYTES" of the peer, in data */
	size_t end_count;
	bool eof;
	uint16_t port;
	struct play_verdict verdict;
	struct play_verdict at_eof;
	size_t line; /* number of the line that begins the play */
};

struct play_file {
	const char *path;
	FILE *stream;
	size_t line;
	bool pending; /* name[] is the name of the next play */
	char name[80];
};

/* Opens a file of plays. Returns 0, or -1 with a message on stderr. */
int play_open(struct play_file *file, const char *path);
void play_close(struct play_file *file);

/* Reads the next play; the caller frees it with play_free. Returns 1, 0 at the
 * end of the file, or -1 with a message on stderr if the file is wrong. */
int play_next(struct play_file *file, const char *checker, struct play *play);

void play_free(struct play *play);

#endif
