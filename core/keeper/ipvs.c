// SPDX-License-Identifier: GPL-2.0-or-later
/* The table, whichever it is: looks and batches. */
#include "keeper/ipvs.h"

#include "keeper/ipvs_backend.h"

static bool is_of_service(const struct ipvs_op *op)
{
	return op->verb <= IPVS_DEL_SERVICE;
}

void ipvs_close(struct ipvs *ipvs)
{
	if (ipvs)
		ipvs->close(ipvs);
}

int ipvs_info(struct ipvs *ipvs, struct ipvs_info *info)
{
	return ipvs->info(ipvs, info);
}

static void see_service(void *arg, const struct ipvs_service *service)
{
	table_see_service(arg, service);
}

static void see_real(void *arg, const struct ipvs_service *service,
	const struct ipvs_real *real)
{
	table_see_real(arg, service, real);
}

int ipvs_look(struct ipvs *ipvs, struct table *table)
{
	uint32_t count = table_service_count(table);

	table_see_begin(table);
	if (ipvs->dump_services(ipvs, see_service, table) < 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		struct ipvs_service service;

		if (table_seen(table, i, &service) &&
			ipvs->dump_reals(ipvs, &service, see_real, table) < 0)
			return -1;
	}
	return (int)table_see_end(table);
}

static void refuse(
	const struct ipvs_op *op, int error, ipvs_refused *refused, void *arg)
{
	char why[128];

	refused(arg, op, ipvs_error(op, error, why, sizeof(why)));
}

/* What goes out together: reals never with the services they may need, so
 * that a service which is refused costs one message and not one a real. */
static unsigned int next_batch(struct table *table, struct ipvs_op *ops,
	struct ipvs_op *held, bool *holds)
{
	unsigned int count = 0;

	while (count < IPVS_BATCH_MAX) {
		if (*holds)
			ops[count] = *held;
		else if (!table_next(table, &ops[count]))
			break;
		*holds = false;
		if (count && is_of_service(&ops[0]) &&
			!is_of_service(&ops[count])) {
			*held = ops[count];
			*holds = true;
			break;
		}
		count++;
	}
	return count;
}

int ipvs_apply(struct ipvs *ipvs, struct table *table, ipvs_refused *refused,
	void *arg)
{
	struct ipvs_op ops[IPVS_BATCH_MAX];
	int errors[IPVS_BATCH_MAX];
	struct ipvs_op held;
	unsigned int count;
	bool holds = false;
	int done = 0;

	while ((count = next_batch(table, ops, &held, &holds)) > 0) {
		if (ipvs->apply(ipvs, ops, errors, count) < 0) {
			for (unsigned int i = 0; i < count; i++)
				table_failed(table, &ops[i]);
			return -1;
		}
		for (unsigned int i = 0; i < count; i++) {
			done += !errors[i];
			if (!errors[i])
				continue;
			table_failed(table, &ops[i]);
			refuse(&ops[i], errors[i], refused, arg);
		}
	}
	return done;
}

int ipvs_apply_op(struct ipvs *ipvs, const struct ipvs_op *op,
	ipvs_refused *refused, void *arg)
{
	int error;

	if (ipvs->apply(ipvs, op, &error, 1) < 0)
		return -1;
	if (!error)
		return 0;
	refuse(op, error, refused, arg);
	return -1;
}
