/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration as it was written: the parser fills it, and config_build
 * makes a struct config of it. It is in a scratch arena. */
#ifndef LVSMON_CONFIG_DRAFT_H
#define LVSMON_CONFIG_DRAFT_H

#include "config/complain.h"
#include "config/settings.h"

/* The value of a setting at one level. */
struct draft_value {
	struct draft_value *next;
	uint32_t setting; /* row of settings_table */
	union setting_value value;
	bool missing; /* an address without an answer */
	struct place place;
};

/* An address whose name has no answer. */
struct draft_missing {
	struct draft_missing *next;
	const char *text, *why;
	const struct draft_virtual *virtual; /* NULL = outside */
	struct place place;
};

struct draft_check;

/* The settings and checks of one block. */
struct draft_level {
	const struct draft_level *outer; /* NULL for the top */
	struct draft_value *values;      /* of the settings that are set here */
	bool checks_none;                /* check none */
	struct draft_check *checks, **checks_end;
};

struct draft_check {
	struct draft_check *next;
	struct draft_check *next_made; /* among all checks of the draft */
	struct draft_level level;      /* of its own block */
	int argc;
	char **argv;
	struct place place;
};

/* Real servers made by one line share its level. */
struct draft_real {
	struct draft_real *next;
	struct draft_level *level;
	struct address address;
	bool has_port;
	bool fallback;
	struct place place;
};

struct draft_target {
	struct draft_target *next;
	struct address address;
	uint32_t fwmark;
	uint16_t family;
	uint16_t protocol;
	struct place place;
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
	bool misses; /* an address without an answer is left out */
	struct place place;
};

struct draft_sysctl {
	struct draft_sysctl *next;
	const char *name; /* behind "net.ipv4.vs." */
	uint32_t value;
};

struct draft {
	struct arena *arena;
	struct draft_level level;
	struct draft_virtual *virtuals, **virtuals_end;
	/* Every check line, also of a block that is left out because its line
	 * has an error. */
	struct draft_check *made, **made_end;
	struct draft_sysctl *sysctls; /* the last one first */
	uint32_t sysctl_count;
	struct draft_missing *missing, **missing_end;
	uint32_t missing_count;
	uint32_t virtual_count, target_count, real_count, check_count;
};

/* Makes an empty draft with an arena of its own, which the caller destroys. */
void draft_init(struct draft *draft);

/* Walk the real servers of a virtual service; its fallback is the last. Both
 * return NULL at the end. */
const struct draft_real *draft_first_real(const struct draft_virtual *virtual);
const struct draft_real *draft_next_real(
	const struct draft_virtual *virtual, const struct draft_real *real);

/* Notes an address without an answer; virtual may be NULL. text is
 * copied; why must outlive the draft. */
void draft_miss(struct draft *draft, struct draft_virtual *virtual,
	const struct place *place, const char *text, const char *why);

/* Returns the nearest level with checks or with "check none", or NULL. Only its
 * own block counts for a fallback. */
const struct draft_level *draft_level_of_checks(const struct draft_real *real);

/* Makes a level with nothing set. */
void level_init(struct draft_level *level, const struct draft_level *outer);

/* Returns the value of a setting that is set at this level, or NULL. */
struct draft_value *level_own(
	const struct draft_level *level, uint32_t setting);

/* Adds a value, in arena, for a setting that is not set at this level. Returns
 * the value, which the caller fills in. */
struct draft_value *level_add(
	struct draft_level *level, uint32_t setting, struct arena *arena);

/* Returns the nearest value that is set, at this level or further out, or
 * NULL. */
const struct draft_value *level_find(
	const struct draft_level *level, uint32_t setting);

/* Stores all settings of an owner in its struct: each has the value of the
 * nearest level that sets it, or the default. A text is that of the draft. */
void level_resolve(const struct draft_level *level, enum setting_owner owner,
	void *object);

/* Copies the texts of an object that was resolved to the configuration's
 * arena, and notes where each is written. */
void level_keep_texts(const struct draft_level *level, enum setting_owner owner,
	void *object, struct config *config);

#endif
