/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as a configuration writes them. */
#ifndef LVSMON_CONFIG_ENDPOINT_H
#define LVSMON_CONFIG_ENDPOINT_H

#include "config/draft.h"
#include "config/source.h"

/* The source of names, and the receiver of errors. */
struct endpoint_context {
	const struct system *system;
	struct complaints *complaints;
	struct arena *arena;
	const char *why; /* the reason of the last SYSTEM_NO_ANSWER */
};

/* Each of these returns 0, or -1 after a complaint at place. If a name has no
 * answer and the system lets the caller go on without the address, those that
 * read a HOST return SYSTEM_NO_ANSWER and set context->why. */

/* Reads HOST or HOST:PORT. HOST is an address or a name; protocol is that of
 * the port's name. */
int endpoint_read(struct endpoint_context *context, const struct place *place,
	const char *text, const char *protocol, struct address *address,
	bool *has_port);

/* Reads HOST alone. */
int endpoint_host(struct endpoint_context *context, const struct place *place,
	const char *text, struct address *address);

/* Reads a number from 1 to 65535 or a name of services(5). */
int endpoint_port(const struct endpoint_context *context,
	const struct place *place, const char *text, const char *protocol,
	uint16_t *port);

/* Reads HOST:PORT[/PROTOCOL] or fwmark:N[/inet|/inet6]. */
int endpoint_target(struct endpoint_context *context, const struct word *word,
	struct draft_target *target);

/* Calls back for each text that a word with [N-M] stands for, or once for a
 * word without a range. Stops if the callback returns -1, and returns -1. An
 * empty range is reported. */
typedef int endpoint_call(void *arg, const char *text);
int endpoint_expand(const struct endpoint_context *context,
	const struct word *word, endpoint_call *call, void *arg);

#endif
