// SPDX-License-Identifier: GPL-2.0-or-later
/* Each row of the table of settings, so that a new row is tested too. */
#include "memory_system.h"

#include "base/text.h"
#include "config/print.h"
#include "config/settings.h"
#include "config/statements.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VALUE_MAX 64
#define TEXT_MAX 512

static const int levels[] = {IN_TOP, IN_VIRTUAL, IN_REAL, IN_CHECK};

static struct config_reports reports;

static struct config *must_read(const char *text)
{
	struct config *config = config_of(text, strlen(text), &reports);

	assert_string_equal(reports.text, "");
	assert_non_null(config);
	memory_system_clear();
	return config;
}

static void must_refuse(const char *text, const char *said)
{
	assert_null(config_of(text, strlen(text), &reports));
	assert_non_null(strstr(reports.text, said));
	memory_system_clear();
}

/* Writes a value that is not the default. */
static void other_value(const struct setting *setting, char *value)
{
	const struct config_word *word = setting->words;
	uint32_t number = setting->min;

	switch (setting->type) {
	case SETTING_IS_TIME:
	case SETTING_IS_NUMBER:
		if (number == setting->preset.number)
			number = setting->max;
		setting_format(setting, number, value);
		break;
	case SETTING_IS_WORD:
		while (word->meaning == setting->preset.number)
			word++;
		strcpy(value, word->word);
		break;
	case SETTING_IS_PORT:
		strcpy(value, "4321");
		break;
	case SETTING_IS_ADDRESS:
		strcpy(value, "10.9.8.7");
		break;
	case SETTING_IS_TEXT:
		strcpy(value, "some");
		break;
	case SETTING_IS_QUIET:
		strcpy(value, "quiesce 90s remove");
		break;
	}
}

/* Writes "WORD VALUE", with a value that is not the default. If another
 * setting limits this one, sets that one as high as it can be. */
static void other_line(const struct setting *setting, char *line)
{
	char value[VALUE_MAX], limit[TEXT_DURATION_MAX];

	other_value(setting, value);
	if (setting->limit) {
		const struct setting *other =
			&settings_table[setting_find(setting->limit)];

		line += sprintf(line, "%s %s ", other->word,
			setting_format(other, other->max, limit));
	}
	sprintf(line, "%s %s", setting->word, value);
}

/* Writes a configuration with a line at one level. */
static void put_at(char *text, int level, const char *line)
{
	snprintf(text, TEXT_MAX,
		"%s\n"
		"virtual a 192.0.2.1:80 {\n"
		"%s\n"
		"real 10.0.0.1 {\n"
		"%s\n"
		"check x {\n"
		"%s\n"
		"}\n}\n}\n",
		level == IN_TOP ? line : "", level == IN_VIRTUAL ? line : "",
		level == IN_REAL ? line : "", level == IN_CHECK ? line : "");
}

static const void *object_of(
	const struct config *config, enum setting_owner owner)
{
	switch (owner) {
	case SETTING_OF_DAEMON:
		return config;
	case SETTING_OF_REAL:
		return &config->reals[0];
	case SETTING_OF_CHECK:
		return &config->settings[config->checks[0].settings];
	}
	return NULL;
}

static bool same_value(const struct setting *setting, const struct config *a,
	const struct config *b)
{
	const union setting_value x =
		setting_load(setting, object_of(a, setting->owner));
	const union setting_value y =
		setting_load(setting, object_of(b, setting->owner));

	if (setting->type == SETTING_IS_TEXT)
		return x.text && y.text ? strcmp(x.text, y.text) == 0
					: x.text == y.text;
	if (setting->type == SETTING_IS_ADDRESS)
		return address_compare(&x.address, &y.address) == 0;
	return x.number == y.number;
}

static bool is_in_limits(const struct setting *setting, uint32_t number)
{
	const struct config_word *word = setting->words;

	if (number >= setting->min && number <= setting->max)
		return true;
	while (word && word->word && word->meaning != number)
		word++;
	return word && word->word;
}

/* A row has a word of its own and a default within its limits, and refers to
 * rows of the same owner. */
static void test_rows(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];
		const char *const others[] = {
			setting->limit, setting->yields_to};
		const struct statement *statement = config_language.statements;

		assert_int_equal(setting_find(setting->word), i);
		for (; statement->word; statement++)
			assert_string_not_equal(statement->word, setting->word);
		assert_int_not_equal(setting->levels, 0);
		if (setting->preset.number &&
			(setting->type == SETTING_IS_TIME ||
				setting->type == SETTING_IS_NUMBER))
			assert_true(
				is_in_limits(setting, setting->preset.number));
		for (int other = 0; other < 2; other++)
			if (others[other]) {
				uint32_t row = setting_find(others[other]);

				assert_int_not_equal(row, SETTING_NONE);
				assert_int_equal(settings_table[row].owner,
					setting->owner);
			}
		if (setting->limit) {
			const struct setting *limit =
				&settings_table[setting_find(setting->limit)];

			assert_non_null(setting->limit_note);
			assert_true(
				setting->preset.number <= limit->preset.number);
		}
	}
}

/* Each byte of the settings of a check belongs to one row, or pads. */
static void test_fields(void **state)
{
	unsigned char used[sizeof(struct config_settings)] = {0};
	size_t unused = 0;

	(void)state;
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];

		if (setting->owner != SETTING_OF_CHECK)
			continue;
		for (size_t at = 0; at < setting->size; at++)
			assert_int_equal(used[setting->offset + at]++, 0);
	}
	for (size_t at = 0; at < sizeof(used); at++) {
		unused = used[at] ? 0 : unused + 1;
		assert_true(unused < sizeof(uint32_t));
	}
}

