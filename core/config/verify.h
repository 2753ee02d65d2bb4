/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The consistency check: whether words that are right on their own fit
 * together. Each function reports what does not fit. */
#ifndef LVSMON_CONFIG_VERIFY_H
#define LVSMON_CONFIG_VERIFY_H

#include "config/draft.h"

/* Checks that no setting of an owner exceeds the setting that limits it. */
void verify_limits(struct complaints *complaints,
	const struct draft_level *level, enum setting_owner owner,
	const void *object);

/* Checks that the addresses of a check's settings are of the family of its
 * target. */
void verify_target(struct complaints *complaints, const struct place *check,
	const struct config_settings *settings, const struct config_real *real);

/* Checks that a real server can have its port behind every address of its
 * virtual service. */
void verify_ports(struct complaints *complaints,
	const struct draft_virtual *virtual, const struct draft_real *draft,
	const struct config_real *real);

/* Checks that the service of a target accepts any of its real servers. */
void verify_service(struct complaints *complaints,
	const struct draft_target *target, const struct config_service *service,
	const struct config_real *reals, uint32_t count);

/* Checks that names, services, and the real servers of each virtual service
 * differ. */
void verify_unique(struct complaints *complaints, const struct draft *draft,
	const struct config *config);

#endif
