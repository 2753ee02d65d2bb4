/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds a config's services and reals by what the kernel calls them. */
#ifndef LVSMON_IPVS_TABLE_INDEX_H
#define LVSMON_IPVS_TABLE_INDEX_H

#include "config/config.h"
#include "ipvs/message.h"

struct table_index;

struct table_index *table_index_create(
	struct arena *arena, const struct config *config);

/* Each an index of config's, or CONFIG_NONE. */
uint32_t table_index_service(
	const struct table_index *index, const struct ipvs_service *service);
uint32_t table_index_real(const struct table_index *index, uint32_t virtual,
	const struct address *address);

#endif
