/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings: words with one value that go into a struct. The table in
 * settings.c has one row for each. The parser, the inheritance, the
 * comparison, the hash, the printer and the consistency check are loops over
 * the table; a new setting needs a row, a field and a paragraph in
 * lvsmon.conf(5).
 */
#ifndef LVSMON_CONFIG_SETTINGS_H
#define LVSMON_CONFIG_SETTINGS_H

#include "config/config.h"

/* The levels of a configuration, as bits. Each is inside the one before. */
enum { IN_TOP = 1, IN_VIRTUAL = 2, IN_REAL = 4, IN_CHECK = 8 };
#define IN_NODES (IN_TOP | IN_VIRTUAL | IN_REAL)
#define IN_ANY (IN_NODES | IN_CHECK)

/* The struct that holds a setting. */
enum setting_owner {
	SETTING_OF_DAEMON, /* struct config */
	SETTING_OF_REAL,   /* struct config_real */
	SETTING_OF_CHECK,  /* struct config_settings */
};

enum setting_type {
	SETTING_IS_TIME,    /* number, in milliseconds */
	SETTING_IS_NUMBER,  /* number */
	SETTING_IS_WORD,    /* number: the meaning of one of `words` */
	SETTING_IS_PORT,    /* number; 0 = none */
	SETTING_IS_ADDRESS, /* address; no family = none */
	SETTING_IS_TEXT,    /* text */
	SETTING_IS_QUIET,   /* number: the meaning of one of `words`, or the
			       milliseconds of "quiesce TIME remove" */
};

union setting_value {
	uint32_t number;
	struct address address;
	const char *text;
};

struct setting {
	const char *word;
	int levels; /* where it is allowed, IN_* */
	enum setting_owner owner;
	size_t offset, size; /* of the field in the owner's struct */
	enum setting_type type;
	uint32_t min, max; /* of times and numbers */
	/* The words of a value, or of the values of a time that has words as
	 * well; ended by one without a word. */
	const struct config_word *words;
	union setting_value preset; /* the default */

	/* config_text prints it on the line of the row before. */
	bool joins;
	/* The word of a setting of the same owner that this one must not
	 * exceed, and what the error adds about that setting. */
	const char *limit, *limit_note;
	/* The word of a setting of the same owner. If that one is set at a
	 * nearer level, or if it alone is set, this one is 0. */
	const char *yields_to;
};

#define SETTING_NONE UINT32_MAX

/* All settings, each group in the order in which config_text prints it. */
extern const struct setting settings_table[];
extern const uint32_t settings_count;

/* Returns the row of a word, or SETTING_NONE. */
uint32_t setting_find(const char *word);

/* Copies a value to or from the field of a setting. object is the owner's
 * struct. A text is not copied. */
void setting_store(const struct setting *setting, void *object,
	const union setting_value *value);
union setting_value setting_load(
	const struct setting *setting, const void *object);

/* Returns whether an object does not have the setting: zero, if zero is the
 * default or out of the limits; no address, no text. */
bool setting_is_absent(const struct setting *setting, const void *object);

/* Compare and hash all settings of an owner. */
bool settings_equal(enum setting_owner owner, const void *a, const void *b);
uint64_t settings_hash(enum setting_owner owner, const void *object);

/* Writes the value of a time or a number; buf holds TEXT_DURATION_MAX bytes.
 * Returns buf. */
char *setting_format(const struct setting *setting, uint32_t number, char *buf);

#endif
