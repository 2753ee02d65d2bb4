/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of http: the request from the options, the decoders of an answer's
 * head and body, and the data that they hand to each other. The format is RFC
 * 9112. */
#ifndef LVSMON_PLUGINS_HTTP_CONF_H
#define LVSMON_PLUGINS_HTTP_CONF_H

#include "codes.h"
#include "digest.h"
#include "line.h"
#include "lvsmon/checker.h"
#include "pattern.h"

/* Bytes of a request's head with a 0 at its end, of its body, and of a text of
 * -e or -E. */
#define HTTP_REQUEST_MAX 8192
#define HTTP_CONTENT_MAX 65536
#define HTTP_NEEDLE_MAX 512
/* Bytes of a line with its end, or of a header line with its folded lines. */
#define HTTP_LINE_MAX 8192
/* Bytes of all heads together, those of interim answers included. */
#define HTTP_HEAD_MAX 65536
#define HTTP_FIELDS_MAX 256
#define HTTP_INTERIM_MAX 8
#define HTTP_HEADERS_MAX 8 /* of -R */

/* A text to search. */
struct http_needle {
	const char *text; /* in argv; NULL = none */
	/* After a mismatch behind n bytes of the text, border[n] bytes of it
	 * still match. */
	uint16_t *border;
	uint16_t len;
};

/* The requirements for an answer, apart from its status. */
struct http_judges {
	const char *weight; /* a header's name, or NULL */
	uint8_t header_count;
	uint8_t digest_kind;                   /* enum digest_kind */
	uint8_t digest_len;                    /* bytes; 0 = no digest */
	const char *headers[HTTP_HEADERS_MAX]; /* "Name: text" */
	/* Things that the body must contain or must not contain. Either
	 * texts, or patterns, or a digest. */
	struct http_needle wanted, refused;
	struct pattern *wanted_pattern, *refused_pattern;
	uint8_t digest[DIGEST_MAX];
};

struct http_conf {
	uint32_t request_len;
	uint32_t body_max; /* bytes of the body that are read */
	char *request;     /* request_len bytes, not ended by 0 */
	char *tls_host;    /* of an https URL; NULL = no such URL */
	uint16_t port;     /* port of the URL; 0 = none */
	bool head;         /* the method is HEAD: answers have no body */
	bool reads;        /* the body is judged */
	bool whole;        /* the verdict waits for the end of the body */
	struct codes accepted;
	/* NULL = only the status counts. Most vectors have no more, and there
	 * may be many vectors. */
	struct http_judges *judges;
};

enum http_phase {
	HTTP_REQUEST,
	HTTP_STATUS,
	HTTP_FIELDS,
	HTTP_DATA, /* bytes of the body or of a chunk */
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_END,
	HTTP_TRAILER,
};

/* Faults of the framing. They count only if the body is read. */
enum http_fault {
	HTTP_NO_FAULT,
	HTTP_BAD_LENGTH,
	HTTP_OTHER_LENGTH,
	HTTP_OTHER_CODING,
};

struct http_head {
	uint32_t size;    /* bytes of all heads so far */
	uint16_t fields;  /* lines of this head so far */
	uint8_t interim;  /* interim answers so far */
	uint8_t fault;    /* enum http_fault; the first one */
	uint8_t present;  /* a bit for each of headers[] that has come */
	uint8_t expected; /* a bit for each that had its text */
	bool old;         /* the answer is HTTP/1.0 */
};

struct http_search {
	/* Bytes of the text that match so far; if wanted, len = it was found */
	uint16_t wanted, refused;
	bool found; /* the wanted pattern was found */
	bool later; /* bytes of the body were searched and left behind */
	/* Patterns: so many bytes of the block were decoded already, and left
	 * the decoder in this state. */
	uint16_t scanned;
	uint8_t phase;
	uint32_t budget;
	uint64_t left;
};

struct http_state {
	/* The value of Content-Length; in the body, the bytes left of it or of
	 * the chunk. */
	uint64_t left;
	uint32_t budget; /* bytes left of body_max */
	uint16_t status;
	uint8_t phase;  /* enum http_phase */
	uint8_t weight; /* percent; 0 = not said */
	bool has_length;
	bool chunked;
	union {
		struct http_head head;
		struct http_search search;
		struct digest digest;
	};
};

/* The result of one phase. */
enum http_turn {
	HTTP_GO,   /* continue: the phase has used input or is complete */
	HTTP_MORE, /* the phase needs more input */
	HTTP_GOOD,
	HTTP_BAD,
};

/* Returns the input that this step has not used yet, *len bytes. */
static inline const char *http_rest(const struct checker_io *io, size_t *len)
{
	*len = io->in_len - io->used;
	return io->in + io->used;
}

static inline enum http_turn http_bad(
	const struct http_state *state, struct checker_io *io, const char *why)
{
	io->why = why;
	io->code = state->status;
	return HTTP_BAD;
}

static inline enum http_turn http_good(
	const struct http_state *state, struct checker_io *io)
{
	io->code = state->status;
	io->weight = state->weight;
	return HTTP_GOOD;
}

/* Implements checker.configure. */
int http_configure(void *conf, int argc, char **argv, char *err, size_t errsz);

/* Implements checker.release. */
void http_release(void *conf);

/* The next two functions read a part of the head. Each returns NULL, or why the
 * answer is not the expected one. */

/* Reads the status line. */
const char *http_status_line(struct http_state *state, const struct line *line);

/* Reads one field line with its folded lines, without the end. */
const char *http_field(const struct http_conf *conf, struct http_state *state,
	const char *text, size_t len);

/* Judges the framing at the end of a head whose body is read. Returns NULL, or
 * why nobody can tell the end of the body. */
const char *http_framing(const struct http_state *state);

/* Begins the phases of the body. `has_body` is false if the answer can have
 * none: it is judged as an empty one. */
enum http_turn http_body_begin(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io, bool has_body);

/* Continues in one of the phases of the body. */
enum http_turn http_body_turn(const struct http_conf *conf,
	struct http_state *state, struct checker_io *io);

/* Reads the line with a chunk's size. Returns 0. On failure, if the line is not
 * valid, returns -1. */
int http_chunk_size(const struct line *line, uint64_t *size);

/* RFC 9110, 5.6.2: whether a token may contain c. */
bool http_is_tchar(char c);

#endif
