// SPDX-License-Identifier: GPL-2.0-or-later
/* A configuration as it was written, and which of its levels counts. */
#include "config/draft.h"

#include <assert.h>

void draft_init(struct draft *draft)
{
	*draft = (struct draft){.arena = arena_create()};
	draft->virtuals_end = &draft->virtuals;
	draft->made_end = &draft->made;
	draft->missing_end = &draft->missing;
	level_init(&draft->level, NULL);
}

const struct draft_real *draft_first_real(const struct draft_virtual *virtual)
{
	return virtual->reals ? virtual->reals : virtual->fallback;
}

const struct draft_real *draft_next_real(
	const struct draft_virtual *virtual, const struct draft_real *real)
{
	if (real == virtual->fallback)
		return NULL;
	return real->next ? real->next : virtual->fallback;
}

void draft_miss(struct draft *draft, struct draft_virtual *virtual,
	const struct place *place, const char *text, const char *why)
{
	struct draft_missing *missing =
		arena_alloc(draft->arena, sizeof(*missing));

	missing->text = arena_strdup(draft->arena, text);
	missing->why = why;
	missing->virtual = virtual;
	missing->place = *place;
	*draft->missing_end = missing;
	draft->missing_end = &missing->next;
	draft->missing_count++;
	if (virtual)
		virtual->misses = true;
}

const struct draft_level *draft_level_of_checks(const struct draft_real *real)
{
	const struct draft_level *level = real->level;

	while (level && !level->checks && !level->checks_none)
		level = real->fallback ? NULL : level->outer;
	return level;
}

void level_init(struct draft_level *level, const struct draft_level *outer)
{
	*level = (struct draft_level){.outer = outer};
	level->checks_end = &level->checks;
}

struct draft_value *level_own(const struct draft_level *level, uint32_t setting)
{
	struct draft_value *value = level->values;

	while (value && value->setting != setting)
		value = value->next;
	return value;
}

struct draft_value *level_add(
	struct draft_level *level, uint32_t setting, struct arena *arena)
{
	struct draft_value *value = arena_alloc(arena, sizeof(*value));

	assert(setting < settings_count);
	assert(!level_own(level, setting));
	value->setting = setting;
	value->next = level->values;
	level->values = value;
	return value;
}

/* Returns the nearest level that has a setting, or NULL. */
static const struct draft_level *level_with(
	const struct draft_level *level, uint32_t setting)
{
	while (level && !level_own(level, setting))
		level = level->outer;
	return level;
}

const struct draft_value *level_find(
	const struct draft_level *level, uint32_t setting)
{
	const struct draft_level *nearest = level_with(level, setting);

	return nearest ? level_own(nearest, setting) : NULL;
}

/* Returns whether a level is inside another one, or is that one. */
static bool is_within(
	const struct draft_level *inner, const struct draft_level *outer)
{
	while (inner && inner != outer)
		inner = inner->outer;
	return inner != NULL;
}

static union setting_value value_of(
	const struct draft_level *level, uint32_t index)
{
	const struct setting *setting = &settings_table[index];
	const struct draft_level *nearest = level_with(level, index);
	const struct draft_level *rival = NULL;

	if (setting->yields_to)
		rival = level_with(level, setting_find(setting->yields_to));
	if (rival && !is_within(nearest, rival))
		return (union setting_value){.number = 0};
	return nearest ? level_own(nearest, index)->value : setting->preset;
}

void level_resolve(
	const struct draft_level *level, enum setting_owner owner, void *object)
{
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];
		union setting_value value;

		if (setting->owner != owner)
			continue;
		value = value_of(level, i);
		setting_store(setting, object, &value);
	}
}

static const char *keep_text(const struct draft_level *level, uint32_t index,
	const char *text, struct config *config)
{
	const struct draft_value *value = level_find(level, index);
	struct config_text *kept = arena_alloc(config->arena, sizeof(*kept));

	kept->text = arena_strdup(config->arena, text);
	if (value)
		kept->place = place_keep(&value->place, config->arena);
	kept->next = config->texts;
	config->texts = kept;
	return kept->text;
}

void level_keep_texts(const struct draft_level *level, enum setting_owner owner,
	void *object, struct config *config)
{
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];
		union setting_value value;

		if (setting->owner != owner || setting->type != SETTING_IS_TEXT)
			continue;
		value = setting_load(setting, object);
		if (!value.text)
			continue;
		value.text = keep_text(level, i, value.text, config);
		setting_store(setting, object, &value);
	}
}
