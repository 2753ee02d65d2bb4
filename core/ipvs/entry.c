// SPDX-License-Identifier: GPL-2.0-or-later
/* The entries of the kernel's table that a configuration asks for. */
#include "ipvs/entry.h"

#include <string.h>

void entry_service(
	const struct config *config, uint32_t service, struct ipvs_service *out)
{
	const struct config_service *conf = &config->services[service];
	const struct config_virtual *virtual = &config->virtuals[conf->virtual];

	memset(out, 0, sizeof(*out));
	out->address = conf->address;
	out->fwmark = conf->fwmark;
	out->family = conf->family;
	out->protocol = conf->protocol;
	strncpy(out->scheduler, virtual->scheduler, sizeof(out->scheduler) - 1);
	out->flags = virtual->flags;
	out->timeout_s = virtual->persistence_s;
	out->prefix = conf->family == AF_INET6 ? virtual->netmask6
					       : virtual->netmask4;
}

void entry_real(const struct config *config, uint32_t real, uint32_t weight,
	struct ipvs_real *out)
{
	const struct config_real *conf = &config->reals[real];

	memset(out, 0, sizeof(*out));
	out->address = conf->address;
	out->forward = conf->forward;
	out->weight = weight;
	out->upper = conf->upper;
	out->lower = conf->lower;
}
