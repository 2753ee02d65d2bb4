// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a configuration from its files. */
#include "config/read.h"

#include "config/build.h"
#include "config/include.h"
#include "config/prune.h"
#include "config/statements.h"

/* If the first file cannot be read, the error is at its start. */
static void parse(struct draft *draft, const char *path,
	const struct system *system, struct complaints *complaints)
{
	struct source nowhere;
	const struct place place = {&nowhere, "", 1};
	struct parser parser = {
		.language = &config_language,
		.draft = draft,
		.context = {.system = system,
			.complaints = complaints,
			.arena = draft->arena},
		.line = arena_alloc(draft->arena, sizeof(struct line)),
	};

	source_init(&nowhere, path, place.at, 0);
	include_file(&parser, path, &place);
}

struct config *config_test(const char *path,
	const struct config_options *options, const struct system *system,
	config_report *report, void *report_arg, struct config **vectors)
{
	struct complaints complaints = {.report = report, .arg = report_arg};
	struct config *config = NULL;
	struct draft draft;

	draft_init(&draft);
	parse(&draft, path, system, &complaints);
	prune_draft(&draft);
	/* After a wrong word a consistency check would only repeat it. */
	if (!complaints.count)
		config = config_build(&draft, path, options, &complaints);
	if (vectors)
		*vectors = config ? NULL
				  : config_build_vectors(&draft, path, options);
	arena_destroy(draft.arena);
	return config;
}

struct config *config_read(const char *path,
	const struct config_options *options, const struct system *system,
	config_report *report, void *report_arg)
{
	return config_test(path, options, system, report, report_arg, NULL);
}

static void ignore_report(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

int config_scan(const char *path, const struct system *system)
{
	struct complaints complaints = {.report = ignore_report};
	struct draft draft;

	draft_init(&draft);
	parse(&draft, path, system, &complaints);
	arena_destroy(draft.arena);
	return complaints.count ? -1 : 0;
}
