/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages between engine and keeper, over a SOCK_SEQPACKET pair: one
 * message is one typed request with a sequence number. The keeper takes
 * nothing that an engine says on trust: protocol_check decides by the
 * configuration alone.
 */
#ifndef LVSMON_IPC_PROTOCOL_H
#define LVSMON_IPC_PROTOCOL_H

#include "config/config.h"

#define PROTOCOL_REALS_MAX 64
#define PROTOCOL_PERCENT_MAX 100
#define PROTOCOL_FINDINGS_MAX 4
#define PROTOCOL_WHY_MAX 96
#define PROTOCOL_LINE_MAX 512

enum protocol_type {
	/* Engine to keeper. */
	PROTOCOL_READY = 1, /* plugins are loaded, the process is confined */
	PROTOCOL_HEALTH,    /* health of reals */
	PROTOCOL_ROUND,     /* every check has a verdict and was spoken of */
	PROTOCOL_EDGE,      /* why the health of a real changed */
	PROTOCOL_LOG,       /* a line for the log */
	/* Keeper to engine. */
	PROTOCOL_GO,    /* the scoreboard is filled: begin to probe */
	PROTOCOL_LEAVE, /* end now */
};

struct protocol_head {
	uint32_t type;
	uint32_t seq; /* one more with each message of a side, from 1 */
};

struct protocol_health {
	struct protocol_head head;
	uint32_t count; /* 1 to PROTOCOL_REALS_MAX; the rest is not sent */
	struct {
		uint32_t real;
		uint16_t up;      /* 0 or 1 */
		uint16_t percent; /* of the configured weight, 1 to 100 */
	} reals[PROTOCOL_REALS_MAX];
};

/* The result of a check. */
struct protocol_finding {
	uint32_t check;
	uint32_t took_us;           /* from the probe's start to its verdict */
	int32_t code;               /* the protocol's number, or 0 */
	uint32_t count;             /* equal verdicts in a row */
	uint8_t first;              /* the check had no verdict before */
	char why[PROTOCOL_WHY_MAX]; /* ended by 0 */
};

/* The findings are of checks that fail if the real is down, and of the check
 * that came up last if it is up. */
struct protocol_edge {
	struct protocol_head head;
	uint32_t real;
	uint32_t failing; /* checks of the real that are down */
	uint16_t up;      /* 0 or 1 */
	uint16_t count;   /* of findings; the rest is not sent */
	struct protocol_finding findings[PROTOCOL_FINDINGS_MAX];
};

struct protocol_log {
	struct protocol_head head;
	int32_t level;                /* LOG_ERR to LOG_DEBUG */
	char line[PROTOCOL_LINE_MAX]; /* ended by 0; the rest is not sent */
};

union protocol_message {
	struct protocol_head head;
	struct protocol_health health;
	struct protocol_edge edge;
	struct protocol_log log;
};

/* Returns the bytes to send of a message, or 0 if it cannot be sent. */
size_t protocol_size(const union protocol_message *message);

/* Checks a message of `size` bytes that an engine sent: type, length, the
 * sequence number expected, indices and ranges, and that text is printable and
 * ended. Returns NULL, or what is wrong as a constant text. */
const char *protocol_check(const union protocol_message *message, size_t size,
	uint32_t seq, const struct config *config);

/* Does the same for a message that a keeper sent. */
const char *protocol_check_order(
	const union protocol_message *message, size_t size, uint32_t seq);

#endif
