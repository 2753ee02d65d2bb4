// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of statements: times, numbers, words, addresses. */
#include "config/values.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

static bool find_meaning(
	const struct config_word *words, const char *text, uint32_t *meaning)
{
	for (; words->word; words++) {
		if (strcmp(words->word, text) != 0)
			continue;
		*meaning = words->meaning;
		return true;
	}
	return false;
}

int read_word(const struct arguments *arguments, const char *word,
	const char *what, const struct config_word *words, uint32_t *meaning)
{
	struct known known = {.count = 0};

	if (find_meaning(words, word, meaning))
		return 0;
	for (; words->word; words++)
		known_add(&known, words->word);
	complain_unknown(complaints_of(arguments), &arguments->words[1].place,
		what, word, &known);
	return -1;
}

static int read_number(const struct arguments *arguments, uint32_t min,
	uint32_t max, uint32_t *number)
{
	const struct word *word = &arguments->words[1];
	uint64_t value;

	if (text_number(word->text, min, max, &value) < 0) {
		complain(complaints_of(arguments), &word->place,
			"'%s' is not a number from %u to %u", word->text, min,
			max);
		return -1;
	}
	*number = (uint32_t)value;
	return 0;
}

static int read_time(const struct arguments *arguments, const struct word *word,
	uint32_t min, uint32_t max, uint32_t *ms)
{
	char from[TEXT_DURATION_MAX], to[TEXT_DURATION_MAX];

	if (text_duration(word->text, ms) == 0 && *ms >= min && *ms <= max)
		return 0;
	complain(complaints_of(arguments), &word->place,
		"'%s' is not a time from %s to %s", word->text,
		text_duration_format(min, from), text_duration_format(max, to));
	return -1;
}

int read_duration(const struct arguments *arguments, uint32_t min, uint32_t max,
	uint32_t *ms)
{
	return read_time(arguments, &arguments->words[1], min, max, ms);
}

/* Reads "quiesce", "remove", or "quiesce TIME remove". */
static int read_quiet(const struct arguments *arguments,
	const struct setting *setting, uint32_t *ms)
{
	const struct word *words = arguments->words;
	unsigned int more = parse_more(arguments);

	if (read_word(arguments, words[1].text, "unknown word", setting->words,
		    ms) < 0)
		return -1;
	if (!more)
		return 0;
	if (*ms == CONFIG_QUIET_FOR_EVER && more == 2 &&
		strcmp(words[3].text, "remove") == 0)
		return read_time(
			arguments, &words[2], setting->min, setting->max, ms);
	complain(complaints_of(arguments), &words[2].place,
		"a time belongs into '%s quiesce %s remove'", setting->word,
		words[2].text);
	return -1;
}

static int read_port(const struct arguments *arguments, uint32_t *number)
{
	const struct word *word = &arguments->words[1];
	uint16_t port;

	if (endpoint_port(&arguments->parser->context, &word->place, word->text,
		    "tcp", &port) < 0)
		return -1;
	*number = port;
	return 0;
}

static int read_value(const struct arguments *arguments,
	const struct setting *setting, union setting_value *value)
{
	const struct word *word = &arguments->words[1];

	switch (setting->type) {
	case SETTING_IS_TIME:
		if (setting->words && find_meaning(setting->words, word->text,
					      &value->number))
			return 0;
		return read_duration(
			arguments, setting->min, setting->max, &value->number);
	case SETTING_IS_NUMBER:
		return read_number(
			arguments, setting->min, setting->max, &value->number);
	case SETTING_IS_WORD:
		return read_word(arguments, word->text, "unknown word",
			setting->words, &value->number);
	case SETTING_IS_PORT:
		return read_port(arguments, &value->number);
	case SETTING_IS_ADDRESS:
		return endpoint_host(&arguments->parser->context, &word->place,
			word->text, &value->address);
	case SETTING_IS_TEXT:
		value->text = word->text;
		return 0;
	case SETTING_IS_QUIET:
		return read_quiet(arguments, setting, &value->number);
	}
	return -1;
}

void read_setting(const struct arguments *arguments)
{
	const uint32_t index = setting_find(arguments->words[0].text);
	const struct setting *setting = &settings_table[index];
	struct draft_level *level = arguments->block->settings;
	union setting_value new = {.number = 0};
	struct draft_value *value;
	int result;

	assert(index != SETTING_NONE);
	value = level_own(level, index);
	/* A setting of the daemon may be repeated: the last one counts. */
	if (value && setting->owner != SETTING_OF_DAEMON) {
		complain(complaints_of(arguments), &arguments->words[0].place,
			"'%s' is set twice here", setting->word);
		return;
	}
	result = read_value(arguments, setting, &new);
	if (result < 0)
		return;
	if (!value)
		value = level_add(level, index, arena_of(arguments));
	value->value = new;
	value->place = arguments->words[1].place;
	value->missing = result == SYSTEM_NO_ANSWER;
	if (value->missing)
		draft_miss(arguments->parser->draft, arguments->block->virtual,
			&value->place, arguments->words[1].text,
			arguments->parser->context.why);
}
