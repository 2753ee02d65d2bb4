// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a configuration. */
#include "config/print.h"

#include "base/text.h"
#include "config/settings.h"

#include <assert.h>
#include <linux/ip_vs.h>
#include <stdio.h>
#include <string.h>

#define PIECE 512 /* bytes of a word that are printed at once */

/* The text is measured first and then written. */
struct writer {
	struct text *text; /* NULL while the text is measured */
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(
	struct writer *writer, const char *format, ...)
{
	char line[1024];
	struct text part;
	va_list ap;

	va_start(ap, format);
	text_init(&part, line, sizeof(line));
	text_vadd(&part, format, ap);
	va_end(ap);
	writer->len += part.len;
	if (writer->text)
		text_add(writer->text, "%s", line);
}

static bool is_plain(const char *word)
{
	return *word && *word != '#' &&
	       strspn(word,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		       "0123456789_./:@%+=,-") == strlen(word);
}

/* Prints len bytes in pieces, because a word may be longer than the buffer of
 * put. */
static void put_bytes(struct writer *writer, const char *bytes, size_t len)
{
	for (; len > PIECE; bytes += PIECE, len -= PIECE)
		put(writer, "%.*s", PIECE, bytes);
	put(writer, "%.*s", (int)len, bytes);
}

static void put_word(struct writer *writer, const char *word)
{
	if (is_plain(word)) {
		put_bytes(writer, word, strlen(word));
		return;
	}
	put(writer, "'");
	while (*word) {
		size_t len = strcspn(word, "'");

		put_bytes(writer, word, len);
		word += len;
		if (*word) {
			put(writer, "'\\''");
			word++;
		}
	}
	put(writer, "'");
}

static const char *format_quiet(
	const struct setting *setting, uint32_t ms, char *buf)
{
	char time[TEXT_DURATION_MAX];

	if (ms < setting->min || ms > setting->max)
		return config_word_of(setting->words, ms);
	snprintf(buf, ADDRESS_TEXT_MAX, "quiesce %s remove",
		text_duration_format(ms, time));
	return buf;
}

/* Prints a separator, the word of a setting, and its value. */
static void print_setting(struct writer *writer, const char *before,
	const struct setting *setting, const void *object)
{
	const union setting_value value = setting_load(setting, object);
	char text[ADDRESS_TEXT_MAX];
	const char *shown = "";

	static_assert(sizeof(text) >= TEXT_DURATION_MAX, "for setting_format");
	switch (setting->type) {
	case SETTING_IS_TIME:
	case SETTING_IS_NUMBER:
	case SETTING_IS_PORT:
		shown = setting_format(setting, value.number, text);
		break;
	case SETTING_IS_WORD:
		shown = config_word_of(setting->words, value.number);
		break;
	case SETTING_IS_ADDRESS:
		shown = address_format(&value.address, text);
		break;
	case SETTING_IS_QUIET:
		shown = format_quiet(setting, value.number, text);
		break;
	case SETTING_IS_TEXT:
		break;
	}
	put(writer, "%s%s %s", before, setting->word, shown);
	if (setting->type == SETTING_IS_TEXT)
		put_word(writer, value.text);
}

/* Prints the settings of an owner on lines that begin with indent. If indent is
 * NULL, adds all of them to the line that has been begun. */
static void print_settings(struct writer *writer, enum setting_owner owner,
	const void *object, const char *indent)
{
	bool begun = !indent;

	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];

		if (setting->owner != owner ||
			setting_is_absent(setting, object))
			continue;
		if (begun && indent && !setting->joins) {
			put(writer, "\n");
			begun = false;
		}
		print_setting(writer, begun ? " " : indent, setting, object);
		begun = true;
	}
	if (begun && indent)
		put(writer, "\n");
}

