/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin directory: the checkers in it, and whether root may load them. */
#ifndef LVSMON_ENGINE_PLUGIN_DIR_H
#define LVSMON_ENGINE_PLUGIN_DIR_H

#include "base/arena.h"
#include "config/config.h"

/* Whether text can be the name of a checker: [a-z0-9_]+. */
int plugin_dir_is_name(const char *text);

/* Returns the names of all checkers in dir, sorted and ended by NULL, in
 * arena. On failure returns NULL and sets errno. */
const char *const *plugin_dir_names(struct arena *arena, const char *dir);

/* Returns "dir/name.so", in arena. */
char *plugin_dir_path(struct arena *arena, const char *dir, const char *name);

/* Writes the path of a checker's file to path, which holds
 * PLUGIN_DIR_PATH_MAX bytes: name itself if it is absolute, else
 * "dir/name.so". A longer path is cut. */
#define PLUGIN_DIR_PATH_MAX 4096
void plugin_dir_resolve(char *path, const char *dir, const char *name);

/* Judges the plugins that the configuration names, and the file `also` of the
 * plugin directory, which need not be there, for a process that changes
 * its user or enters a user namespace later: inside one, stat(2) does not tell
 * root from other users. plugin_dir_forbids then repeats these judgements and
 * forbids any other file. The arena holds them. */
void plugin_dir_judge(
	struct arena *arena, const struct config *config, const char *also);

/* Returns the name by which this process can open the file, until the next
 * call. For a judged file it names the file that was judged, whatever the path
 * leads to now, even if a directory of the path is closed to the process's new
 * user. */
const char *plugin_dir_reach(const char *path);

/* Closes the judged files. */
void plugin_dir_close(void);

/* Returns NULL if this process may load the file, or why it must not: a
 * constant text or one of strerror(3). */
const char *plugin_dir_forbids(const char *path);

#endif
