// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of settings. lvsmon.conf(5) says what each of them does. */
#include "config/settings.h"

#include "base/hash.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SECOND 1000U
#define DAY (86400U * SECOND)

#define FIELD(of, type, field)                                                 \
	.owner = (of), .offset = offsetof(type, field),                        \
	.size = sizeof(((type *)NULL)->field)
#define OF_DAEMON(field) FIELD(SETTING_OF_DAEMON, struct config, field)
#define OF_REAL(field) FIELD(SETTING_OF_REAL, struct config_real, field)
#define OF_CHECK(field) FIELD(SETTING_OF_CHECK, struct config_settings, field)

#define TIME(from, to) .type = SETTING_IS_TIME, .min = (from), .max = (to)
#define NUMBER(from, to) .type = SETTING_IS_NUMBER, .min = (from), .max = (to)
#define WORD(list) .type = SETTING_IS_WORD, .words = (list)
#define QUIET(from, to) .type = SETTING_IS_QUIET, .min = (from), .max = (to)
#define PORT .type = SETTING_IS_PORT
#define ADDRESS .type = SETTING_IS_ADDRESS
#define TEXT .type = SETTING_IS_TEXT

static const struct config_word yes_words[] = {
	{"no", false},
	{"yes", true},
	{NULL, 0},
};

static const struct config_word audit_words[] = {
	{"auto", CONFIG_AUDIT_AUTO},
	{NULL, 0},
};

/* clang-format off */
const struct setting settings_table[] = {
	{"user", IN_TOP, OF_DAEMON(user), TEXT, .preset.text = "lvsmon"},
	{"plugin-dir", IN_TOP, OF_DAEMON(plugin_dir), TEXT,
		.preset.text = LVSMON_PLUGIN_DIR},
	{"audit", IN_TOP, OF_DAEMON(audit_ms), TIME(0, DAY),
		.words = audit_words, .preset.number = CONFIG_AUDIT_AUTO},
	{"settle", IN_TOP, OF_DAEMON(settle_ms), TIME(1, DAY)},
	{"orphans", IN_TOP, OF_DAEMON(orphans), WORD(config_orphans_words),
		.preset.number = CONFIG_ORPHANS_REPORT},
	{"on-exit", IN_TOP, OF_DAEMON(on_exit), WORD(config_on_exit_words),
		.preset.number = CONFIG_KEEP},
	{"probes", IN_TOP, OF_DAEMON(pool), NUMBER(1, 65536)},
	{"modprobe", IN_TOP, OF_DAEMON(modprobe), WORD(yes_words),
		.preset.number = true},
	{"allow-empty", IN_TOP, OF_DAEMON(allow_empty), WORD(yes_words),
		.preset.number = false},
	{"tls-probes", IN_TOP, OF_DAEMON(tls_probes), NUMBER(1, 4096),
		.preset.number = 256},
	{"read-timeout", IN_TOP, OF_DAEMON(read_timeout_ms), TIME(SECOND, DAY),
		.preset.number = 60 * SECOND},

	{"weight", IN_NODES, OF_REAL(weight), NUMBER(0, CONFIG_WEIGHT_MAX),
		.preset.number = 1},
	{"forward", IN_NODES, OF_REAL(forward), WORD(config_forward_words),
		.preset.number = CONFIG_MASQ},
	{"on-fail", IN_NODES, OF_REAL(quiet_ms), QUIET(SECOND, DAY),
		.words = config_on_fail_words,
		.preset.number = CONFIG_QUIET_FOR_EVER},
	{"upper", IN_NODES, OF_REAL(upper), NUMBER(0, UINT32_MAX)},
	{"lower", IN_NODES, OF_REAL(lower), NUMBER(0, UINT32_MAX),
		.limit = "upper", .limit_note = ""},

	{"interval", IN_ANY, OF_CHECK(interval_ms),
		TIME(CONFIG_INTERVAL_MIN_MS, CONFIG_INTERVAL_MAX_MS),
		.preset.number = 10 * SECOND},
	{"timeout", IN_ANY, OF_CHECK(timeout_ms), TIME(1, DAY),
		.preset.number = 3 * SECOND, .joins = true},
	{"connect-timeout", IN_ANY, OF_CHECK(connect_timeout_ms), TIME(1, DAY),
		.joins = true, .limit = "timeout",
		.limit_note = ", the limit of the whole probe"},
	{"rise", IN_ANY, OF_CHECK(rise), NUMBER(1, UINT32_MAX),
		.preset.number = 2},
	{"fall", IN_ANY, OF_CHECK(fall), NUMBER(1, UINT32_MAX),
		.preset.number = 3, .joins = true, .yields_to = "fall-after"},
	{"fall-after", IN_ANY, OF_CHECK(fall_after_ms), TIME(1, 31 * DAY),
		.joins = true},
	{"on-broken", IN_ANY, OF_CHECK(on_broken), WORD(config_on_broken_words),
		.preset.number = CONFIG_HOLD},
	{"linger", IN_ANY, OF_CHECK(linger_ms), TIME(0, 60 * SECOND),
		.preset.number = 200},
	{"bind", IN_ANY, OF_CHECK(bind), ADDRESS},
	{"check-address", IN_ANY, OF_CHECK(check_address), ADDRESS},
	{"check-port", IN_ANY, OF_CHECK(check_port), PORT},
	{"tls", IN_ANY, OF_CHECK(tls), WORD(yes_words), .preset.number = false},
	{"sni", IN_ANY, OF_CHECK(sni), TEXT, .joins = true},
	{"verify", IN_ANY, OF_CHECK(verify), WORD(config_verify_words),
		.preset.number = CONFIG_VERIFY_AUTO, .joins = true},
	{"min-version", IN_ANY, OF_CHECK(min_version),
		WORD(config_tls_version_words),
		.preset.number = CONFIG_TLS_1_2, .joins = true},
	{"alpn", IN_ANY, OF_CHECK(alpn), TEXT, .joins = true},
	{"ca", IN_ANY, OF_CHECK(ca), TEXT},
	{"cert", IN_ANY, OF_CHECK(cert), TEXT},
	{"key", IN_ANY, OF_CHECK(key), TEXT, .joins = true},
};
/* clang-format on */

