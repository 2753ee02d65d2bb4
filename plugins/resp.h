/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One item of RESP2, the protocol of Redis. An array's own items follow it. */
#ifndef LVSMON_PLUGINS_RESP_H
#define LVSMON_PLUGINS_RESP_H

#include "line.h"

#include <stdint.h>

#define RESP_LINE_MAX 1024 /* bytes, with the line's end */
#define RESP_BULK_MAX 1024 /* bytes in a bulk string */

/* The types are the first bytes of the items. */
enum resp_type {
	RESP_SIMPLE = '+',
	RESP_ERROR = '-',
	RESP_INTEGER = ':',
	RESP_BULK = '$',
	RESP_ARRAY = '*',
};

struct resp {
	enum resp_type type;
	const char *text; /* in the input; a bulk string's, or the line */
	size_t len;       /* bytes in text */
	uint32_t count;   /* an array's items */
	size_t size;      /* bytes in the input */
};

enum resp_result {
	RESP_ITEM,
	RESP_MORE, /* the input has no whole item yet */
	RESP_LONG, /* the item is longer than the limits */
	RESP_BAD,  /* the input is no RESP2 */
};

/* Reads a decimal number of up to nine digits. Returns 0 or -1. */
static inline int resp_number(const char *text, size_t len, uint32_t *number)
{
	if (len == 0 || len > 9)
		return -1;
	*number = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		*number = *number * 10 + (uint32_t)(text[i] - '0');
	}
	return 0;
}

/* Reads the bytes of a bulk string behind its line. -1 is no string, which is
 * taken as an empty one. */
static inline enum resp_result resp_bulk(
	struct resp *resp, const char *in, size_t in_len)
{
	uint32_t len;

	if (resp->len == 2 && memcmp(resp->text, "-1", 2) == 0) {
		resp->len = 0;
		return RESP_ITEM;
	}
	if (resp_number(resp->text, resp->len, &len) < 0)
		return RESP_BAD;
	if (len > RESP_BULK_MAX)
		return RESP_LONG;
	if (in_len - resp->size < len + 2)
		return RESP_MORE;
	resp->text = in + resp->size;
	resp->len = len;
	resp->size += len + 2;
	return memcmp(resp->text + len, "\r\n", 2) == 0 ? RESP_ITEM : RESP_BAD;
}

static inline enum resp_result resp_body(
	struct resp *resp, const char *in, size_t in_len)
{
	switch (resp->type) {
	case RESP_SIMPLE:
	case RESP_ERROR:
	case RESP_INTEGER:
		return RESP_ITEM;
	case RESP_ARRAY:
		return resp_number(resp->text, resp->len, &resp->count) < 0
			       ? RESP_BAD
			       : RESP_ITEM;
	case RESP_BULK:
		return resp_bulk(resp, in, in_len);
	}
	return RESP_BAD;
}

/* Reads the first item of in[]. */
static inline enum resp_result resp_first(
	struct resp *resp, const char *in, size_t in_len)
{
	struct line line;
	bool whole = line_first(&line, in, in_len);

	if (in_len > 0 && (in[0] == '\0' || !strchr("+-:$*", in[0])))
		return RESP_BAD;
	if (whole ? line.size > RESP_LINE_MAX : in_len >= RESP_LINE_MAX)
		return RESP_LONG;
	if (!whole)
		return RESP_MORE;
	if (!line.crlf || line.len == 0)
		return RESP_BAD;
	*resp = (struct resp){
		.type = (enum resp_type)line.text[0],
		.text = line.text + 1,
		.len = line.len - 1,
		.size = line.size,
	};
	return resp_body(resp, in, in_len);
}

/* Whether the text is this one. */
static inline bool resp_is(const struct resp *resp, const char *text)
{
	return resp->len == strlen(text) &&
	       memcmp(resp->text, text, resp->len) == 0;
}

/* Whether the text begins with this one. */
static inline bool resp_begins(const struct resp *resp, const char *text)
{
	size_t len = strlen(text);

	return resp->len >= len && memcmp(resp->text, text, len) == 0;
}

#endif
