/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What engine and keeper say to each other over a SOCK_SEQPACKET pair: one
 * message is one typed request with a sequence number. The keeper takes no
 * word of the engine on trust: protocol_check decides by the config alone.
 */
#ifndef LVSMON_IPC_PROTOCOL_H
#define LVSMON_IPC_PROTOCOL_H

#include "config/config.h"

#define PROTOCOL_WANTS_MAX 64
#define PROTOCOL_WHY_MAX 96
#define PROTOCOL_LINE_MAX 512

enum protocol_type {
	/* Engine to keeper. */
	PROTOCOL_READY = 1, /* plugins loaded, confined, about to probe */
	PROTOCOL_WANT,      /* weights of reals, as policy has it */
	PROTOCOL_ROUND,     /* every check is settled and was spoken of */
	PROTOCOL_EDGE,      /* a check's health changed: for the log */
	PROTOCOL_LOG,       /* a line for the log */
	/* Keeper to engine. */
	PROTOCOL_LEAVE, /* end now */
};

struct protocol_head {
	uint32_t type;
	uint32_t seq; /* one more with each message of a side, from 1 */
};

struct protocol_want {
	struct protocol_head head;
	uint32_t count; /* 1 to PROTOCOL_WANTS_MAX; the rest is not sent */
	struct {
		uint32_t real;
		int32_t weight; /* POLICY_ABSENT, 0, or the configured one */
	} want[PROTOCOL_WANTS_MAX];
};

struct protocol_edge {
	struct protocol_head head;
	uint32_t check;
	uint32_t took_us; /* from the probe's start to its verdict */
	int32_t code;     /* the protocol's number, or 0 */
	uint32_t count;   /* verdicts of this kind in a row */
	uint8_t up;
	uint8_t first;              /* the first round settled it */
	char why[PROTOCOL_WHY_MAX]; /* ended by 0 */
};

struct protocol_log {
	struct protocol_head head;
	int32_t level;                /* LOG_ERR to LOG_DEBUG */
	char line[PROTOCOL_LINE_MAX]; /* ended by 0, sent to there */
};

union protocol_message {
	struct protocol_head head;
	struct protocol_want want;
	struct protocol_edge edge;
	struct protocol_log log;
};

/* Bytes of a message to send; 0 for one that cannot be. */
size_t protocol_size(const union protocol_message *message);

/* Whether size bytes of an engine's are a message that it may send: type,
 * length, sequence (the one expected), indices and weights within the config,
 * text ended and printable. Returns NULL, or what is wrong with it. */
const char *protocol_check(const union protocol_message *message, size_t size,
	uint32_t seq, const struct config *config);

#endif
