/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data that smtp's options give to its step. */
#ifndef LVSMON_PLUGINS_SMTP_CONF_H
#define LVSMON_PLUGINS_SMTP_CONF_H

#include "reply.h"

/* The reply that is awaited, and the command that asks for it. */
enum smtp_phase {
	SMTP_GREETING,
	SMTP_EHLO, /* or LHLO */
	SMTP_HELO,
	SMTP_STARTTLS,
	SMTP_PLAIN, /* RFC 4616: user and password in one command */
	SMTP_LOGIN, /* user and password as answers to the server */
	SMTP_USER,
	SMTP_PASS,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_PHASES
};

struct smtp_conf {
	/* The codes that the options name: SMTP_EHLO's are SMTP_HELO's too. */
	struct codes greeting;
	struct codes hello;
	struct codes mail;
	struct codes rcpt;
	struct command commands[SMTP_PHASES]; /* to send, by phase */
	bool lmtp;
};

/* Implement checker.configure and checker.release. */
int smtp_configure(void *conf, int argc, char **argv, char *err, size_t errsz);
void smtp_release(void *conf);

/* RFC 5321, 4.2: the form of the replies. */
extern const struct reply_form smtp_form;

#endif
