// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows an error with the line of the file that it is about. */
#include "config/show.h"

#include "base/text.h"

#include <string.h>

#define LINE_MAX_SHOWN 200 /* bytes of a source line */
#define SHOWN_MAX 1424     /* message, place, line and caret */

/* Adds the source line, and a caret below. A tab stays a tab, so that the
 * caret is in the right column. */
static void add_picture(
	struct text *text, const char *start, const char *end, uint32_t column)
{
	size_t len = 0;

	while (start + len < end && start[len] != '\n' && len < LINE_MAX_SHOWN)
		len++;
	text_add(text, "\n");
	for (size_t i = 0; i < len; i++)
		text_add(text, "%c",
			start[i] == '\t' || (start[i] >= ' ' && start[i] <= '~')
				? start[i]
				: '?');
	if (column > len + 1)
		return;
	text_add(text, "\n");
	for (size_t i = 0; i + 1 < column; i++)
		text_add(text, "%c", start[i] == '\t' ? '\t' : ' ');
	text_add(text, "^");
}

void show_error(config_report *report, void *report_arg,
	const struct config_place *place, const char *start, const char *end,
	const char *message)
{
	char buf[SHOWN_MAX];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_add(&text, "%s:%u:%u: %s", place->file, place->line, place->column,
		message);
	if (start && start < end)
		add_picture(&text, start, end, place->column);
	report(report_arg, buf);
}

void config_complain(const struct system *system,
	const struct config_place *place, config_report *report,
	void *report_arg, const char *message)
{
	struct arena *arena = arena_create();
	const char *why, *start = NULL, *end = NULL;
	char *text;
	size_t len;

	if (system && system->load(system->arg, arena, place->file, &text, &len,
			      &why) == 0) {
		start = text;
		end = text + len;
		for (uint32_t line = 1; start && line < place->line; line++) {
			start = memchr(start, '\n', (size_t)(end - start));
			start = start ? start + 1 : NULL;
		}
	}
	show_error(report, report_arg, place, start, end, message);
	arena_destroy(arena);
}
