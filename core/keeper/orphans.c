// SPDX-License-Identifier: GPL-2.0-or-later
/* Services that left the configuration while lvsmon was stopped. */
#include "keeper/orphans.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE (sizeof(LVSMON_RUN_DIR) + 48)
/* Enough for as many services as a table may have. */
#define FILE_SIZE_MAX ((off_t)64 << 20)

/* Sorted texts of services. */
struct names {
	const char **names;
	size_t count;
};

static bool has_file(const struct keeper *keeper)
{
	return keeper->privileges.root && !keeper->start->dry_run;
}

/* The file of this network namespace. Returns 0 or -1. */
static int path_of(char *path, const char *suffix)
{
	struct stat st;

	if (stat("/proc/self/ns/net", &st) < 0)
		return -1;
	snprintf(path, PATH_SIZE, LVSMON_RUN_DIR "/services.%ju%s",
		(uintmax_t)st.st_ino, suffix);
	return 0;
}

static void complain_of(const char *path, const char *why)
{
	log_line(LOG_ERR, "%s: %s", path, why);
}

static int compare_services_by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool names_have(const struct names *names, const char *name)
{
	return bsearch(&name, names->names, names->count, sizeof(name),
		compare_services_by_name);
}

/* Reads an open regular file into arena. Returns its text, or NULL. */
static char *read_open(int fd, struct arena *arena, const char *path)
{
	struct stat st;
	ssize_t size;
	char *text;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
		st.st_size > FILE_SIZE_MAX) {
		complain_of(path, "not a file of services");
		return NULL;
	}
	text = arena_alloc(arena, (size_t)st.st_size + 1);
	size = read(fd, text, (size_t)st.st_size);
	if (size != st.st_size) {
		complain_of(path, "cannot be read");
		return NULL;
	}
	return text;
}

static char *read_file(struct arena *arena, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	char *text = NULL;

	if (fd >= 0) {
		text = read_open(fd, arena, path);
		close(fd);
	} else if (errno != ENOENT) {
		complain_of(path, strerror(errno));
	}
	return text;
}

/* A line that is no service's text matches none and does no harm. */
static struct names names_of_text(struct arena *arena, char *text)
{
	struct names names = {.count = 0};
	size_t lines = 1;

	for (const char *at = text; at && *at; at++)
		lines += *at == '\n';
	names.names = arena_array(arena, lines, sizeof(*names.names));
	for (char *line; text && (line = strsep(&text, "\n"));)
		if (*line)
			names.names[names.count++] = line;
	qsort(names.names, names.count, sizeof(*names.names),
		compare_services_by_name);
	return names;
}

static struct names names_of_config(
	struct arena *arena, const struct config *config)
{
	struct names names = {
		.names = arena_array(
			arena, config->service_count, sizeof(*names.names)),
		.count = config->service_count,
	};

	for (uint32_t i = 0; i < config->service_count; i++)
		names.names[i] = config_service_format(&config->services[i],
			arena_alloc(arena, CONFIG_SERVICE_TEXT_MAX));
	qsort(names.names, names.count, sizeof(*names.names),
		compare_services_by_name);
	return names;
}

static void write_names(FILE *file, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		fprintf(file, "%s\n", names->names[i]);
}

/* Replaces the file. The directory is in memory, so that this does not wait for
 * a disk. */
static void remember(const struct names *names, const struct names *orphans)
{
	char path[PATH_SIZE], new[PATH_SIZE];
	FILE *file;
	bool failed;

	if (path_of(path, "") < 0 || path_of(new, ".new") < 0)
		return;
	unlink(new);
	file = fopen(new, "wxe");
	if (!file) {
		complain_of(new, strerror(errno));
		return;
	}
	write_names(file, names);
	if (orphans)
		write_names(file, orphans);
	failed = ferror(file);
	failed |= fclose(file) != 0;
	if (failed || rename(new, path) < 0)
		complain_of(path, strerror(errno));
}

/* The search for orphans among the kernel's services. */
struct search {
	struct arena *arena;
	struct names before, now; /* in the file, in the configuration */
	struct ipvs_service *orphans;
	struct names names; /* of the orphans */
};

static void find_orphan(void *arg, const struct ipvs_service *service)
{
	struct search *search = arg;
	const struct config_service named = {
		.address = service->address,
		.fwmark = service->fwmark,
		.family = service->family,
		.protocol = service->protocol,
	};
	char text[CONFIG_SERVICE_TEXT_MAX];

	config_service_format(&named, text);
	if (!names_have(&search->before, text) ||
		names_have(&search->now, text) ||
		search->names.count == search->before.count)
		return;
	search->orphans[search->names.count] = *service;
	search->names.names[search->names.count++] =
		arena_strdup(search->arena, text);
}

static void on_delete_failed(
	void *arg, const struct ipvs_op *op, int error, const char *why)
{
	char text[IPVS_OP_TEXT_MAX];

	(void)arg;
	(void)error;
	log_line(LOG_ERR, "table: %s: %s", ipvs_op_format(op, text), why);
}

static void delete_orphan(
	struct keeper *keeper, const struct search *search, size_t which)
{
	const struct ipvs_op op = {
		.verb = IPVS_DEL_SERVICE,
		.tag = CONFIG_NONE,
		.service = search->orphans[which],
	};

	if (ipvs_apply_op(keeper->ipvs, &op, on_delete_failed, NULL) == 0)
		log_line(LOG_NOTICE,
			"orphan %s: deleted, no configuration names it",
			search->names.names[which]);
}

static void treat_orphans(struct keeper *keeper, const struct search *search)
{
	const struct config *config = keeper->current->config;

	for (size_t i = 0; i < search->names.count; i++) {
		if (config->orphans == CONFIG_ORPHANS_REMOVE)
			delete_orphan(keeper, search, i);
		else
			log_line(LOG_WARNING,
				"orphan %s: left the configuration while "
				"lvsmon was stopped, and is still in the "
				"kernel's table",
				search->names.names[i]);
	}
}

void orphans_settle(struct keeper *keeper)
{
	const struct config *config = keeper->current->config;
	struct search search = {.arena = arena_create()};
	char path[PATH_SIZE];

	if (has_file(keeper) && path_of(path, "") == 0) {
		search.before = names_of_text(
			search.arena, read_file(search.arena, path));
		search.now = names_of_config(search.arena, config);
		search.orphans = arena_array(search.arena, search.before.count,
			sizeof(*search.orphans));
		search.names.names = arena_array(search.arena,
			search.before.count, sizeof(*search.names.names));
		ipvs_each_service(keeper->ipvs, find_orphan, &search);
		treat_orphans(keeper, &search);
		remember(&search.now, config->orphans == CONFIG_ORPHANS_REMOVE
					      ? NULL
					      : &search.names);
	}
	arena_destroy(search.arena);
}

static void remember_current(void *arg)
{
	const struct keeper *keeper = arg;
	struct arena *arena = arena_create();
	struct names names = names_of_config(arena, keeper->current->config);

	remember(&names, NULL);
	arena_destroy(arena);
}

void orphans_remember(struct keeper *keeper)
{
	if (has_file(keeper) && !arena_try(remember_current, keeper))
		log_line(LOG_ERR, "cannot note the virtual services for the "
				  "next start: out of memory");
}
