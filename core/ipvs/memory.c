// SPDX-License-Identifier: GPL-2.0-or-later
/* A table in memory for a dry run. It accepts and refuses what the kernel
 * would, and no other program changes it. */
#include "config/config.h"
#include "ipvs/backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct memory_real {
	struct memory_real *next;
	struct ipvs_real real;
};

struct memory_service {
	struct memory_service *next;
	struct ipvs_service service;
	struct memory_real *reals;
};

struct memory {
	struct ipvs ipvs;
	struct memory_service *services;
};

static struct memory_service **find_service(
	struct memory *memory, const struct ipvs_service *service)
{
	struct memory_service **link = &memory->services;

	while (*link && !ipvs_same_service(&(*link)->service, service))
		link = &(*link)->next;
	return link;
}

static struct memory_real **find_real(
	struct memory_service *service, const struct address *address)
{
	struct memory_real **link = &service->reals;

	while (*link && address_compare(&(*link)->real.address, address) != 0)
		link = &(*link)->next;
	return link;
}

static void drop_reals(struct memory_service *service)
{
	while (service->reals) {
		struct memory_real *gone = service->reals;

		service->reals = gone->next;
		free(gone);
	}
}

static int change_service(struct memory *memory, const struct ipvs_op *op)
{
	struct memory_service **link = find_service(memory, &op->service);
	struct memory_service *found = *link;

	if (op->verb == IPVS_NEW_SERVICE) {
		if (found)
			return EEXIST;
		*link = found = calloc(1, sizeof(*found));
		if (!found)
			return ENOMEM;
	}
	if (!found)
		return ESRCH;
	if (op->verb == IPVS_DEL_SERVICE) {
		*link = found->next;
		drop_reals(found);
		free(found);
		return 0;
	}
	found->service = op->service;
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

static int change_real(struct memory *memory, const struct ipvs_op *op)
{
	struct memory_service *service = *find_service(memory, &op->service);
	struct memory_real **link, *found;
	int error;

	if (!service)
		return ESRCH;
	error = check_real(op);
	if (error)
		return error;
	link = find_real(service, &op->real.address);
	found = *link;
	if (op->verb == IPVS_NEW_REAL) {
		if (found)
			return EEXIST;
		*link = found = calloc(1, sizeof(*found));
		if (!found)
			return ENOMEM;
	}
	if (!found)
		return ENOENT;
	if (op->verb == IPVS_DEL_REAL) {
		*link = found->next;
		free(found);
		return 0;
	}
	found->real = op->real;
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

	while (memory->services) {
		struct memory_service *gone = memory->services;

		memory->services = gone->next;
		drop_reals(gone);
		free(gone);
	}
	free(memory);
}

struct ipvs *ipvs_open_memory(void)
{
	struct memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return NULL;
	memory->ipvs = (struct ipvs){
		.info = memory_info,
		.dump_services = memory_dump_services,
		.dump_reals = memory_dump_reals,
		.apply = memory_apply,
		.close = memory_close,
	};
	return &memory->ipvs;
}
