// SPDX-License-Identifier: GPL-2.0-or-later
/* A table in memory for a dry run. It accepts and refuses what the kernel
 * would, and no other program changes it. */
#include "base/hash.h"
#include "config/config.h"
#include "ipvs/backend.h"
#include "ipvs/ipvs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Cells of the hash tables; each is the head of a chain. */
#define CELLS (1U << 16)

/* `next` and `link` keep the order in which entries were made; `chain` leads to
 * the next entry of the same cell. */
struct memory_real {
	struct memory_real *next, **link, *chain;
	struct memory_service *owner;
	struct ipvs_real real;
};

struct memory_service {
	struct memory_service *next, **link, *chain;
	struct memory_real *reals, **reals_end;
	struct ipvs_service service;
};

struct memory {
	struct ipvs ipvs;
	struct memory_service *services, **services_end;
	struct memory_service *service_cells[CELLS];
	struct memory_real *real_cells[CELLS];
};

static struct memory_service **service_cell(
	struct memory *memory, const struct ipvs_service *service)
{
	uint64_t key = hash_bytes(
		HASH_SEED, &service->fwmark, sizeof(service->fwmark));

	if (!service->fwmark)
		key = address_hash(key, &service->address);
	return &memory->service_cells[key % CELLS];
}

static struct memory_real **real_cell(struct memory *memory,
	const struct memory_service *owner, const struct address *address)
{
	const uintptr_t number = (uintptr_t)owner;
	uint64_t key = hash_bytes(HASH_SEED, &number, sizeof(number));

	return &memory->real_cells[address_hash(key, address) % CELLS];
}

/* Returns the link of the chain that points to the entry, or the link at the
 * end of the chain. */
static struct memory_service **find_service(
	struct memory *memory, const struct ipvs_service *service)
{
	struct memory_service **at = service_cell(memory, service);

	while (*at && !ipvs_same_service(&(*at)->service, service))
		at = &(*at)->chain;
	return at;
}

static struct memory_real **find_real(struct memory *memory,
	const struct memory_service *owner, const struct address *address)
{
	struct memory_real **at = real_cell(memory, owner, address);

	while (*at && ((*at)->owner != owner ||
			      address_compare(&(*at)->real.address, address)))
		at = &(*at)->chain;
	return at;
}

static void drop_real(struct memory_real **chain)
{
	struct memory_real *gone = *chain;

	assert(gone);
	*chain = gone->chain;
	*gone->link = gone->next;
	if (gone->next)
		gone->next->link = gone->link;
	else
		gone->owner->reals_end = gone->link;
	free(gone);
}

static void drop_service(struct memory *memory, struct memory_service **chain)
{
	struct memory_service *gone = *chain;

	assert(gone);
	while (gone->reals)
		drop_real(find_real(memory, gone, &gone->reals->real.address));
	*chain = gone->chain;
	*gone->link = gone->next;
	if (gone->next)
		gone->next->link = gone->link;
	else
		memory->services_end = gone->link;
	free(gone);
}

static int insert_service(struct memory *memory, struct memory_service **chain)
{
	struct memory_service *new = calloc(1, sizeof(*new));

	if (!new)
		return ENOMEM;
	new->reals_end = &new->reals;
	new->link = memory->services_end;
	*memory->services_end = new;
	memory->services_end = &new->next;
	*chain = new;
	return 0;
}

static int change_service(struct memory *memory, const struct ipvs_op *op)
{
	struct memory_service **found = find_service(memory, &op->service);

	if (op->verb == IPVS_NEW_SERVICE) {
		if (*found)
			return EEXIST;
		if (insert_service(memory, found) != 0)
			return ENOMEM;
	}
	if (!*found)
		return ESRCH;
	if (op->verb == IPVS_DEL_SERVICE)
		drop_service(memory, found);
	else
		(*found)->service = op->service;
	return 0;
}

/* Checks as ip_vs_genl_set_cmd() and ip_vs_add_dest() do. Returns an errno or
 * 0. */
static int check_real(const struct ipvs_op *op)
{
	const struct ipvs_real *real = &op->real;

	if (op->verb == IPVS_DEL_REAL)
		return 0;
	if (real->address.family != op->service.family &&
		real->forward != CONFIG_TUNNEL)
		return EINVAL;
	return real->lower > real->upper ? ERANGE : 0;
}

static int insert_real(struct memory_service *owner, struct memory_real **chain)
{
	struct memory_real *new = calloc(1, sizeof(*new));

	if (!new)
		return ENOMEM;
	new->owner = owner;
	new->link = owner->reals_end;
	*owner->reals_end = new;
	owner->reals_end = &new->next;
	*chain = new;
	return 0;
}

static int change_real(struct memory *memory, const struct ipvs_op *op)
{
	struct memory_service *service = *find_service(memory, &op->service);
	struct memory_real **found;
	int error;

	if (!service)
		return ESRCH;
	error = check_real(op);
	if (error)
		return error;
	found = find_real(memory, service, &op->real.address);
	if (op->verb == IPVS_NEW_REAL) {
		if (*found)
			return EEXIST;
		if (insert_real(service, found) != 0)
			return ENOMEM;
	}
	if (!*found)
		return ENOENT;
	if (op->verb == IPVS_DEL_REAL)
		drop_real(found);
	else
		(*found)->real = op->real;
	return 0;
}

static int memory_apply(struct ipvs *ipvs, const struct ipvs_op *ops,
	int *errors, unsigned int count)
{
	struct memory *memory = (struct memory *)ipvs;

	for (unsigned int i = 0; i < count; i++)
		errors[i] = ipvs_is_of_service(&ops[i])
				    ? change_service(memory, &ops[i])
				    : change_real(memory, &ops[i]);
	return 0;
}

static int memory_dump_services(
	struct ipvs *ipvs, ipvs_service_call *call, void *arg)
{
	struct memory *memory = (struct memory *)ipvs;

	for (struct memory_service *at = memory->services; at; at = at->next)
		call(arg, &at->service);
	return 0;
}

static int memory_dump_reals(struct ipvs *ipvs,
	const struct ipvs_service *service, ipvs_real_call *call, void *arg)
{
	struct memory *memory = (struct memory *)ipvs;
	struct memory_service *found = *find_service(memory, service);

	if (!found)
		return 0;
	for (struct memory_real *at = found->reals; at; at = at->next)
		call(arg, &found->service, &at->real);
	return 0;
}

static int memory_info(struct ipvs *ipvs, struct ipvs_info *info)
{
	(void)ipvs;
	*info = (struct ipvs_info){.version = 0x010201, .conn_size = 4096};
	return 0;
}

static void memory_close(struct ipvs *ipvs)
{
	struct memory *memory = (struct memory *)ipvs;

	while (memory->services)
		drop_service(memory,
			find_service(memory, &memory->services->service));
	free(memory);
}

struct ipvs *ipvs_open_memory(void)
{
	struct memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return NULL;
	memory->services_end = &memory->services;
	memory->ipvs = (struct ipvs){
		.info = memory_info,
		.dump_services = memory_dump_services,
		.dump_reals = memory_dump_reals,
		.apply = memory_apply,
		.close = memory_close,
	};
	return &memory->ipvs;
}
