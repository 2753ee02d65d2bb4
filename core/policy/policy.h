/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy: the weights that configuration, health and operators ask for. It is
 * a pure function of one virtual. The caller keeps a struct policy_real for
 * each real, zeroed at first, and a struct policy_state for each virtual.
 *
 * A change of one real costs the same in a virtual of any size: policy_virtual
 * counts, and says whose weights may have changed. Only the crossing of a
 * threshold asks for the weights of all reals of the virtual.
 */
#ifndef LVSMON_POLICY_POLICY_H
#define LVSMON_POLICY_POLICY_H

#include "config/config.h"

/* A real that is not to be in the table. */
#define POLICY_ABSENT (-1)
/* A real whose entry is to stay as it is, because nothing is known yet. */
#define POLICY_KEEP INT32_MIN

/* A time that never comes. */
#define POLICY_NEVER UINT64_MAX

enum policy_health { POLICY_UNDECIDED, POLICY_DOWN, POLICY_UP };

/* What an operator asks of a real; POLICY_AUTO leaves it to its health. */
enum policy_admin { POLICY_AUTO, POLICY_FORCE_UP, POLICY_FORCE_DOWN };

/* How far `on-fail` has gone with a real. */
enum policy_stage {
	POLICY_IN,    /* the real is not down */
	POLICY_QUIET, /* down, at weight 0 for a time */
	POLICY_OUT,   /* down, and that time is over */
};

/* What is known of a real. */
struct policy_real {
	uint8_t health;   /* enum policy_health */
	uint8_t percent;  /* of the configured weight if up, 1 to 100 */
	uint8_t admin;    /* enum policy_admin */
	uint8_t stage;    /* enum policy_stage; policy_virtual and
			     policy_look keep it */
	uint32_t quiet_s; /* the second of the caller's clock at which the
			     stage QUIET began, rounded up */
};

/* What policy remembers of a virtual. Both counts are of reals with a weight;
 * the fallback is in neither. */
struct policy_state {
	uint32_t undecided; /* reals whose health is not known */
	uint32_t serving;   /* reals that are up */
	uint8_t service;    /* enum policy_service */
	bool cold;          /* as given to policy_begin: the fallback does
			       not wait for undecided reals */
};

/* Who serves a virtual. */
enum policy_service {
	POLICY_UNKNOWN,  /* some reals are undecided and none serves */
	POLICY_REALS,    /* at least one real */
	POLICY_FALLBACK, /* the fallback alone */
	POLICY_NOBODY,
};

/* Sets the state of a virtual about whose reals nothing is known. cold: no real
 * of it, and no fallback, is in service. */
void policy_begin(const struct config *config, uint32_t virtual, bool cold,
	struct policy_state *state);

/* What a change leads to. */
struct policy_result {
	uint32_t first, count; /* the reals whose weights may have changed */
	bool fallback;         /* the fallback's weight may have changed, too */
	bool edge;             /* state->service is another than before */
	uint64_t look_ms;      /* when to call policy_look, or POLICY_NEVER */
};

/* Takes in that a real of a virtual is `now` and was `before`, updates the
 * state and the real's stage, and returns what follows. fallback is what is
 * known of the virtual's fallback (after the change, if the change is the
 * fallback's own), or NULL if the virtual has none. now_ms is of a clock that
 * does not jump. */
struct policy_result policy_virtual(const struct config *config, uint32_t real,
	const struct policy_real *before, struct policy_real *now,
	const struct policy_real *fallback, struct policy_state *state,
	uint64_t now_ms);

/* Takes in that time has passed. Returns POLICY_NEVER if nothing of the real
 * waits for a time; the weight of the real may have changed then. Otherwise
 * returns when to call again. */
uint64_t policy_look(const struct config *config, uint32_t real,
	struct policy_real *known, uint64_t now_ms);

/* Returns the weight wanted for a real: POLICY_KEEP, POLICY_ABSENT, or 0 to
 * the configured weight. A real that is up has its percentage of the
 * configured weight, rounded up. A real that is down has 0 or POLICY_ABSENT as
 * `on-fail` says. A fallback has its weight while no real serves. */
int32_t policy_weight(const struct config *config, uint32_t real,
	const struct policy_real *known, const struct policy_state *state);

/* Returns the weight of a real that serves, in any state of its virtual. */
uint32_t policy_weight_up(
	const struct config_real *real, const struct policy_real *known);

#endif
