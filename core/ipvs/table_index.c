// SPDX-License-Identifier: GPL-2.0-or-later
/* Two open hash tables of fixed size, at most half full. */
#include "ipvs/table_index.h"

#include "ipvs/table.h"

#include <string.h>

struct cells {
	uint32_t *cell; /* index, or CONFIG_NONE */
	uint32_t mask;
};

struct table_index {
	const struct config *config;
	struct cells services, reals;
};

static uint32_t mix(uint32_t hash, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619U; /* FNV-1a */
	return hash;
}

static uint32_t hash_address(uint32_t hash, const struct address *address)
{
	hash = mix(hash, address->bytes, address_size(address));
	return mix(hash, &address->port, sizeof(address->port));
}

static uint32_t hash_service(const struct ipvs_service *service)
{
	uint32_t hash = mix(2166136261U, &service->fwmark, 4);

	return service->fwmark ? hash : hash_address(hash, &service->address);
}

static uint32_t hash_real(uint32_t virtual, const struct address *address)
{
	return hash_address(mix(2166136261U, &virtual, 4), address);
}

static struct cells cells_create(struct arena *arena, uint32_t count)
{
	struct cells cells = {.mask = 7};

	while (cells.mask < count * 2)
		cells.mask = cells.mask * 2 + 1;
	cells.cell = arena_array(arena, (size_t)cells.mask + 1, 4);
	memset(cells.cell, 0xff, ((size_t)cells.mask + 1) * 4);
	return cells;
}

static void cells_add(struct cells *cells, uint32_t hash, uint32_t index)
{
	uint32_t at = hash & cells->mask;

	while (cells->cell[at] != CONFIG_NONE)
		at = (at + 1) & cells->mask;
	cells->cell[at] = index;
}

struct table_index *table_index_create(
	struct arena *arena, const struct config *config)
{
	struct table_index *index = arena_alloc(arena, sizeof(*index));

	index->config = config;
	index->services = cells_create(arena, config->service_count);
	index->reals = cells_create(arena, config->real_count);
	for (uint32_t i = 0; i < config->service_count; i++) {
		struct ipvs_service service;

		table_service(config, i, &service);
		cells_add(&index->services, hash_service(&service), i);
	}
	for (uint32_t i = 0; i < config->real_count; i++) {
		const struct config_real *real = &config->reals[i];

		cells_add(&index->reals,
			hash_real(real->virtual, &real->address), i);
	}
	return index;
}

uint32_t table_index_service(
	const struct table_index *index, const struct ipvs_service *service)
{
	const struct cells *cells = &index->services;
	uint32_t at = hash_service(service) & cells->mask;

	for (; cells->cell[at] != CONFIG_NONE; at = (at + 1) & cells->mask) {
		struct ipvs_service named;

		table_service(index->config, cells->cell[at], &named);
		if (ipvs_same_service(&named, service))
			return cells->cell[at];
	}
	return CONFIG_NONE;
}

uint32_t table_index_real(const struct table_index *index, uint32_t virtual,
	const struct address *address)
{
	const struct cells *cells = &index->reals;
	uint32_t at = hash_real(virtual, address) & cells->mask;

	for (; cells->cell[at] != CONFIG_NONE; at = (at + 1) & cells->mask) {
		const struct config_real *real =
			&index->config->reals[cells->cell[at]];

		if (real->virtual == virtual &&
			address_compare(&real->address, address) == 0)
			return cells->cell[at];
	}
	return CONFIG_NONE;
}
