/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statement `sysctl`. */
#ifndef LVSMON_CONFIG_SYSCTL_H
#define LVSMON_CONFIG_SYSCTL_H

#include "config/parse.h"

/* A statement_read. A name may be repeated: the last value counts. */
void read_sysctl(const struct arguments *arguments);

/* Copies the sysctls of a draft to a configuration. */
void sysctl_build(struct config *config, const struct draft *draft);

/* Returns the value that the configuration sets, or NULL. */
const uint32_t *sysctl_value(const struct config *config, const char *name);

#endif
