/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stage: plays lvsmon's part towards a checker, without a socket, and holds
 * the checker to include/lvsmon/checker.h. Runner and fuzzers share it. */
#ifndef LVSMON_PLAYS_STAGE_H
#define LVSMON_PLAYS_STAGE_H

#include "lvsmon/checker.h"

enum stage_end {
	STAGE_UP,
	STAGE_DOWN,
	STAGE_WAITING, /* the peer says no more, and there is no eof */
	STAGE_CLOSED,  /* it reads on at eof */
	STAGE_FAULT,   /* the checker broke the contract; why says how */
};

struct stage_outcome {
	enum stage_end end;
	int code;
	const char *why;
	size_t writes;
};

/* What the checker is to send, one after the other. */
struct stage_send {
	char *bytes; /* NULL = anything */
	size_t len;
	size_t heard; /* bytes that the peer says before it hears this */
};

/* When what the peer says comes in. */
struct stage_timing {
	size_t chunk;  /* bytes at once, at the most; 1 or more */
	uint32_t seed; /* not 0: sizes from 1 to chunk, by chance */
	bool early;    /* the peer does not wait for what it is sent */
	bool eof;      /* it closes at its end */
	bool eof_late; /* and that is seen after the last byte, not with it */
};

struct stage {
	const struct checker *checker;
	void *conf;                     /* NULL = not configured */
	const struct stage_send *sends; /* NULL = whatever it likes */
	size_t send_count;
	const char *data; /* all that the peer says */
	size_t data_len;
};

/* Configures, as lvsmon does. 0, or -1 with text in err. */
int stage_configure(struct stage *stage, const struct checker *checker,
	int argc, char **argv, char *err, size_t errsz);
void stage_release(struct stage *stage);

/* One probe from beginning to end. */
struct stage_outcome stage_run(
	const struct stage *stage, const struct stage_timing *timing);

#endif
