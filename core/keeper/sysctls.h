/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's sysctls net.ipv4.vs.*. */
#ifndef LVSMON_KEEPER_SYSCTLS_H
#define LVSMON_KEEPER_SYSCTLS_H

#include "config/config.h"

/* Reads a sysctl. Returns 0. On failure returns -1 and sets errno. */
int sysctls_get(const char *name, uint32_t *value);

/* Sets the sysctls of a configuration that have another value. Logs each that
 * it sets, and each that it cannot set. Needs CAP_NET_ADMIN. */
void sysctls_apply(const struct config *config);

#endif
