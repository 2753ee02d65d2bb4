/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of the kernel's table that a configuration asks for. */
#ifndef LVSMON_IPVS_ENTRY_H
#define LVSMON_IPVS_ENTRY_H

#include "config/config.h"
#include "ipvs/message.h"

/* Sets out to the entry of a service of config. */
void entry_service(const struct config *config, uint32_t service,
	struct ipvs_service *out);

/* Sets out to the entry of a real server of config with this weight. */
void entry_real(const struct config *config, uint32_t real, uint32_t weight,
	struct ipvs_real *out);

#endif
