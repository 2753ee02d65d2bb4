// SPDX-License-Identifier: GPL-2.0-or-later
/* The statement `sysctl`. */
#include "config/sysctl.h"

#include "base/text.h"

#include <string.h>

#define FOLDER "net.ipv4.vs."
#define NAME_MAX_LEN 64

static bool is_sysctl(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_LEN &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static struct draft_sysctl *find_sysctl(
	const struct draft *draft, const char *name)
{
	struct draft_sysctl *sysctl = draft->sysctls;

	while (sysctl && strcmp(sysctl->name, name) != 0)
		sysctl = sysctl->next;
	return sysctl;
}

static struct draft_sysctl *new_sysctl(struct draft *draft, const char *name)
{
	struct draft_sysctl *sysctl =
		arena_alloc(draft->arena, sizeof(*sysctl));

	sysctl->name = name;
	sysctl->next = draft->sysctls;
	draft->sysctls = sysctl;
	draft->sysctl_count++;
	return sysctl;
}

void read_sysctl(const struct arguments *arguments)
{
	struct draft *draft = arguments->parser->draft;
	const struct word *words = arguments->words;
	const char *name = words[1].text;
	struct draft_sysctl *sysctl;
	uint64_t value;

	if (strncmp(name, FOLDER, strlen(FOLDER)) == 0)
		name += strlen(FOLDER);
	if (!is_sysctl(name)) {
		complain(complaints_of(arguments), &words[1].place,
			"'%s' is not the name of a sysctl of IPVS",
			words[1].text);
		return;
	}
	if (text_number(words[2].text, 0, INT32_MAX, &value) < 0) {
		complain(complaints_of(arguments), &words[2].place,
			"'%s' is not a number from 0 to %d", words[2].text,
			INT32_MAX);
		return;
	}
	sysctl = find_sysctl(draft, name);
	if (!sysctl)
		sysctl = new_sysctl(draft, name);
	sysctl->value = (uint32_t)value;
}

void sysctl_build(struct config *config, const struct draft *draft)
{
	uint32_t i = config->sysctl_count = draft->sysctl_count;

	config->sysctls =
		arena_array(config->arena, i, sizeof(*config->sysctls));
	/* The draft has the last one first. */
	for (const struct draft_sysctl *sysctl = draft->sysctls; sysctl;
		sysctl = sysctl->next)
		config->sysctls[--i] = (struct config_sysctl){
			.name = arena_strdup(config->arena, sysctl->name),
			.value = sysctl->value,
		};
}

const uint32_t *sysctl_value(const struct config *config, const char *name)
{
	for (uint32_t i = 0; i < config->sysctl_count; i++)
		if (strcmp(config->sysctls[i].name, name) == 0)
			return &config->sysctls[i].value;
	return NULL;
}
