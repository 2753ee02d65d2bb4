/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as a configuration writes them. */
#ifndef LVSMON_CONFIG_ENDPOINT_H
#define LVSMON_CONFIG_ENDPOINT_H

#include "config/draft.h"

/* Whom to ask for names, and whom to tell. */
struct endpoint_context {
	const struct system *system;
	struct complaints *complaints;
	struct arena *arena;
};

/* HOST or HOST:PORT, HOST an address or a name. 0, or -1 and said. */
int endpoint_read(const struct endpoint_context *context,
	const struct spot *spot, const char *text, const char *protocol,
	struct address *address, bool *has_port);

/* HOST alone. */
int endpoint_host(const struct endpoint_context *context,
	const struct spot *spot, const char *text, struct address *address);

/* A number from 1 to 65535 or a name of services(5). */
int endpoint_port(const struct endpoint_context *context,
	const struct spot *spot, const char *text, const char *protocol,
	uint16_t *port);

/* HOST:PORT[/PROTOCOL] or fwmark:N[/inet|/inet6]. */
int endpoint_target(const struct endpoint_context *context,
	const struct word *word, struct draft_target *target);

/* Calls back for each text that a word with [N-M] stands for, or once for one
 * without. Stops at -1. 0, or -1 (a range that is none was said). */
typedef int endpoint_call(void *arg, const char *text);
int endpoint_expand(const struct endpoint_context *context,
	const struct word *word, endpoint_call *call, void *arg);

#endif
