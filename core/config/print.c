// SPDX-License-Identifier: GPL-2.0-or-later
/* A configuration as text, every setting in its place: what -T prints. */
#include "base/text.h"
#include "config/draft.h"

#include <linux/ip_vs.h>
#include <string.h>

/* Text that finds its own room: measured first, then written. */
struct writer {
	struct text *text; /* NULL while it is measured */
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

/* One piece at a time: a word may be longer than a line of put's. */
static void put_word(struct writer *writer, const char *word)
{
	if (is_plain(word)) {
		for (; strlen(word) > 512; word += 512)
			put(writer, "%.512s", word);
		put(writer, "%s", word);
		return;
	}
	put(writer, "'");
	for (; *word; word++)
		put(writer, *word == '\'' ? "'\\''" : "%c", *word);
	put(writer, "'");
}

static void put_time(struct writer *writer, const char *word, uint32_t ms)
{
	char time[TEXT_DURATION_MAX];

	put(writer, "%s %s", word, text_duration_format(ms, time));
}

static void put_settings(
	struct writer *writer, const struct config_settings *settings)
{
	char address[ADDRESS_TEXT_MAX];

	put_time(writer, "\t\t\tinterval", settings->interval_ms);
	put_time(writer, " timeout", settings->timeout_ms);
	if (settings->connect_timeout_ms)
		put_time(writer, " connect-timeout",
			settings->connect_timeout_ms);
	put(writer, "\n\t\t\trise %u", settings->rise);
	if (settings->fall)
		put(writer, " fall %u", settings->fall);
	if (settings->fall_after_ms)
		put_time(writer, " fall-after", settings->fall_after_ms);
	put(writer, "\n");
	if (settings->bind.family)
		put(writer, "\t\t\tbind %s\n",
			address_format(&settings->bind, address));
	if (settings->check_address.family)
		put(writer, "\t\t\tcheck-address %s\n",
			address_format(&settings->check_address, address));
	if (settings->check_port)
		put(writer, "\t\t\tcheck-port %u\n", settings->check_port);
}

static void put_check(struct writer *writer, const struct config *config,
	const struct config_check *check)
{
	const struct config_vector *vector = &config->vectors[check->vector];

	put(writer, "\t\tcheck");
	for (int i = 0; i < vector->argc; i++) {
		put(writer, " ");
		put_word(writer, vector->argv[i]);
	}
	put(writer, " {\n");
	put_settings(writer, &config->settings[check->settings]);
	put(writer, "\t\t}\n");
}

static void put_real(struct writer *writer, const struct config *config,
	const struct config_real *real)
{
	char address[ADDRESS_TEXT_MAX];

	put(writer, "\t%s %s weight %u forward %s on-fail %s",
		real->fallback ? "fallback" : "real",
		address_format(&real->address, address), real->weight,
		config_forward_name(real->forward),
		config_on_fail_words[real->on_fail]);
	if (real->upper || real->lower)
		put(writer, " upper %u lower %u", real->upper, real->lower);
	put(writer, " {\n");
	if (!real->check_count)
		put(writer, "\t\tcheck none\n");
	for (uint32_t i = 0; i < real->check_count; i++)
		put_check(writer, config, &config->checks[real->check + i]);
	put(writer, "\t}\n");
}

/* Each bit by the first word that names it. */
static void put_flags(struct writer *writer, uint32_t flags)
{
	const char *before = "\tflags ";

	flags &= ~(uint32_t)IP_VS_SVC_F_PERSISTENT;
	for (unsigned int i = 0; config_flags[i].word && flags; i++) {
		if (!(flags & config_flags[i].flag))
			continue;
		put(writer, "%s%s", before, config_flags[i].word);
		flags &= ~config_flags[i].flag;
		before = ",";
	}
	if (*before == ',')
		put(writer, "\n");
}

static void put_netmask(
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

static void put_virtual(struct writer *writer, const struct config *config,
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
	put_flags(writer, virtual->flags);
	if (virtual->persistence_s)
		put(writer, "\tpersistence %us\n", virtual->persistence_s);
	put_netmask(writer, virtual);
	for (uint32_t i = 0; i < virtual->real_count; i++)
		put_real(writer, config, &config->reals[virtual->real + i]);
	put(writer, "}\n");
}

static void put_config(struct writer *writer, const struct config *config)
{
	put(writer, "user ");
	put_word(writer, config->user);
	put(writer, "\nplugin-dir ");
	put_word(writer, config->plugin_dir);
	put(writer, "\n");
	put_time(writer, "audit", config->audit_ms);
	put(writer, "\non-exit %s\nprobes %u\nmodprobe %s\n",
		config_on_exit_words[config->on_exit], config->pool,
		config->modprobe ? "yes" : "no");
	for (uint32_t i = 0; i < config->virtual_count; i++)
		put_virtual(writer, config, &config->virtuals[i]);
}

char *config_text(const struct config *config, struct arena *arena)
{
	struct writer writer = {.text = NULL};
	struct text text;
	char *buf;

	put_config(&writer, config);
	buf = arena_alloc(arena, writer.len + 1);
	text_init(&text, buf, writer.len + 1);
	writer.text = &text;
	put_config(&writer, config);
	return buf;
}
