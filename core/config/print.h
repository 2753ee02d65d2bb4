/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a configuration. */
#ifndef LVSMON_CONFIG_PRINT_H
#define LVSMON_CONFIG_PRINT_H

#include "config/config.h"

/* Returns the configuration as text, in arena. Every setting is printed in
 * each place it applies to. The text reads back to an equal configuration. */
char *config_text(const struct config *config, struct arena *arena);

#endif
