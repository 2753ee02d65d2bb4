// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of certificates and keys. */
#include "engine/credentials.h"

#include "base/text.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "-----BEGIN "

/* A file's content while it is read. */
struct reading {
	char *bytes;
	size_t len, size;
	const char *why;
};

/* The kernel may tell a smaller size than there is. */
static int reading_fill(struct reading *reading, int fd)
{
	ssize_t got = 1;

	while (got > 0 && reading->len < reading->size) {
		got = read(fd, reading->bytes + reading->len,
			reading->size - reading->len);
		if (got > 0)
			reading->len += (size_t)got;
		else if (got < 0)
			reading->why = strerror(errno);
	}
	return reading->why ? -1 : 0;
}

/* O_NONBLOCK: to open a FIFO would wait for its writer. */
static int open_file(const char *path, int dir, struct stat *st)
{
	int fd =
		openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0 && fstat(fd, st) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static const char *form_fault(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return "a directory";
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (!st->st_size)
		return "empty";
	return (size_t)st->st_size > CREDENTIALS_MAX ? "too large" : NULL;
}

static void read_regular(struct arena *arena, struct reading *reading, int fd,
	const struct stat *st)
{
	reading->why = form_fault(st);
	if (reading->why)
		return;
	reading->size = (size_t)st->st_size;
	reading->bytes = arena_alloc(arena, reading->size + 1);
	reading_fill(reading, fd);
}

/* The files of a directory, each once: links of other names are usual. */
struct folder {
	struct arena *arena;
	struct piece *pieces; /* in the order of their names, backwards */
	unsigned int count;
	size_t len;
	const char *why;
};

struct piece {
	struct piece *next;
	struct reading reading;
	dev_t device;
	ino_t inode;
};

static bool is_known(const struct folder *folder, const struct stat *st)
{
	const struct piece *piece = folder->pieces;

	while (piece &&
		(piece->inode != st->st_ino || piece->device != st->st_dev))
		piece = piece->next;
	return piece != NULL;
}

/* A file that holds no PEM is none of the folder's. */
static void add_piece(struct folder *folder, int fd, const struct stat *st)
{
	struct piece *piece;

	if (form_fault(st) || is_known(folder, st))
		return;
	piece = arena_alloc(folder->arena, sizeof(*piece));
	read_regular(folder->arena, &piece->reading, fd, st);
	piece->device = st->st_dev;
	piece->inode = st->st_ino;
	folder->count++;
	if (piece->reading.why || !strstr(piece->reading.bytes, MARK))
		return;
	piece->next = folder->pieces;
	folder->pieces = piece;
	folder->len += piece->reading.len + 1;
	if (folder->len > CREDENTIALS_MAX ||
		folder->count > CREDENTIALS_FILES_MAX)
		folder->why = "too large";
}

static void read_entries(struct folder *folder, DIR *dir)
{
	struct dirent *entry;

	while (!folder->why && (entry = readdir(dir))) {
		struct stat st;
		int fd;

		if (entry->d_name[0] == '.')
			continue;
		fd = open_file(entry->d_name, dirfd(dir), &st);
		if (fd < 0)
			continue;
		add_piece(folder, fd, &st);
		close(fd);
	}
}

/* Puts the pieces behind one another, each with a newline at its end. */
static void join(struct folder *folder, struct reading *reading)
{
	reading->bytes = arena_alloc(folder->arena, folder->len + 1);
	for (const struct piece *piece = folder->pieces; piece;
		piece = piece->next) {
		memcpy(reading->bytes + reading->len, piece->reading.bytes,
			piece->reading.len);
		reading->len += piece->reading.len;
		reading->bytes[reading->len++] = '\n';
	}
	assert(reading->len == folder->len);
}

static void read_folder(struct arena *arena, struct reading *reading, int fd)
{
	struct folder folder = {.arena = arena};
	DIR *dir = fdopendir(dup(fd));

	if (!dir) {
		reading->why = strerror(errno);
		return;
	}
	read_entries(&folder, dir);
	closedir(dir);
	reading->why = folder.why;
	if (!reading->why && !folder.pieces)
		reading->why = "no file in this directory has a certificate";
	if (!reading->why)
		join(&folder, reading);
}

static void read_path(
	struct arena *arena, struct credential *credential, bool folders)
{
	struct reading reading = {.len = 0};
	struct stat st;
	int fd = open_file(credential->path, AT_FDCWD, &st);

	if (fd < 0) {
		credential->why = strerror(errno);
		return;
	}
	if (folders && S_ISDIR(st.st_mode))
		read_folder(arena, &reading, fd);
	else
		read_regular(arena, &reading, fd, &st);
	close(fd);
	credential->why = reading.why;
	credential->content = (struct tls_text){reading.bytes, reading.len};
}

const struct credential *credentials_find(
	const struct credential *list, const char *path)
{
	if (!path)
		path = LVSMON_CA_FILE;
	while (list && strcmp(list->path, path) != 0)
		list = list->next;
	return list;
}

static void add_credential(struct arena *arena, struct credential **list,
	const char *path, bool folders)
{
	struct credential *credential;

	if (!path || credentials_find(*list, path))
		return;
	credential = arena_alloc(arena, sizeof(*credential));
	credential->path = path;
	read_path(arena, credential, folders);
	/* strerror's text may change with its next call. */
	if (credential->why)
		credential->why = arena_strdup(arena, credential->why);
	credential->next = *list;
	*list = credential;
}

struct credential *credentials_read(
	struct arena *arena, const struct config *config)
{
	struct credential *list = NULL;

	for (uint32_t i = 0; i < config->settings_count; i++) {
		const struct config_settings *settings = &config->settings[i];

		add_credential(arena, &list, settings->cert, false);
		add_credential(arena, &list, settings->key, false);
		add_credential(arena, &list, settings->ca, true);
	}
	add_credential(arena, &list, LVSMON_CA_FILE, true);
	return list;
}

void credentials_wipe(struct credential *list)
{
	for (; list; list = list->next)
		if (list->content.text)
			explicit_bzero((char *)(uintptr_t)list->content.text,
				list->content.len);
}
