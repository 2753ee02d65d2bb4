// SPDX-License-Identifier: GPL-2.0-or-later
/* What the settings are. lvsmon.conf(5) says what they do. */
#include "config/settings.h"

const struct setting_kind setting_kinds[SETTING_COUNT] = {
	[SETTING_INTERVAL] = {"interval", SETTING_IS_TIME,
		CONFIG_INTERVAL_MIN_MS, CONFIG_INTERVAL_MAX_MS, NULL, {0}},
	[SETTING_TIMEOUT] = {"timeout", SETTING_IS_TIME, 1,
		CONFIG_INTERVAL_MAX_MS, NULL, {0}},
	[SETTING_CONNECT_TIMEOUT] = {"connect-timeout", SETTING_IS_TIME, 1,
		CONFIG_INTERVAL_MAX_MS, NULL, {0}},
	[SETTING_RISE] = {"rise", SETTING_IS_NUMBER, 1, UINT32_MAX, NULL, {0}},
	[SETTING_FALL] = {"fall", SETTING_IS_NUMBER, 1, UINT32_MAX, NULL, {0}},
	[SETTING_FALL_AFTER] = {"fall-after", SETTING_IS_TIME, 1,
		31U * CONFIG_INTERVAL_MAX_MS, NULL, {0}},
	[SETTING_CHECK_PORT] = {"check-port", SETTING_IS_PORT, 0, 0, NULL, {0}},
	[SETTING_WEIGHT] = {"weight", SETTING_IS_NUMBER, 0, CONFIG_WEIGHT_MAX,
		NULL, {0}},
	[SETTING_UPPER] = {"upper", SETTING_IS_NUMBER, 0, UINT32_MAX, NULL,
		{0}},
	[SETTING_LOWER] = {"lower", SETTING_IS_NUMBER, 0, UINT32_MAX, NULL,
		{0}},
	[SETTING_FORWARD] = {"forward", SETTING_IS_WORD, 0, 0,
		config_forward_words,
		{CONFIG_MASQ, CONFIG_DIRECT, CONFIG_TUNNEL}},
	[SETTING_ON_FAIL] = {"on-fail", SETTING_IS_WORD, 0, 0,
		config_on_fail_words, {CONFIG_QUIESCE, CONFIG_REMOVE, 0}},
	[SETTING_BIND] = {"bind", SETTING_IS_ADDRESS, 0, 0, NULL, {0}},
	[SETTING_CHECK_ADDRESS] = {"check-address", SETTING_IS_ADDRESS, 0, 0,
		NULL, {0}},
};
