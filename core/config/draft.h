/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration as it was written: what the parser makes and config_build
 * turns into a struct config. Lives in a scratch arena. */
#ifndef LVSMON_CONFIG_DRAFT_H
#define LVSMON_CONFIG_DRAFT_H

#include "config/source.h"

/* What can be set at any level; the nearest level wins. */
enum setting {
	SETTING_INTERVAL,
	SETTING_TIMEOUT,
	SETTING_CONNECT_TIMEOUT,
	SETTING_RISE,
	SETTING_FALL,
	SETTING_FALL_AFTER,
	SETTING_CHECK_PORT,
	SETTING_WEIGHT,
	SETTING_UPPER,
	SETTING_LOWER,
	SETTING_FORWARD,
	SETTING_ON_FAIL,
	SETTING_BIND, /* an address from here on */
	SETTING_CHECK_ADDRESS,
	SETTING_COUNT,
};

struct draft_check;

struct draft_level {
	const struct draft_level *outer; /* NULL for the top */
	uint32_t set;                    /* one bit a setting */
	uint32_t number[SETTING_COUNT];
	struct address bind, check_address;
	struct spot spot[SETTING_COUNT];
	bool checks_none; /* check none */
	struct draft_check *checks, **checks_end;
};

struct draft_check {
	struct draft_check *next;
	struct draft_level level; /* of its own block */
	int argc;
	char **argv;
	struct spot spot;
};

/* Reals made by one line share its level. */
struct draft_real {
	struct draft_real *next;
	struct draft_level *level;
	struct address address;
	bool has_port;
	bool fallback;
	struct spot spot;
};

struct draft_target {
	struct draft_target *next;
	struct address address;
	uint32_t fwmark;
	uint16_t family;
	uint16_t protocol;
	struct spot spot;
};

struct draft_virtual {
	struct draft_virtual *next;
	struct draft_level level;
	const char *name;
	const char *scheduler;
	uint32_t flags;
	uint32_t persistence_s;
	uint8_t netmask4, netmask6;
	struct draft_target *targets, **targets_end;
	struct draft_real *reals, **reals_end;
	struct draft_real *fallback;
	uint32_t real_count; /* without the fallback */
	struct spot spot;
};

struct draft {
	struct arena *arena;
	struct draft_level level;
	struct draft_virtual *virtuals, **virtuals_end;
	uint32_t virtual_count, target_count, real_count, check_count;
	const char *user, *plugin_dir;
	uint32_t audit_ms, pool;
	uint8_t on_exit;
	bool modprobe;
};

/* Reads path and what it includes into draft; what is wrong is said. */
void config_parse(struct draft *draft, const char *path,
	const struct system *system, struct complaints *complaints);

/* A configuration in an arena of its own, or NULL after complaints. */
struct config *config_build(const struct draft *draft, const char *path,
	const struct config_options *options, struct complaints *complaints);

/* Names of the values of a setting, in order, ended by NULL; or NULL. */
extern const char *const config_forward_words[];
extern const char *const config_on_fail_words[];
extern const char *const config_on_exit_words[];

/* Words of `flags` and what they mean. */
struct config_flag {
	const char *word;
	uint32_t flag;
};
extern const struct config_flag config_flags[];

#endif