const uint32_t settings_count =
	sizeof(settings_table) / sizeof(settings_table[0]);

uint32_t setting_find(const char *word)
{
	for (uint32_t i = 0; i < settings_count; i++)
		if (strcmp(settings_table[i].word, word) == 0)
			return i;
	return SETTING_NONE;
}

static void store_number(void *field, size_t size, uint32_t number)
{
	const uint16_t two = (uint16_t)number;
	const uint8_t one = (uint8_t)number;

	switch (size) {
	case 1:
		memcpy(field, &one, size);
		break;
	case 2:
		memcpy(field, &two, size);
		break;
	default:
		assert(size == 4);
		memcpy(field, &number, size);
	}
}

static uint32_t load_number(const void *field, size_t size)
{
	uint32_t number;
	uint16_t two;
	uint8_t one;

	switch (size) {
	case 1:
		memcpy(&one, field, size);
		return one;
	case 2:
		memcpy(&two, field, size);
		return two;
	default:
		assert(size == 4);
		memcpy(&number, field, size);
		return number;
	}
}

void setting_store(const struct setting *setting, void *object,
	const union setting_value *value)
{
	void *field = (char *)object + setting->offset;

	if (setting->type == SETTING_IS_ADDRESS) {
		assert(setting->size == sizeof(value->address));
		memcpy(field, &value->address, setting->size);
	} else if (setting->type == SETTING_IS_TEXT) {
		assert(setting->size == sizeof(value->text));
		memcpy(field, &value->text, setting->size);
	} else {
		store_number(field, setting->size, value->number);
	}
}

union setting_value setting_load(
	const struct setting *setting, const void *object)
{
	const void *field = (const char *)object + setting->offset;
	union setting_value value = {.number = 0};

	if (setting->type == SETTING_IS_ADDRESS)
		memcpy(&value.address, field, setting->size);
	else if (setting->type == SETTING_IS_TEXT)
		memcpy(&value.text, field, setting->size);
	else
		value.number = load_number(field, setting->size);
	return value;
}

bool setting_is_absent(const struct setting *setting, const void *object)
{
	const union setting_value value = setting_load(setting, object);

	switch (setting->type) {
	case SETTING_IS_TIME:
	case SETTING_IS_NUMBER:
		return !value.number &&
		       (setting->min > 0 || !setting->preset.number);
	case SETTING_IS_PORT:
		return !value.number;
	case SETTING_IS_ADDRESS:
		return !value.address.family;
	case SETTING_IS_TEXT:
		return !value.text;
	case SETTING_IS_WORD:
	case SETTING_IS_QUIET:
		break;
	}
	return false;
}

/* Fields but texts can be compared and hashed as bytes: addresses have no
 * padding, and their unused bytes are 0. */
static_assert(sizeof(struct address) == 24, "no padding");

static bool texts_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool fields_equal(
	const struct setting *setting, const void *a, const void *b)
{
	if (setting->type == SETTING_IS_TEXT)
		return texts_equal(setting_load(setting, a).text,
			setting_load(setting, b).text);
	return memcmp((const char *)a + setting->offset,
		       (const char *)b + setting->offset, setting->size) == 0;
}

static uint64_t hash_field(
	uint64_t key, const struct setting *setting, const void *object)
{
	const char *text;

	if (setting->type != SETTING_IS_TEXT)
		return hash_bytes(key, (const char *)object + setting->offset,
			setting->size);
	text = setting_load(setting, object).text;
	return text ? hash_bytes(key, text, strlen(text) + 1)
		    : hash_bytes(key, "", 1);
}

bool settings_equal(enum setting_owner owner, const void *a, const void *b)
{
	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];

		if (setting->owner == owner && !fields_equal(setting, a, b))
			return false;
	}
	return true;
}

uint64_t settings_hash(enum setting_owner owner, const void *object)
{
	uint64_t key = HASH_SEED;

	for (uint32_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_table[i];

		if (setting->owner == owner)
			key = hash_field(key, setting, object);
	}
	return key;
}

char *setting_format(const struct setting *setting, uint32_t number, char *buf)
{
	if (setting->words && number > setting->max)
		snprintf(buf, TEXT_DURATION_MAX, "%s",
			config_word_of(setting->words, number));
	else if (setting->type == SETTING_IS_TIME)
		text_duration_format(number, buf);
	else
		snprintf(buf, TEXT_DURATION_MAX, "%u", number);
	return buf;
}
