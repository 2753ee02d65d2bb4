/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a configuration of a draft. */
#ifndef LVSMON_CONFIG_BUILD_H
#define LVSMON_CONFIG_BUILD_H

#include "config/draft.h"

/* Returns a configuration in an arena of its own, or NULL after complaints. */
struct config *config_build(const struct draft *draft, const char *path,
	const struct config_options *options, struct complaints *complaints);

/* Returns a configuration that has vectors and global settings, and nothing
 * else. The draft may have errors. */
struct config *config_build_vectors(const struct draft *draft, const char *path,
	const struct config_options *options);

#endif