static void print_check(struct writer *writer, const struct config *config,
	const struct config_check *check)
{
	const struct config_vector *vector = &config->vectors[check->vector];

	put(writer, "\t\tcheck");
	for (int i = 0; i < vector->argc; i++) {
		put(writer, " ");
		put_word(writer, vector->argv[i]);
	}
	put(writer, " {\n");
	print_settings(writer, SETTING_OF_CHECK,
		&config->settings[check->settings], "\t\t\t");
	put(writer, "\t\t}\n");
}

static void print_real(struct writer *writer, const struct config *config,
	const struct config_real *real)
{
	char address[ADDRESS_TEXT_MAX];

	put(writer, "\t%s %s", real->fallback ? "fallback" : "real",
		address_format(&real->address, address));
	print_settings(writer, SETTING_OF_REAL, real, NULL);
	put(writer, " {\n");
	if (!real->check_count)
		put(writer, "\t\tcheck none\n");
	for (uint32_t i = 0; i < real->check_count; i++)
		print_check(writer, config, &config->checks[real->check + i]);
	put(writer, "\t}\n");
}

/* Prints each flag as the first word that means it. */
static void print_flags(struct writer *writer, uint32_t flags)
{
	const char *before = "\tflags ";

	flags &= ~(uint32_t)IP_VS_SVC_F_PERSISTENT;
	for (unsigned int i = 0; config_flag_words[i].word && flags; i++) {
		if (!(flags & config_flag_words[i].meaning))
			continue;
		put(writer, "%s%s", before, config_flag_words[i].word);
		flags &= ~config_flag_words[i].meaning;
		before = ",";
	}
	if (*before == ',')
		put(writer, "\n");
}

static void print_netmask(
	struct writer *writer, const struct config_virtual *virtual)
{
	if (virtual->netmask6 != 128)
		put(writer, "\tnetmask %u\n", virtual->netmask6);
	if (virtual->netmask4 !=
		(virtual->netmask6 < 32 ? virtual->netmask6 : 32)) {
		struct in_addr mask = {
			htonl(UINT32_MAX << (32 - virtual->netmask4))};
		struct address dotted = {.family = AF_INET, .v4 = mask};
		char text[ADDRESS_TEXT_MAX];

		put(writer, "\tnetmask %s\n", address_format(&dotted, text));
	}
}

static void print_virtual(struct writer *writer, const struct config *config,
	const struct config_virtual *virtual)
{
	char target[CONFIG_SERVICE_TEXT_MAX];

	put(writer, "\nvirtual %s", virtual->name);
	for (uint32_t i = 0; i < virtual->service_count; i++)
		put(writer, i ? "\talso %s\n" : " %s {\n",
			config_service_format(
				&config->services[virtual->service + i],
				target));
	put(writer, "\tscheduler %s\n", virtual->scheduler);
	print_flags(writer, virtual->flags);
	if (virtual->persistence_s)
		put(writer, "\tpersistence %us\n", virtual->persistence_s);
	print_netmask(writer, virtual);
	for (uint32_t i = 0; i < virtual->real_count; i++)
		print_real(writer, config, &config->reals[virtual->real + i]);
	put(writer, "}\n");
}

static void print_all(struct writer *writer, const struct config *config)
{
	print_settings(writer, SETTING_OF_DAEMON, config, "");
	for (uint32_t i = 0; i < config->sysctl_count; i++)
		put(writer, "sysctl %s %u\n", config->sysctls[i].name,
			(unsigned int)config->sysctls[i].value);
	for (uint32_t i = 0; i < config->virtual_count; i++)
		print_virtual(writer, config, &config->virtuals[i]);
}

char *config_text(const struct config *config, struct arena *arena)
{
	struct writer writer = {.text = NULL};
	struct text text;
	char *buf;

	print_all(&writer, config);
	buf = arena_alloc(arena, writer.len + 1);
	text_init(&text, buf, writer.len + 1);
	writer.text = &text;
	print_all(&writer, config);
	return buf;
}
