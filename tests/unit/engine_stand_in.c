// SPDX-License-Identifier: GPL-2.0-or-later
/* Stand-ins until the parser is there; weak. */
#include "model/config.h"

__attribute__((weak)) struct address config_check_target(
	const struct config *config, uint32_t check, uint16_t vector_port);
__attribute__((weak)) struct address config_check_target(
	const struct config *config, uint32_t check, uint16_t vector_port)
{
	struct address target =
		config->reals[config->checks[check].real].address;

	if (vector_port)
		target.port = vector_port;
	return target;
}

__attribute__((weak)) void config_complain(const struct config_world *world,
	const struct config_place *place, config_report *report,
	void *report_arg, const char *message);
__attribute__((weak)) void config_complain(const struct config_world *world,
	const struct config_place *place, config_report *report,
	void *report_arg, const char *message)
{
	(void)world;
	(void)place;
	report(report_arg, message);
}

__attribute__((weak)) uint64_t config_check_key(
	const struct config *config, uint32_t check);
__attribute__((weak)) uint64_t config_check_key(
	const struct config *config, uint32_t check)
{
	(void)config;
	return check + 1;
}
