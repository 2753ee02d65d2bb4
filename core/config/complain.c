// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors about the text of a configuration. */
#include "config/complain.h"

#include "base/text.h"
#include "config/show.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_MAX 512

bool complained_enough(const struct complaints *to)
{
	return to->count >= COMPLAINTS_MAX;
}

static const char *line_start(const struct place *place)
{
	const char *text = place->source->text;
	const char *newline = memrchr(text, '\n', (size_t)(place->at - text));

	return newline ? newline + 1 : text;
}

static uint32_t place_column(const struct place *place)
{
	return (uint32_t)(place->at - line_start(place)) + 1;
}

struct config_place place_keep(const struct place *place, struct arena *arena)
{
	return (struct config_place){
		.file = arena_strdup(arena, place->source->name),
		.line = place->line,
		.column = place_column(place),
	};
}

static bool said_before(const struct complaints *to, const struct place *place,
	const char *format)
{
	for (unsigned int i = 0; i < to->count; i++)
		if (to->said[i].at == place->at && to->said[i].format == format)
			return true;
	return false;
}

void complain(struct complaints *to, const struct place *place,
	const char *format, ...)
{
	struct config_place shown = {
		.file = place->source->name,
		.line = place->line,
		.column = place_column(place),
	};
	char message[MESSAGE_MAX];
	va_list ap;

	if (complained_enough(to) ||
		(to->once && said_before(to, place, format)))
		return;
	to->said[to->count].at = place->at;
	to->said[to->count].format = format;
	va_start(ap, format);
	vsnprintf(message, sizeof(message), format, ap);
	va_end(ap);
	show_error(to->report, to->arg, &shown, line_start(place),
		place->source->end, message);
	if (++to->count == COMPLAINTS_MAX)
		to->report(to->arg, "too many errors");
}

void known_add(struct known *known, const char *word)
{
	assert(known->count < KNOWN_MAX);
	known->word[known->count++] = word;
}

void complain_unknown(struct complaints *to, const struct place *place,
	const char *what, const char *word, const struct known *known)
{
	const char *nearest = text_nearest(word, known->word);

	if (nearest)
		complain(to, place, "%s '%s'; did you mean '%s'?", what, word,
			nearest);
	else
		complain(to, place, "%s '%s'", what, word);
}
