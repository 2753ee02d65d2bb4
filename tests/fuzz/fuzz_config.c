// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser refuses a text with a report, or makes a configuration that reads
 * back to itself. */
#include "memory_system.h"

#include "config/print.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct config_reports reports;

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Ranges can make a million real servers, which takes long. This leaves at most
 * three ranges in a text, and one digit at their ends. */
static void tame_ranges(char *text, size_t len)
{
	unsigned int ranges = 0;

	for (size_t i = 2; i < len; i++)
		if (text[i] == ']' && (text[i - 2] != '-' || ++ranges > 3))
			for (size_t at = i; at-- && text[at] != '[';)
				if (text[at] == '-')
					text[at] = '.';
}

/* Every index points into its array. */
static void must_hold_together(const struct config *config)
{
	for (uint32_t i = 0; i < config->check_count; i++) {
		must(config->checks[i].real < config->real_count);
		must(config->checks[i].vector < config->vector_count);
		must(config->checks[i].settings < config->settings_count);
	}
	for (uint32_t i = 0; i < config->real_count; i++) {
		const struct config_real *real = &config->reals[i];

		must(real->virtual < config->virtual_count);
		must(real->check + real->check_count <= config->check_count);
	}
	for (uint32_t i = 0; i < config->virtual_count; i++) {
		const struct config_virtual *virtual = &config->virtuals[i];

		must(virtual->real_count > 0);
		must(virtual->real + virtual->real_count <= config->real_count);
		must(virtual->service + virtual->service_count <=
			config->service_count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[4096];
	struct arena *arena;
	struct config *config;
	char *once, *twice;

	if (!size || size > sizeof(text))
		return 0;
	memcpy(text, data, size);
	tame_ranges(text, size);
	memory_system_clear();
	memory_system_add("inc/a", "interval 7s\n", 0);
	memory_system_add("inc/b",
		"virtual b fwmark:99 {\ncheck none\n"
		"real 10.0.0.1\n}\n",
		0);
	config = config_of(text, size, &reports);
	must(!config == (reports.count > 0));
	if (!config)
		return 0;
	must_hold_together(config);
	arena = arena_create();
	once = config_text(config, arena);
	arena_destroy(config->arena);
	memory_system_clear();
	config = config_of(once, strlen(once), &reports);
	must(config != NULL);
	twice = config_text(config, arena);
	must(strcmp(once, twice) == 0);
	arena_destroy(config->arena);
	arena_destroy(arena);
	return 0;
}
