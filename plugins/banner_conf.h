/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The acts of banner, which the options make and the step follows. */
#ifndef LVSMON_PLUGINS_BANNER_CONF_H
#define LVSMON_PLUGINS_BANNER_CONF_H

#include "lvsmon/checker.h"
#include "pattern.h"

#define BANNER_ACTS_MAX 32
#define BANNER_BYTES_MAX 8192 /* in all -s, -e and -q together */
#define BANNER_LINE_DEFAULT 1024
#define BANNER_LINE_MAX 8192
#define BANNER_REPLY_MAX 256     /* lines of one reply, with -M */
#define BANNER_TRIES_MAX 256     /* lines or replies that -f looks at */
#define BANNER_SKIP_MAX 1048576U /* bytes of -n, or of a length field */

enum act_kind {
	ACT_SEND,
	ACT_PREFIX, /* a line that begins with the bytes; no bytes: any line */
	ACT_REGEX,
	ACT_BYTES, /* bytes in any place, without a line's end */
	ACT_SKIP,  /* any bytes, as many as `count` */
	ACT_FIELD, /* a length field and as many bytes as it says */
};

struct act {
	enum act_kind kind;
	uint16_t at; /* index in bytes[] */
	uint16_t len;
	struct pattern *regex;
	uint32_t count; /* bytes to skip, or bytes of the length field */
	bool little;    /* the lowest byte of the length field is first */
	bool negated;   /* the line must not match */
	bool find;      /* lines that do not match are skipped */
};

struct banner_conf {
	uint32_t line_max; /* bytes, without the line's end */
	bool replies;      /* -M: a reply lasts from "220-" to "220 " */
	bool quits;        /* -q: the last act is sent with the verdict */
	uint16_t used;     /* bytes of bytes[] */
	uint16_t act_count;
	struct act acts[BANNER_ACTS_MAX];
	char bytes[BANNER_BYTES_MAX];
};

/* Implements checker.configure. */
int banner_configure(
	void *data, int argc, char **argv, char *err, size_t errsz);

/* Implements checker.release. */
void banner_release(void *data);

#endif
