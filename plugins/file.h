/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the options of a checker name. Only configure reads them. */
#ifndef LVSMON_PLUGINS_FILE_H
#define LVSMON_PLUGINS_FILE_H

#include "vector.h"

#include <errno.h>
#include <stdlib.h>

/* Reads a file of at most `most` bytes. Returns its bytes, which the caller
 * frees, and sets *len; a 0 follows them. On failure returns NULL with the
 * reason in `to`. */
static inline char *file_read(char option, const char *path, size_t most,
	size_t *len, const struct refusal *to)
{
	FILE *file = fopen(path, "re");
	char *bytes = file ? malloc(most + 2) : NULL;

	if (bytes)
		*len = fread(bytes, 1, most + 1, file);
	if (!bytes || ferror(file)) {
		refuse(to, "-%c: %s: %s", option, path, strerror(errno));
	} else if (*len > most) {
		refuse(to, "-%c: %s: more than %zu bytes", option, path, most);
	} else {
		fclose(file);
		bytes[*len] = '\0';
		return bytes;
	}
	if (file)
		fclose(file);
	free(bytes);
	return NULL;
}

#endif
