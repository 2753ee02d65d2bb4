// SPDX-License-Identifier: GPL-2.0-or-later
/* The plugin directory. */
#include "engine/plugin_dir.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".so"

static size_t name_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

int plugin_dir_is_name(const char *text)
{
	return *text && !text[name_length(text)];
}

static int is_checker(const struct dirent *entry)
{
	size_t len = name_length(entry->d_name);

	return len > 0 && strcmp(entry->d_name + len, SUFFIX) == 0;
}

const char *const *plugin_dir_names(struct arena *arena, const char *dir)
{
	struct dirent **entries;
	int count = scandir(dir, &entries, is_checker, alphasort);
	const char **names;

	if (count < 0)
		return NULL;
	names = arena_array(arena, (size_t)count + 1, sizeof(*names));
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		names[i] = arena_strndup(
			arena, name, strlen(name) - strlen(SUFFIX));
		free(entries[i]);
	}
	free(entries);
	return names;
}

char *plugin_dir_path(struct arena *arena, const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + sizeof("/" SUFFIX);
	char *path = arena_alloc(arena, size);
	struct text text;

	text_init(&text, path, size);
	text_add(&text, "%s/%s" SUFFIX, dir, name);
	return path;
}

void plugin_dir_resolve(char *path, const char *dir, const char *name)
{
	struct text text;

	text_init(&text, path, PLUGIN_DIR_PATH_MAX);
	if (*name == '/')
		text_add(&text, "%s", name);
	else
		text_add(&text, "%s/%s" SUFFIX, dir, name);
}

/* To open a FIFO would wait for its writer. */
static const char *irregular(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return strerror(errno);
	return S_ISREG(st.st_mode) ? NULL : "not a regular file";
}

static const char *forbids(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return strerror(errno);
	if (st.st_uid != 0)
		return "not owned by root, but lvsmon runs as root";
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return "users other than root may write to it, but lvsmon "
		       "runs as root";
	return NULL;
}

static const char *judge(const char *path)
{
	char copy[PATH_MAX];
	const char *why;

	if (strlen(path) >= sizeof(copy))
		return strerror(ENAMETOOLONG);
	why = irregular(path);
	if (why)
		return why;
	if (geteuid() != 0)
		return access(path, R_OK) < 0 ? strerror(errno) : NULL;
	why = forbids(path);
	if (why)
		return why;
	strcpy(copy, path);
	return forbids(dirname(copy));
}

struct judgement {
	struct judgement *next;
	const char *path;
	int fd;          /* O_PATH, or -1 */
	const char *why; /* NULL = the file may be loaded */
};

static struct judgement *judgements;

static const struct judgement *find_judgement(const char *path)
{
	const struct judgement *judgement = judgements;

	while (judgement && strcmp(judgement->path, path) != 0)
		judgement = judgement->next;
	return judgement;
}

static void add_judgement(struct arena *arena, const char *path)
{
	struct judgement *judgement;

	if (find_judgement(path))
		return;
	judgement = arena_alloc(arena, sizeof(*judgement));
	*judgement = (struct judgement){
		.next = judgements,
		.path = path,
		.fd = open(path, O_PATH | O_CLOEXEC),
		.why = judge(path),
	};
	judgements = judgement;
}

void plugin_dir_judge(
	struct arena *arena, const struct config *config, const char *also)
{
	const char *dir = config->plugin_dir;

	for (uint32_t i = 0; i < config->vector_count; i++) {
		const char *path = config->vectors[i].argv[0];

		if (*path != '/')
			path = plugin_dir_path(arena, dir, path);
		add_judgement(arena, path);
	}
	add_judgement(arena, plugin_dir_path(arena, dir, also));
}

const char *plugin_dir_reach(const char *path)
{
	static char name[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	const struct judgement *judgement = find_judgement(path);
	struct text text;

	if (!judgement || judgement->fd < 0)
		return path;
	text_init(&text, name, sizeof(name));
	text_add(&text, "/proc/self/fd/%d", judgement->fd);
	/* There may be no /proc. */
	return access(name, F_OK) == 0 ? name : path;
}

void plugin_dir_close(void)
{
	for (struct judgement *judgement = judgements; judgement;
		judgement = judgement->next) {
		if (judgement->fd >= 0)
			close(judgement->fd);
		judgement->fd = -1;
	}
}

const char *plugin_dir_forbids(const char *path)
{
	const struct judgement *judgement = find_judgement(path);

	if (judgement)
		return judgement->why;
	return judgements ? "unknown to the configuration" : judge(path);
}
