// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses as a configuration writes them: hosts, ports, marks, ranges. */
#include "config/endpoint.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define HOST_MAX 256
#define EXPANDED_MAX 512
#define RANGE_MAX 65536

/* Reads the name or number of a network interface. Returns 0, or -1 with the
 * reason in *why. */
static int read_scope(const struct system *system, const char *text,
	uint32_t *scope, const char **why)
{
	uint64_t number;

	if (text_number(text, 1, UINT32_MAX, &number) == 0) {
		*scope = (uint32_t)number;
		return 0;
	}
	if (!*text || !system->scope ||
		system->scope(system->arg, text, scope, why) < 0)
		return -1;
	address_name_scope(*scope, text);
	return 0;
}

/* Reads ADDRESS%SCOPE; percent is its %. */
static int read_scoped(const struct endpoint_context *context,
	const struct place *place, const char *text, const char *percent,
	struct address *address)
{
	const char *why = "no such network interface";
	const char *host =
		arena_strndup(context->arena, text, (size_t)(percent - text));

	if (address_parse(address, host) < 0 || !address_is_link_local(address))
		why = "only a link-local IPv6 address has a scope";
	else if (read_scope(context->system, percent + 1, &address->scope,
			 &why) == 0)
		return 0;
	complain(context->complaints, place, "'%s': %s", text, why);
	return -1;
}

/* A link-local address means nothing without an interface. */
static int require_scope(const struct endpoint_context *context,
	const struct place *place, const char *text,
	const struct address *address)
{
	if (!address_is_link_local(address) || address->scope)
		return 0;
	complain(context->complaints, place,
		"the link-local address '%s' needs a scope: add %% and a "
		"network interface, as in fe80::1%%eth0",
		text);
	return -1;
}

int endpoint_host(struct endpoint_context *context, const struct place *place,
	const char *text, struct address *address)
{
	const char *percent = strchr(text, '%');
	const char *why = "no such name";
	int result;

	if (percent)
		return read_scoped(context, place, text, percent, address);
	if (address_parse(address, text) == 0)
		return require_scope(context, place, text, address);
	if (strspn(text, "0123456789.") == strlen(text) || strchr(text, ':')) {
		complain(context->complaints, place, "'%s' is not an address",
			text);
		return -1;
	}
	result = context->system->resolve(
		context->system->arg, text, address, &why);
	if (result == 0)
		return require_scope(context, place, text, address);
	context->why = why;
	if (result == SYSTEM_NO_ANSWER)
		return result;
	complain(context->complaints, place, "'%s': %s", text, why);
	return -1;
}

int endpoint_port(const struct endpoint_context *context,
	const struct place *place, const char *text, const char *protocol,
	uint16_t *port)
{
	const char *why = "no such service";
	uint64_t number;

	if (*text >= '0' && *text <= '9') {
		if (text_number(text, 1, 65535, &number) == 0) {
			*port = (uint16_t)number;
			return 0;
		}
		complain(context->complaints, place,
			"'%s' is not a port (1 to 65535)", text);
		return -1;
	}
	if (*text && context->system->service(context->system->arg, text,
			     protocol, port, &why) == 0)
		return 0;
	complain(context->complaints, place, "port '%s': %s", text, why);
	return -1;
}

/* Cuts text into host and port. port is NULL if there is none. Returns -1 if
 * the brackets are wrong. */
static int split(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');
	char *close;

	*host = text;
	*port = NULL;
	if (text[0] == '[') {
		close = strchr(text, ']');
		if (!close || (close[1] && close[1] != ':'))
			return -1;
		*host = text + 1;
		*close = '\0';
		if (close[1])
			*port = close + 2;
		return 0;
	}
	/* More than one colon is an IPv6 address without a port. */
	if (colon && strchr(text, ':') == colon) {
		*colon = '\0';
		*port = colon + 1;
	}
	return 0;
}

int endpoint_read(struct endpoint_context *context, const struct place *place,
	const char *text, const char *protocol, struct address *address,
	bool *has_port)
{
	char copy[HOST_MAX], *host, *port;
	uint16_t number = 0;
	int result;

	if (strlen(text) >= sizeof(copy)) {
		complain(context->complaints, place, "the address is too long");
		return -1;
	}
	strcpy(copy, text);
	if (split(copy, &host, &port) < 0 || !*host) {
		complain(context->complaints, place, "'%s' is not an address",
			text);
		return -1;
	}
	result = endpoint_host(context, place, host, address);
	*has_port = port != NULL;
	if (result < 0 || !port)
		return result;
	if (endpoint_port(context, place, port, protocol, &number) < 0)
		return -1;
	address->port = number;
	return result;
}

