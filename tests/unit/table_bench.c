// SPDX-License-Identifier: GPL-2.0-or-later
/* Helpers shared by the tests of the table. */
#include "table_bench.h"

#include "ipvs/backend.h"
#include "ipvs/entry.h"
#include "policy/policy.h"

#include <string.h>

struct config_virtual virtuals[VIRTUALS];
struct config_service services[VIRTUALS + 1];
struct config_real reals[VIRTUALS * REALS];
struct config config = {
	.virtuals = virtuals,
	.services = services,
	.reals = reals,
	.virtual_count = VIRTUALS,
	.service_count = VIRTUALS + 1,
	.real_count = VIRTUALS * REALS,
	.slot_count = (VIRTUALS + 1) * REALS,
};

struct arena *arena;
struct table *table;
struct ipvs *kernel;
struct ipvs_op ops[1000];
unsigned int op_count;
struct address address(const char *text, uint16_t port)
{
	struct address parsed;

	assert_int_equal(address_parse(&parsed, text), 0);
	parsed.port = port;
	return parsed;
}

static void describe(void)
{
	for (uint32_t v = 0; v < VIRTUALS; v++)
		virtuals[v] = (struct config_virtual){
			.name = "web",
			.scheduler = "wlc",
			.netmask4 = 32,
			.netmask6 = 128,
			.service = v ? v + 1 : 0,
			.service_count = v ? 1 : 2,
			.real = v * REALS,
			.real_count = REALS,
			.fallback = CONFIG_NONE,
		};
	for (uint32_t s = 0; s <= VIRTUALS; s++)
		services[s] = (struct config_service){
			.address = address("192.0.2.1", (uint16_t)(80 + s)),
			.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.virtual = s ? s - 1 : 0,
			.slot = s * REALS,
		};
	for (uint32_t r = 0; r < VIRTUALS * REALS; r++)
		reals[r] = (struct config_real){
			.address = address("10.0.0.1", (uint16_t)(8000 + r)),
			.virtual = r / REALS,
			.weight = 10 + r,
		};
}

int set_up(void **state)
{
	(void)state;
	describe();
	arena = arena_create();
	table = table_create(arena, &config);
	kernel = ipvs_open_memory();
	return kernel ? 0 : -1;
}

int tear_down(void **state)
{
	(void)state;
	ipvs_close(kernel);
	arena_destroy(arena);
	return 0;
}

void look(uint32_t drift)
{
	assert_int_equal(ipvs_look(kernel, table), drift);
}

void apply(void)
{
	int error;

	op_count = 0;
	while (table_next(table, &ops[op_count])) {
		assert_int_equal(
			kernel->apply(kernel, &ops[op_count], &error, 1), 0);
		assert_int_equal(error, 0);
		op_count++;
	}
}

int meddle_with(const struct ipvs_op *op)
{
	int error;

	assert_int_equal(kernel->apply(kernel, op, &error, 1), 0);
	return error;
}

int meddle(
	enum ipvs_verb verb, uint32_t service, uint32_t real, uint32_t weight)
{
	struct ipvs_op op = {.verb = verb};

	entry_service(&config, service, &op.service);
	entry_real(&config, real, weight, &op.real);
	return meddle_with(&op);
}

struct find {
	const struct address *address;
	int32_t weight;
	unsigned int count;
};

static void find_real(void *arg, const struct ipvs_service *service,
	const struct ipvs_real *real)
{
	struct find *find = arg;

	(void)service;
	find->count++;
	if (address_compare(find->address, &real->address) == 0)
		find->weight = (int32_t)real->weight;
}

int32_t kernel_weight(uint32_t service, uint32_t real)
{
	struct find find = {&reals[real].address, POLICY_ABSENT, 0};
	struct ipvs_service key;

	entry_service(&config, service, &key);
	kernel->dump_reals(kernel, &key, find_real, &find);
	return find.weight;
}

void want_all(void)
{
	for (uint32_t r = 0; r < config.real_count; r++)
		table_want(table, r, (int32_t)reals[r].weight);
}

void assert_kernel_is_wanted(void)
{
	for (uint32_t s = 0; s < config.service_count; s++)
		for (uint32_t i = 0; i < REALS; i++) {
			uint32_t r = services[s].virtual * REALS + i;

			if (table_decided(table, r))
				assert_int_equal(kernel_weight(s, r),
					table_wanted(table, r));
		}
}
