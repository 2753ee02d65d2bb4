/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended regular expressions of POSIX, as regex(7) describes them, in the
 * language of PCRE2. */
#ifndef LVSMON_PLUGINS_ERE_H
#define LVSMON_PLUGINS_ERE_H

#include <stddef.h>

/* Translates an expression that regcomp(3) accepts. The result matches the same
 * texts; it has no groups that capture. Returns the bytes written to buf, or -1
 * if buf is too small or the groups are nested too deep. */
long ere_translate(const char *pattern, char *buf, size_t size);

#endif
