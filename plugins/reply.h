/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies that begin with three digits, as in SMTP, FTP and NNTP. */
#ifndef LVSMON_PLUGINS_REPLY_H
#define LVSMON_PLUGINS_REPLY_H

#include "codes.h"
#include "command.h"
#include "line.h"
#include "lvsmon/checker.h"

/* RFC 5321, 4.5.3.1.5 and RFC 3977, 3.1 limit a line to 512 bytes, but some
 * servers send longer lines. */
#define REPLY_LINE_MAX 2048 /* bytes, with the line's end */
#define REPLY_LINES_MAX 128 /* in one reply */

/* The form of a reply with more than one line. */
enum reply_lines {
	REPLY_EVERY, /* RFC 5321, 4.2.1: each line has the code */
	REPLY_ENDS,  /* RFC 959, 4.2: the first and the last line have it */
	REPLY_ONE,   /* RFC 3977, 3.1: there is one line */
};

struct reply_form {
	enum reply_lines lines;
	int least;         /* the least code; 599 is the greatest */
	int closing;       /* the code after which the server closes */
	const char *alien; /* why a line is down that is no reply */
};

struct reply {
	uint16_t code;  /* 0 = no line yet */
	uint16_t lines; /* so far */
	bool ended;
};

/* Reads the codes that an option accepts. Returns 0. On failure returns -1 with
 * the reason in to. */
static inline int reply_codes(struct codes *codes,
	const struct reply_form *form, int option, const char *text,
	const struct refusal *to)
{
	if (codes_parse(codes, text, form->least, 599) == 0)
		return 0;
	return refuse(to, "-%c: bad code list '%s'", option, text);
}

/* Returns the code of a line and sets *more to whether lines follow, or returns
 * -1. */
static inline int reply_code(const struct line *line, bool *more)
{
	int code = line->len < 3 ? -1 : codes_number(line->text);
	char mark = ' ';

	if (line->len > 3)
		mark = line->text[3];
	*more = mark == '-';
	return mark == ' ' || mark == '-' ? code : -1;
}

/* Takes a line into the reply. Returns NULL, or why the line is wrong. */
static inline const char *reply_add(struct reply *reply,
	const struct reply_form *form, const struct line *line)
{
	bool more;
	int code = reply_code(line, &more);
	bool free = reply->lines > 0 && form->lines == REPLY_ENDS;

	if (++reply->lines > REPLY_LINES_MAX)
		return "too many lines in a reply";
	if (free) {
		reply->ended = code == reply->code && !more;
		return NULL;
	}
	if (code < form->least || code > 599 ||
		(more && form->lines == REPLY_ONE))
		return form->alien;
	if (reply->code != 0 && reply->code != code)
		return "codes of one reply differ";
	reply->code = (uint16_t)code;
	reply->ended = !more;
	return NULL;
}

/* Takes one line of the reply and sets *line, which is valid in this step. A
 * reply that has ended is followed by another. Returns UP if there is a line,
 * READ, or DOWN. */
static inline enum checker_next reply_line(struct reply *reply,
	const struct reply_form *form, struct checker_io *io, struct line *line)
{
	const char *in = io->in + io->used;
	size_t len = io->in_len - io->used;
	bool whole = line_first(line, in, len);
	const char *why;

	if (reply->ended)
		*reply = (struct reply){.code = 0};
	if (whole ? line->size > REPLY_LINE_MAX : len >= REPLY_LINE_MAX)
		why = "reply line too long";
	else if (!whole)
		return CHECKER_READ;
	else
		why = reply_add(reply, form, line);
	if (why) {
		io->why = why;
		io->code = reply->code;
		return CHECKER_DOWN;
	}
	io->used += line->size;
	return CHECKER_UP;
}

/* Takes the lines of the reply. Returns UP if the reply is complete, READ, or
 * DOWN. */
static inline enum checker_next reply_hear(struct reply *reply,
	const struct reply_form *form, struct checker_io *io)
{
	enum checker_next next = CHECKER_UP;
	struct line line;

	do
		next = reply_line(reply, form, io, &line);
	while (next == CHECKER_UP && !reply->ended);
	return next;
}

/* The verdict up, by a complete reply, with QUIT. */
static inline enum checker_next reply_accepted(
	const struct reply *reply, struct checker_io *io)
{
	io->code = reply->code;
	command_quit(io);
	return CHECKER_UP;
}

/* The verdict down, by a complete reply, with QUIT if the server still reads.
 */
static inline enum checker_next reply_refused(const struct reply *reply,
	const struct reply_form *form, struct checker_io *io, const char *why)
{
	io->why = why;
	io->code = reply->code;
	if (reply->code != form->closing)
		command_quit(io);
	return CHECKER_DOWN;
}

#endif
