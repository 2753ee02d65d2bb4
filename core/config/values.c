// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements that are a word and a value: settings and what is global. */
#include "base/text.h"
#include "config/parse.h"
#include "config/settings.h"

#include <string.h>

const char *const config_forward_words[] = {"masq", "direct", "tunnel", NULL};
const char *const config_on_fail_words[] = {"quiesce", "remove", NULL};
const char *const config_on_exit_words[] = {"keep", "clear", NULL};
static const char *const yes_words[] = {"no", "yes", NULL};

void complain_unknown(struct complaints *complaints, const struct spot *spot,
	const char *what, const char *word, const char *const *known)
{
	const char *nearest = text_nearest(word, known);

	if (nearest)
		complain(complaints, spot, "%s '%s'; did you mean '%s'?", what,
			word, nearest);
	else
		complain(complaints, spot, "%s '%s'", what, word);
}

static int find_word(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* The number of the argument among words, or -1 and said. */
int read_one_of(const struct call *call, const char *const *words)
{
	const struct word *word = &call->words[1];
	int found = find_word(words, word->text);

	if (found < 0)
		complain_unknown(complaints_of(call), &word->spot,
			"unknown word", word->text, words);
	return found;
}

static int read_number(
	const struct call *call, uint64_t min, uint64_t max, uint32_t *number)
{
	const struct word *word = &call->words[1];
	uint64_t value;

	if (text_number(word->text, min, max, &value) < 0) {
		complain(complaints_of(call), &word->spot,
			"'%s' is no number from %llu to %llu", word->text,
			(unsigned long long)min, (unsigned long long)max);
		return -1;
	}
	*number = (uint32_t)value;
	return 0;
}

int read_duration(
	const struct call *call, uint32_t min, uint32_t max, uint32_t *ms)
{
	const struct word *word = &call->words[1];
	char from[TEXT_DURATION_MAX], to[TEXT_DURATION_MAX];

	if (text_duration(word->text, ms) == 0 && *ms >= min && *ms <= max)
		return 0;
	complain(complaints_of(call), &word->spot,
		"'%s' is no time from %s to %s", word->text,
		text_duration_format(min, from), text_duration_format(max, to));
	return -1;
}

static int read_address(const struct call *call, struct address *address)
{
	return endpoint_host(&call->parser->endpoint, &call->words[1].spot,
		call->words[1].text, address);
}

static int read_setting_value(const struct call *call, enum setting setting,
	struct draft_level *level)
{
	const struct setting_kind *kind = &setting_kinds[setting];
	uint32_t *number = &level->number[setting];
	uint16_t port;
	int which;

	switch (kind->type) {
	case SETTING_IS_TIME:
		return read_duration(call, kind->min, kind->max, number);
	case SETTING_IS_NUMBER:
		return read_number(call, kind->min, kind->max, number);
	case SETTING_IS_WORD:
		which = read_one_of(call, kind->words);
		*number = which < 0 ? 0 : kind->values[which];
		return which < 0 ? -1 : 0;
	case SETTING_IS_PORT:
		if (endpoint_port(&call->parser->endpoint, &call->words[1].spot,
			    call->words[1].text, "tcp", &port) < 0)
			return -1;
		*number = port;
		return 0;
	case SETTING_IS_ADDRESS:
		return read_address(call, setting == SETTING_BIND
						  ? &level->bind
						  : &level->check_address);
	}
	return -1;
}

void read_setting(const struct call *call)
{
	struct draft_level *level = call->block->level;
	enum setting setting = 0;

	while (strcmp(setting_kinds[setting].word, call->words[0].text) != 0)
		setting++;
	if (level->set & 1U << setting) {
		complain(complaints_of(call), &call->words[0].spot,
			"'%s' stands here for the second time",
			call->words[0].text);
		return;
	}
	if (read_setting_value(call, setting, level) < 0)
		return;
	level->set |= 1U << setting;
	level->spot[setting] = call->words[1].spot;
}

void read_user(const struct call *call)
{
	call->parser->draft->user = call->words[1].text;
}

void read_plugin_dir(const struct call *call)
{
	call->parser->draft->plugin_dir = call->words[1].text;
}

void read_audit(const struct call *call)
{
	read_duration(call, 0, CONFIG_INTERVAL_MAX_MS,
		&call->parser->draft->audit_ms);
}

void read_on_exit(const struct call *call)
{
	int which = read_one_of(call, config_on_exit_words);

	if (which >= 0)
		call->parser->draft->on_exit = (uint8_t)which;
}

void read_probes(const struct call *call)
{
	read_number(call, 1, 65536, &call->parser->draft->pool);
}

void read_modprobe(const struct call *call)
{
	int which = read_one_of(call, yes_words);

	if (which >= 0)
		call->parser->draft->modprobe = which == 1;
}
