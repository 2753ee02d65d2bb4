/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request that the options of http describe. */
#ifndef LVSMON_PLUGINS_HTTP_REQUEST_H
#define LVSMON_PLUGINS_HTTP_REQUEST_H

#include "http_conf.h"
#include "vector.h"

#define HTTP_EXTRAS_MAX 32

struct http_request {
	const char *method;
	const char *target; /* as the request line has it */
	const char *host;   /* NULL = unknown */
	size_t host_len;
	const char *version; /* NULL = no -v */
	char *user;          /* "user:password", or NULL */
	char *proxy_user;    /* the same for a proxy */
	const char *extras[HTTP_EXTRAS_MAX];
	size_t extra_count;
	bool tunnel;      /* the method is CONNECT */
	bool no_path;     /* the target is a URL without a path */
	bool identity;    /* the body is judged: ask for it uncompressed */
	bool has_content; /* the request has a body */
	size_t content_len;
	char text[HTTP_REQUEST_MAX]; /* the head of the request */
	size_t length;
};

/* The options; NULL = not given. */
struct http_options {
	struct http_request request;
	struct http_conf *conf; /* takes what needs no other option */
	struct http_judges judges;
	const char *target; /* -u */
	const char *statuses;
	const char *wanted, *refused;
	const char *wanted_pattern, *refused_pattern;
	const char *text, *file; /* the body of the request */
	bool perl;
	bool proxy;
	bool whole;
};

/* Sets the defaults of what judges the answer. */
void http_judges_begin(struct http_conf *conf);

/* Reads one of the options that judge the answer. Returns 0, or -1 with the
 * reason in `to`. */
int http_judge_option(
	struct http_options *options, int option, const struct refusal *to);

/* Keeps in conf what judges the answer; the target must be known. Returns 0, or
 * -1 with the reason in `to`. */
int http_judges_take(struct http_options *options, const struct refusal *to);

/* Whether the bytes of the body are compared with something. */
bool http_judges_compare(const struct http_judges *judges);

void http_judges_release(struct http_conf *conf);

/* Reads -u; all other options must be known. Sets the target, the host unless
 * -H has set it, and the port to connect to. Returns 0, or -1 with the reason
 * in `to`. */
int http_target_parse(struct http_options *options, const struct refusal *to);

/* Reads -H, with the same result. */
int http_host_parse(struct http_request *request, const char *text,
	const struct refusal *to);

/* Returns the number of characters of the token at the beginning of text. */
size_t http_token_length(const char *text);

/* Returns 0 if the argument of an option is "Name: value", or -1 with the
 * reason in `to`. */
int http_header_check(char option, const char *text, const struct refusal *to);

/* Whether -a has a header of this name. */
bool http_request_has(const struct http_request *request, const char *name);

/* Writes text and length. A length over HTTP_REQUEST_MAX - 1 means that the
 * text is not complete. */
void http_request_write(struct http_request *request);

#endif
