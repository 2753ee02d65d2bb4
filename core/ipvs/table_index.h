/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the services and real servers of a configuration by the addresses that
 * the kernel shows. */
#ifndef LVSMON_IPVS_TABLE_INDEX_H
#define LVSMON_IPVS_TABLE_INDEX_H

#include "config/config.h"
#include "ipvs/message.h"

struct table_index;

/* Returns an index of config, in arena. config must outlive the index. */
struct table_index *table_index_create(
	struct arena *arena, const struct config *config);

/* Returns the index of an equal service, or CONFIG_NONE. */
uint32_t table_index_service(
	const struct table_index *index, const struct ipvs_service *service);

/* Returns the index of the virtual service's real server with this address
 * and port, or CONFIG_NONE. */
uint32_t table_index_real(const struct table_index *index, uint32_t virtual,
	const struct address *address);

#endif
