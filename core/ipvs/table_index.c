// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the services and real servers of a configuration by the addresses that
 * the kernel shows. */
#include "ipvs/table_index.h"

#include "base/hash.h"
#include "ipvs/entry.h"

#include <assert.h>

struct table_index {
	const struct config *config;
	struct hash services, reals;
};

static uint64_t hash_service(const struct ipvs_service *service)
{
	uint64_t key = hash_bytes(
		HASH_SEED, &service->fwmark, sizeof(service->fwmark));

	return service->fwmark ? key : address_hash(key, &service->address);
}

static uint64_t hash_real(uint32_t virtual, const struct address *address)
{
	return address_hash(
		hash_bytes(HASH_SEED, &virtual, sizeof(virtual)), address);
}

struct table_index *table_index_create(
	struct arena *arena, const struct config *config)
{
	struct table_index *index = arena_alloc(arena, sizeof(*index));

	static_assert(CONFIG_NONE == HASH_NONE, "one value for no index");
	index->config = config;
	index->services = hash_create(arena, config->service_count);
	index->reals = hash_create(arena, config->real_count);
	for (uint32_t i = 0; i < config->service_count; i++) {
		struct ipvs_service service;

		entry_service(config, i, &service);
		hash_add(&index->services, hash_service(&service), i);
	}
	for (uint32_t i = 0; i < config->real_count; i++) {
		const struct config_real *real = &config->reals[i];

		hash_add(&index->reals,
			hash_real(real->virtual, &real->address), i);
	}
	return index;
}

struct wanted_service {
	const struct config *config;
	const struct ipvs_service *service;
};

static bool is_service(const void *arg, uint32_t index)
{
	const struct wanted_service *wanted = arg;
	struct ipvs_service service;

	entry_service(wanted->config, index, &service);
	return ipvs_same_service(&service, wanted->service);
}

uint32_t table_index_service(
	const struct table_index *index, const struct ipvs_service *service)
{
	const struct wanted_service wanted = {index->config, service};

	return hash_find(
		&index->services, hash_service(service), is_service, &wanted);
}

struct wanted_real {
	const struct config *config;
	uint32_t virtual;
	const struct address *address;
};

static bool is_real(const void *arg, uint32_t index)
{
	const struct wanted_real *wanted = arg;
	const struct config_real *real = &wanted->config->reals[index];

	return real->virtual == wanted->virtual &&
	       address_compare(&real->address, wanted->address) == 0;
}

uint32_t table_index_real(const struct table_index *index, uint32_t virtual,
	const struct address *address)
{
	const struct wanted_real wanted = {index->config, virtual, address};

	return hash_find(
		&index->reals, hash_real(virtual, address), is_real, &wanted);
}
