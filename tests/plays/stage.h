/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stage plays the part of lvsmon for a checker, without a socket, and holds
 * the checker to include/lvsmon/checker.h. The runner of plays and the fuzzers
 * share it. */
#ifndef LVSMON_PLAYS_STAGE_H
#define LVSMON_PLAYS_STAGE_H

#include "lvsmon/checker.h"

enum stage_end {
	STAGE_UP,
	STAGE_DOWN,
	STAGE_WAITING, /* the checker reads on, but the peer is silent */
	STAGE_CLOSED,  /* the checker reads on, but the peer has closed */
	STAGE_FAULT,   /* the checker broke the contract; why says how */
};

struct stage_outcome {
	enum stage_end end;
	int code;
	int weight;
	const char *why;
	size_t writes;
	size_t last_len;   /* bytes sent with the verdict */
	uint32_t last_sum; /* a checksum of these bytes */
};

/* Bytes that the checker must send. */
struct stage_send {
	char *bytes; /* NULL = any */
	size_t len;
	bool starttls; /* nothing is sent: the checker must begin TLS */
	/* What the peer sends before it gets these. */
	size_t heard;       /* bytes */
	size_t heard_count; /* datagrams */
};

/* How the bytes of the peer arrive. */
struct stage_timing {
	size_t chunk;  /* the most bytes that arrive at once; 1 or more */
	uint32_t seed; /* not 0: random sizes from 1 to chunk */
	bool early;    /* the peer sends all without waiting for the checker */
	bool eof;      /* the peer closes after its last byte */
	bool eof_late; /* the checker sees eof after the last byte, not with
			  the last byte */
};

struct stage {
	const struct checker *checker;
	void *conf;                     /* NULL = not configured */
	const struct stage_send *sends; /* NULL = the checker may send all */
	size_t send_count;
	const struct stage_send *last; /* with the verdict; NULL = nothing, but
					  anything if sends is NULL */
	const char *data;              /* all bytes of the peer */
	size_t data_len;
	/* Set by stage_configure: the checker asked for datagrams. Each arrives
	 * whole, whatever the timing, and there is no eof. */
	bool datagrams;
	const size_t *ends; /* the end of each datagram, in data[] */
	size_t end_count;
};

/* Configures the checker, as lvsmon does. Returns 0; the caller releases the
 * stage. On failure returns -1 with text in err. */
int stage_configure(struct stage *stage, const struct checker *checker,
	int argc, char **argv, char *err, size_t errsz);
void stage_release(struct stage *stage);

/* Runs one probe from beginning to end. Returns the outcome; why is constant
 * text of the checker or of the stage. */
struct stage_outcome stage_run(
	const struct stage *stage, const struct stage_timing *timing);

#endif
