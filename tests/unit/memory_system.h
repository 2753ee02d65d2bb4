/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A system for the parser that exists in memory only: files, names, ports. */
#ifndef MEMORY_SYSTEM_H
#define MEMORY_SYSTEM_H

#include "config/config.h"

/* The names are web.example.org (192.0.2.10), web01 to web99.example.org
 * (10.1.0.1 to 10.1.0.99), six.example.org (2001:db8::10) and
 * two.example.org, which has two addresses. The ports are http and smtp over
 * tcp, domain over udp. */
extern const struct system memory_system;

/* Adds a file. path and text are not copied. len 0 means strlen(text). */
void memory_system_add(const char *path, const char *text, size_t len);

/* Removes all files. */
void memory_system_clear(void);

/* Collects reports, each with a newline at its end. Starts empty. */
struct config_reports {
	unsigned int count;
	size_t len;
	char text[32768];
};
void config_reports_add(void *reports, const char *text);

/* Reads text as the file "c" without options. */
struct config *config_of(
	const char *text, size_t len, struct config_reports *reports);

#endif
