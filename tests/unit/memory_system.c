// SPDX-License-Identifier: GPL-2.0-or-later
/* A system for the parser that exists in memory only. */
#include "memory_system.h"

#include "config/read.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define FILES_MAX 16

static struct {
	const char *path;
	const char *text;
	size_t len;
} files[FILES_MAX];
static size_t file_count;

void memory_system_clear(void)
{
	file_count = 0;
}

/* The files stay sorted by path, because the matches of a pattern must be. */
void memory_system_add(const char *path, const char *text, size_t len)
{
	size_t at = file_count++;

	for (; at && strcmp(files[at - 1].path, path) > 0; at--)
		files[at] = files[at - 1];
	files[at].path = path;
	files[at].text = text;
	files[at].len = len ? len : strlen(text);
}

static int load(void *arg, struct arena *arena, const char *path, char **text,
	size_t *len, const char **why)
{
	(void)arg;
	for (size_t i = 0; i < file_count; i++)
		if (strcmp(files[i].path, path) == 0) {
			*len = files[i].len;
			*text = arena_alloc(arena, *len + 1);
			memcpy(*text, files[i].text, *len);
			return 0;
		}
	*why = "no such file";
	return -1;
}

static int expand(void *arg, struct arena *arena, const char *pattern,
	char ***paths, size_t *count, const char **why)
{
	(void)arg;
	*count = 0;
	*paths = arena_array(arena, FILES_MAX, sizeof(char *));
	for (size_t i = 0; i < file_count; i++)
		if (fnmatch(pattern, files[i].path, FNM_PATHNAME) == 0)
			(*paths)[(*count)++] =
				arena_strdup(arena, files[i].path);
	if (*count || strpbrk(pattern, "*?["))
		return 0;
	*why = "no such file";
	return -1;
}

static int resolve(
	void *arg, const char *name, struct address *address, const char **why)
{
	unsigned int number;
	char numeric[24], end;

	(void)arg;
	*why = "has more than one address";
	if (strcmp(name, "two.example.org") == 0)
		return -1;
	*why = "not known";
	if (strcmp(name, "web.example.org") == 0)
		return address_parse(address, "192.0.2.10");
	if (strcmp(name, "six.example.org") == 0)
		return address_parse(address, "2001:db8::10");
	if (sscanf(name, "web%2u.example.or%c", &number, &end) != 2 ||
		number < 1 || end != 'g')
		return -1;
	snprintf(numeric, sizeof(numeric), "10.1.0.%u", number);
	return address_parse(address, numeric);
}

static int service(void *arg, const char *name, const char *protocol,
	uint16_t *port, const char **why)
{
	static const struct {
		const char *name, *protocol;
		uint16_t port;
	} services[] = {
		{"http", "tcp", 80},
		{"smtp", "tcp", 25},
		{"domain", "udp", 53},
	};

	(void)arg;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(services[i].name, name) == 0 &&
			strcmp(services[i].protocol, protocol) == 0) {
			*port = services[i].port;
			return 0;
		}
	*why = "not known";
	return -1;
}

const struct system memory_system = {
	.load = load,
	.expand = expand,
	.resolve = resolve,
	.service = service,
};

void config_reports_add(void *arg, const char *text)
{
	struct config_reports *reports = arg;
	size_t room = sizeof(reports->text) - reports->len;
	int len = snprintf(reports->text + reports->len, room, "%s\n", text);

	reports->count++;
	if (len > 0 && (size_t)len < room)
		reports->len += (size_t)len;
}

struct config *config_of(
	const char *text, size_t len, struct config_reports *reports)
{
	const struct config_options options = {.plugin_dir = NULL};

	reports->count = 0;
	reports->len = 0;
	reports->text[0] = '\0';
	memory_system_add("c", text, len);
	return config_read(
		"c", &options, &memory_system, config_reports_add, reports);
}
