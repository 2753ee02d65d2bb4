/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that a checker sends. configure makes it, so that a step only hands it
 * out. */
#ifndef LVSMON_PLUGINS_COMMAND_H
#define LVSMON_PLUGINS_COMMAND_H

#include "lvsmon/checker.h"
#include "vector.h"

#include <stdlib.h>

struct command {
	char *text; /* NULL = not sent */
	size_t len;
};

/* Wipes the text too, because it may have a password. */
static inline void command_free(struct command *command)
{
	if (command->text)
		explicit_bzero(command->text, command->len);
	free(command->text);
	*command = (struct command){.text = NULL};
}

/* Makes the command; an earlier text is freed. The caller frees the command
 * with command_free. Returns 0. On failure returns -1 with the reason in to. */
__attribute__((format(printf, 3, 4))) static inline int command_set(
	struct command *command, const struct refusal *to, const char *format,
	...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, format);
	len = vasprintf(&text, format, ap);
	va_end(ap);
	if (len < 0)
		return refuse(to, "out of memory");
	command_free(command);
	*command = (struct command){.text = text, .len = (size_t)len};
	return 0;
}

/* Sends the command; why says what the checker waits for then. */
static inline enum checker_next command_say(
	const struct command *command, struct checker_io *io, const char *why)
{
	io->out = command->text;
	io->out_len = command->len;
	io->why = why;
	return CHECKER_WRITE;
}

/* Sends QUIT, with a verdict. */
static inline void command_quit(struct checker_io *io)
{
	static const char quit[] = "QUIT\r\n";

	io->out = quit;
	io->out_len = sizeof(quit) - 1;
}

#endif