/* Two checks that differ in one setting are never one. */
static void test_never_merged(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];
		char line[2 * VALUE_MAX], text[TEXT_MAX];
		const struct config_settings *one, *two;
		struct config *config;

		if (setting->owner != SETTING_OF_CHECK)
			continue;
		other_line(setting, line);
		/* The setting is the last of the line: the first check has
		 * everything before it. */
		*strstr(line, setting->word) = '\0';
		snprintf(text, sizeof(text),
			"virtual a 192.0.2.1:80 {\n%s\nreal 10.0.0.1 {\n"
			"check x\ncheck x {\n",
			line);
		other_line(setting, line);
		strcat(text, strstr(line, setting->word));
		strcat(text, "\n}\ncheck x\n}\n}\n");
		config = must_read(text);
		assert_int_equal(config->check_count, 3);
		assert_int_equal(config->vector_count, 1);
		assert_int_equal(config->settings_count, 2);
		one = &config->settings[config->checks[0].settings];
		two = &config->settings[config->checks[1].settings];
		assert_ptr_not_equal(one, two);
		assert_int_equal(
			config->checks[0].settings, config->checks[2].settings);
		assert_false(settings_equal(SETTING_OF_CHECK, one, two));
		assert_true(settings_hash(SETTING_OF_CHECK, one) !=
			    settings_hash(SETTING_OF_CHECK, two));
		arena_destroy(config->arena);
	}
}

/* A setting counts at each level that allows it, and nowhere else. */
static void test_levels(void **state)
{
	char text[TEXT_MAX], line[2 * VALUE_MAX];
	struct config *plain;

	(void)state;
	put_at(text, 0, "");
	plain = must_read(text);
	for (uint32_t i = 0; i < settings_count; i++)
		for (size_t n = 0; n < sizeof(levels) / sizeof(*levels); n++) {
			const struct setting *setting = &settings_table[i];
			struct config *config;

			other_line(setting, line);
			put_at(text, levels[n], line);
			if (!(setting->levels & levels[n])) {
				must_refuse(text, "' is not allowed here\n");
				continue;
			}
			config = must_read(text);
			assert_false(same_value(setting, config, plain));
			arena_destroy(config->arena);
		}
	arena_destroy(plain->arena);
}

/* A second value on one level is an error; of a daemon's setting, which has one
 * level and may be in two files, the last value counts. */
static void test_twice(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];
		char line[2 * VALUE_MAX], lines[4 * VALUE_MAX], text[TEXT_MAX];
		char said[VALUE_MAX];

		other_line(setting, line);
		snprintf(lines, sizeof(lines), "%s\n%s",
			strstr(line, setting->word),
			strstr(line, setting->word));
		put_at(text, IN_TOP, lines);
		snprintf(said, sizeof(said), ":2:1: '%s' is set twice here\n",
			setting->word);
		if (setting->owner != SETTING_OF_DAEMON)
			must_refuse(text, said);
		else
			arena_destroy(must_read(text)->arena);
	}
}

/* A value that is printed reads back to the same value. */
static void test_prints(void **state)
{
	struct arena *arena = arena_create();

	(void)state;
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];
		char line[2 * VALUE_MAX], text[TEXT_MAX];
		struct config *config, *again;
		const char *printed;

		other_line(setting, line);
		put_at(text, IN_TOP, line);
		config = must_read(text);
		printed = config_text(config, arena);
		assert_non_null(strstr(printed, strstr(line, setting->word)));
		again = must_read(printed);
		for (uint32_t j = 0; j < settings_count; j++)
			assert_true(
				same_value(&settings_table[j], config, again));
		assert_string_equal(config_text(again, arena), printed);
		arena_destroy(again->arena);
		arena_destroy(config->arena);
	}
	arena_destroy(arena);
}

/* The nearest word of a mistyped setting is that setting. */
static void test_mistyped(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < settings_count; i++) {
		char text[VALUE_MAX], said[2 * VALUE_MAX];

		snprintf(text, sizeof(text), "%s_\n", settings_table[i].word);
		snprintf(said, sizeof(said),
			"unknown word '%s_'; did you mean '%s'?\n",
			settings_table[i].word, settings_table[i].word);
		must_refuse(text, said);
	}
}

/* The manual has an entry for each word. */
static void test_manual(void **state)
{
	static char manual[65536];
	FILE *file = fopen(LVSMON_CONF_MANUAL, "r");
	const struct statement *statement = config_language.statements;
	char entry[VALUE_MAX];
	size_t len;

	(void)state;
	assert_non_null(file);
	len = fread(manual, 1, sizeof(manual) - 1, file);
	assert_int_equal(fclose(file), 0);
	manual[len] = '\0';
	for (; statement->word; statement++) {
		snprintf(entry, sizeof(entry), "\n.It Ic %s ", statement->word);
		assert_non_null(strstr(manual, entry));
	}
	for (uint32_t i = 0; i < settings_count; i++) {
		snprintf(entry, sizeof(entry), "\n.It Ic %s ",
			settings_table[i].word);
		assert_non_null(strstr(manual, entry));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_never_merged),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_prints),
		cmocka_unit_test(test_mistyped),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
