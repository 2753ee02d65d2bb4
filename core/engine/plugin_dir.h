/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin directory: which checkers it has, and who may write there. */
#ifndef LVSMON_ENGINE_PLUGIN_DIR_H
#define LVSMON_ENGINE_PLUGIN_DIR_H

#include "base/arena.h"

/* Whether text can be a checker's name: [a-z0-9_]+. */
int plugin_dir_is_name(const char *text);

/* Names of all checkers in dir, sorted, ended by NULL; in arena. NULL, with
 * errno, where it cannot be read. */
const char *const *plugin_dir_names(struct arena *arena, const char *dir);

/* "dir/name.so"; in arena. */
char *plugin_dir_path(struct arena *arena, const char *dir, const char *name);

/* Why the file may not be loaded by root, or at all; NULL = it may. A constant
 * or strerror's. */
const char *plugin_dir_forbids(const char *path);

#endif
