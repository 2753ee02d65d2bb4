// SPDX-License-Identifier: GPL-2.0-or-later
/* What config and health ask of the table. */
#include "policy/policy.h"

bool policy_serves(const struct config_real *real)
{
	return real->weight > 0;
}

int32_t policy_real(const struct config_real *real, bool up)
{
	if (up)
		return (int32_t)real->weight;
	return real->on_fail == CONFIG_REMOVE ? POLICY_ABSENT : 0;
}

int32_t policy_fallback(
	const struct config_real *fallback, bool up, uint32_t serving)
{
	return up && !serving ? (int32_t)fallback->weight : POLICY_ABSENT;
}
