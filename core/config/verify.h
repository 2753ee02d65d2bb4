/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every word for itself cannot tell: whether it fits the others. */
#ifndef LVSMON_CONFIG_VERIFY_H
#define LVSMON_CONFIG_VERIFY_H

#include "config/draft.h"

void verify_settings(struct complaints *complaints,
	const struct draft_level *level,
	const struct config_settings *settings);

/* Whether the addresses that a check sets are of its target's family. */
void verify_target(struct complaints *complaints, const struct spot *check,
	const struct config_settings *settings, const struct config_real *real);

void verify_real(struct complaints *complaints,
	const struct draft_virtual *virtual, const struct draft_real *draft,
	const struct config_real *real);

/* Whether any of the virtual's reals can stand behind this address. */
void verify_service(struct complaints *complaints,
	const struct draft_target *target, const struct config_service *service,
	const struct config_real *reals, uint32_t count);

/* Whether names, services, and the reals of each virtual differ. */
void verify_unique(struct complaints *complaints, const struct draft *draft,
	const struct config *config);

#endif
