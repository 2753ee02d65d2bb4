/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a configuration, and files that they include. */
#ifndef LVSMON_CONFIG_INCLUDE_H
#define LVSMON_CONFIG_INCLUDE_H

#include "config/parse.h"

/* Reads a file into the parser's draft. place is where the file is named, for
 * the error if it cannot be read. */
void include_file(
	struct parser *parser, const char *path, const struct place *place);

/* The statement: include PATTERN. */
void read_include(const struct arguments *arguments);

#endif
