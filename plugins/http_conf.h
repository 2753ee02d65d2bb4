/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of http: the request from the options, the decoder of an answer's
 * head, and the data that both hand to the step. The format is RFC 9112. */
#ifndef LVSMON_PLUGINS_HTTP_CONF_H
#define LVSMON_PLUGINS_HTTP_CONF_H

#include "codes.h"
#include "line.h"
#include "lvsmon/checker.h"

/* Bytes of a request with a 0 at its end, and of the text of -e. */
#define HTTP_REQUEST_MAX 8192
#define HTTP_NEEDLE_MAX 512
/* Bytes of a line with its end, or of a header line with its folded lines. */
#define HTTP_LINE_MAX 8192
/* Bytes of all heads together, those of interim answers included. */
#define HTTP_HEAD_MAX 65536
#define HTTP_FIELDS_MAX 256
#define HTTP_INTERIM_MAX 8

struct http_conf {
	size_t request_len;
	const char *needle; /* in argv; NULL = none */
	uint32_t needle_len;
	uint32_t body_max; /* bytes of the body that are searched */
	uint16_t port;     /* port of the URL; 0 = none */
	bool head;         /* the method is HEAD: answers have no body */
	char *tls_host;    /* of an https URL; NULL = no such URL */
	struct codes accepted;
	/* After a mismatch behind n bytes of the needle, border[n] bytes of it
	 * still match. */
	uint16_t *border;
	char *request; /* request_len bytes, not ended by 0 */
};

enum http_phase {
	HTTP_REQUEST,
	HTTP_STATUS,
	HTTP_FIELDS,
	HTTP_DATA, /* bytes of the body or of a chunk */
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_END,
};

struct http_state {
	uint64_t length;    /* the value of Content-Length */
	uint64_t left;      /* bytes left of the body or of the chunk */
	uint32_t body_left; /* bytes left of body_max */
	uint32_t head_size; /* bytes of all heads so far */
	uint16_t status;
	uint16_t fields;  /* lines of this head so far */
	uint16_t matched; /* bytes of the needle that match so far */
	uint8_t phase;    /* enum http_phase */
	uint8_t interim;  /* interim answers so far */
	bool old;         /* the answer is HTTP/1.0 */
	bool has_length;
	bool chunked;
};

/* Implements checker.configure. */
int http_configure(void *conf, int argc, char **argv, char *err, size_t errsz);

/* Implements checker.release. */
void http_release(void *conf);

/* The next three functions read a part of the head. Each returns NULL, or why
 * the answer is not valid HTTP. */

/* Reads the status line. */
const char *http_status_line(struct http_state *state, const struct line *line);

/* Reads one field line with its folded lines, without the end. */
const char *http_field(struct http_state *state, const char *text, size_t len);

/* Checks the end of a head whose answer has a body. */
const char *http_framing(const struct http_state *state);

/* Reads the line with a chunk's size. Returns 0. On failure, if the line is not
 * valid, returns -1. */
int http_chunk_size(const struct line *line, uint64_t *size);

/* RFC 9110, 5.6.2: whether a token may contain c. */
bool http_is_tchar(char c);

#endif
