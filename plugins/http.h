/* SPDX-License-Identifier: GPL-2.0-or-later */
/* http's parts: the request made of the options, the decoder of an answer's
 * head, and what both leave for the step. RFC 9112 is the format. */
#ifndef LVSMON_PLUGINS_HTTP_H
#define LVSMON_PLUGINS_HTTP_H

#include "codes.h"
#include "line.h"
#include "lvsmon/checker.h"

/* Bytes of the longest request, and of the longest -e. */
#define HTTP_REQUEST_MAX 8192
#define HTTP_NEEDLE_MAX 512
/* Bytes of a line with its end; of a header line, with those folded to it. */
#define HTTP_LINE_MAX 8192
/* Of all heads of an answer together, the interim ones too. */
#define HTTP_HEAD_MAX 65536
#define HTTP_FIELDS_MAX 256
#define HTTP_INTERIM_MAX 8

struct http_conf {
	size_t request_len;
	const char *needle; /* in argv; NULL = none */
	uint32_t needle_len;
	uint32_t body_max; /* bytes of body that are looked at */
	uint16_t port;     /* of the URL; 0 = none */
	bool head;         /* the method is HEAD: no answer has a body */
	struct codes accepted;
	/* Bytes of the needle that a mismatch after n of them leaves. */
	uint16_t border[HTTP_NEEDLE_MAX + 1];
	char request[HTTP_REQUEST_MAX];
};

enum http_phase {
	HTTP_REQUEST,
	HTTP_STATUS,
	HTTP_FIELDS,
	HTTP_DATA, /* of the body, or of a chunk */
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_END,
};

struct http_state {
	uint64_t length;    /* as Content-Length says */
	uint64_t left;      /* of the body, or of the chunk */
	uint32_t body_left; /* of body_max */
	uint32_t head_size; /* so far */
	uint16_t status;
	uint16_t fields;  /* of this head, so far */
	uint16_t matched; /* bytes of the needle */
	uint8_t phase;    /* enum http_phase */
	uint8_t interim;  /* answers so far */
	bool old;         /* the answer is HTTP/1.0 */
	bool has_length;
	bool chunked;
};

/* The vector to a request and the rest of conf; as checker.configure. */
int http_configure(void *conf, int argc, char **argv, char *err, size_t errsz);

/* Each takes in a part of the head. Returns NULL, or why the answer is no good
 * HTTP. */
const char *http_status_line(struct http_state *state, const struct line *line);
/* One field line, without its end, with the lines folded to it. */
const char *http_field(struct http_state *state, const char *text, size_t len);
/* At the head's end, of an answer that has a body. */
const char *http_framing(const struct http_state *state);

/* The size that a chunk begins with. 0, or -1 where the line is none. */
int http_chunk_size(const struct line *line, uint64_t *size);

/* Whether c may stand in a token: RFC 9110, 5.6.2. */
bool http_is_tchar(char c);

#endif
