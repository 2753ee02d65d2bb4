/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that the TLS settings of a configuration name. The engine reads
 * them as long as it may: the key of a certificate is root's alone. */
#ifndef LVSMON_ENGINE_CREDENTIALS_H
#define LVSMON_ENGINE_CREDENTIALS_H

#include "base/arena.h"
#include "config/config.h"
#include "engine/transport/tls_module.h"

/* The most bytes of a file, or of all files of a directory. */
#define CREDENTIALS_MAX ((size_t)16 * 1024 * 1024)
/* The most files of a directory. */
#define CREDENTIALS_FILES_MAX 8192

struct credential {
	struct credential *next;
	const char *path;
	struct tls_text content; /* of a directory: of all its files with
				    certificates */
	const char *why;         /* why there is no content; NULL = there is */
};

/* Reads every file that `ca`, `cert` and `key` name, and the default of `ca`.
 * A directory counts for `ca` only. Returns a list in arena. */
struct credential *credentials_read(
	struct arena *arena, const struct config *config);

/* Returns the file at path, which the configuration must name. NULL is the
 * default of `ca`. */
const struct credential *credentials_find(
	const struct credential *list, const char *path);

/* Overwrites the contents. */
void credentials_wipe(struct credential *list);

#endif