/* Reads N[/inet|/inet6], and changes text. */
static int read_mark(const struct endpoint_context *context,
	const struct word *word, char *text, struct draft_target *target)
{
	char *slash = strchr(text, '/');
	uint64_t mark;

	target->family = AF_INET;
	if (slash) {
		*slash++ = '\0';
		if (strcmp(slash, "inet6") == 0) {
			target->family = AF_INET6;
		} else if (strcmp(slash, "inet") != 0) {
			complain(context->complaints, &word->place,
				"'%s' is not the family of a firewall mark "
				"(inet, inet6)",
				slash);
			return -1;
		}
	}
	if (text_number(text, 1, UINT32_MAX, &mark) < 0) {
		complain(context->complaints, &word->place,
			"'%s' is not a firewall mark (1 to 4294967295)", text);
		return -1;
	}
	target->fwmark = (uint32_t)mark;
	return 0;
}

static int read_protocol(const char *name, uint16_t *protocol)
{
	const struct config_word *words = config_protocol_words;

	for (; words->word; words++)
		if (strcmp(name, words->word) == 0) {
			*protocol = (uint16_t)words->meaning;
			return 0;
		}
	return -1;
}

int endpoint_target(struct endpoint_context *context, const struct word *word,
	struct draft_target *target)
{
	char copy[HOST_MAX + 16], *slash;
	const char *protocol = "tcp";
	bool has_port;
	int result;

	target->place = word->place;
	if (strlen(word->text) >= sizeof(copy)) {
		complain(context->complaints, &word->place,
			"the address is too long");
		return -1;
	}
	strcpy(copy, word->text);
	if (strncmp(copy, "fwmark:", 7) == 0)
		return read_mark(context, word, copy + 7, target);
	slash = strchr(copy, '/');
	if (slash) {
		*slash = '\0';
		protocol = slash + 1;
	}
	if (read_protocol(protocol, &target->protocol) < 0) {
		complain(context->complaints, &word->place,
			"'%s' is not a protocol (tcp, udp, sctp)", protocol);
		return -1;
	}
	result = endpoint_read(context, &word->place, copy, protocol,
		&target->address, &has_port);
	if (result < 0)
		return -1;
	target->family = target->address.family;
	if (has_port)
		return result;
	complain(context->complaints, &word->place,
		"a virtual service needs a port: %s:80", word->text);
	return -1;
}

/* A range is "[", digits, "-", digits, "]". Other text in brackets is part of
 * the address. */
struct range {
	const char *open, *close; /* the brackets */
	uint32_t first, last;
	int width; /* leading zeros keep it */
};

/* Reads one to nine digits. Returns the byte after them, or NULL. */
static const char *take_digits(const char *at, uint32_t *number)
{
	const char *start = at;

	for (*number = 0; *at >= '0' && *at <= '9'; at++) {
		if (at - start == 9)
			return NULL;
		*number = *number * 10 + (uint32_t)(*at - '0');
	}
	return at == start ? NULL : at;
}

static bool read_range(const char *open, struct range *range)
{
	const char *dash = take_digits(open + 1, &range->first);
	const char *close;

	if (!dash || *dash != '-')
		return false;
	close = take_digits(dash + 1, &range->last);
	if (!close || *close != ']')
		return false;
	range->open = open;
	range->close = close;
	range->width = open[1] == '0' ? (int)(dash - open) - 1 : 0;
	return true;
}

static bool find_range(const char *text, struct range *range)
{
	for (; (text = strchr(text, '[')); text++)
		if (read_range(text, range))
			return true;
	return false;
}

static int expand(const struct endpoint_context *context,
	const struct word *word, const char *text, unsigned int *left,
	endpoint_call *call, void *arg)
{
	struct range range;

	if (!find_range(text, &range)) {
		if ((*left)-- > 0)
			return call(arg, text);
		complain(context->complaints, &word->place,
			"more than %d real servers on one line", RANGE_MAX);
		return -1;
	}
	if (range.first > range.last) {
		complain(context->complaints, &word->place,
			"the range [%u-%u] is empty", range.first, range.last);
		return -1;
	}
	for (uint32_t n = range.first; n <= range.last; n++) {
		char copy[EXPANDED_MAX];

		snprintf(copy, sizeof(copy), "%.*s%0*u%s",
			(int)(range.open - text), text, range.width, n,
			range.close + 1);
		if (expand(context, word, copy, left, call, arg) < 0)
			return -1;
	}
	return 0;
}

int endpoint_expand(const struct endpoint_context *context,
	const struct word *word, endpoint_call *call, void *arg)
{
	unsigned int left = RANGE_MAX;

	if (strlen(word->text) >= HOST_MAX) {
		complain(context->complaints, &word->place,
			"the address is too long");
		return -1;
	}
	return expand(context, word, word->text, &left, call, arg);
}
