// SPDX-License-Identifier: GPL-2.0-or-later
/* The table, whichever it is: looks and batches. */
#include "ipvs/ipvs.h"

#include "base/log.h"
#include "ipvs/backend.h"

#define LOOKS_MAX 5 /* until one is not disturbed */

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

/* One look, which may be disturbed. 0, -1 or 1 as a dump. */
static int look_once(struct ipvs *ipvs, struct table *table)
{
	uint32_t count = table_service_count(table);
	int state;

	table_see_begin(table);
	state = ipvs->dump_services(ipvs, see_service, table);
	for (uint32_t i = 0; i < count && state == 0; i++) {
		struct ipvs_service service;

		if (table_seen(table, i, &service))
			state = ipvs->dump_reals(
				ipvs, &service, see_real, table);
	}
	return state;
}

int ipvs_look(struct ipvs *ipvs, struct table *table)
{
	for (int i = 0; i < LOOKS_MAX; i++) {
		int state = look_once(ipvs, table);

		if (state < 0)
			return -1;
		if (state == 0)
			return (int)table_see_end(table);
	}
	log_line(LOG_WARNING, "table: somebody else changes it all the time");
	return -1;
}

static void refuse(
	const struct ipvs_op *op, int error, ipvs_refused *refused, void *arg)
{
	char why[128];

	refused(arg, op, ipvs_error(op, error, why, sizeof(why)));
}

/* What goes out together. A real that follows services is held back for the
 * next batch: a service that is refused costs one message, not one a real. */
struct batch {
	struct ipvs_op ops[IPVS_BATCH_MAX];
	int errors[IPVS_BATCH_MAX];
	unsigned int count;
	struct ipvs_op held;
	bool holds;
};

/* Whether a batch has anything. */
static bool fill(struct batch *batch, struct table *table)
{
	batch->count = 0;
	if (batch->holds)
		batch->ops[batch->count++] = batch->held;
	batch->holds = false;
	while (batch->count < IPVS_BATCH_MAX) {
		struct ipvs_op *op = &batch->ops[batch->count];

		if (!table_next(table, op))
			break;
		if (batch->count && is_of_service(&batch->ops[0]) &&
			!is_of_service(op)) {
			batch->held = *op;
			batch->holds = true;
			break;
		}
		batch->count++;
	}
	return batch->count > 0;
}

static void drop_held(struct batch *batch, struct table *table)
{
	if (batch->holds)
		table_failed(table, &batch->held);
	batch->holds = false;
}

static void drop_all(struct batch *batch, struct table *table)
{
	for (unsigned int i = 0; i < batch->count; i++)
		table_failed(table, &batch->ops[i]);
	drop_held(batch, table);
}

/* Returns how many were done. */
static int judge(struct batch *batch, struct table *table,
	ipvs_refused *refused, void *arg)
{
	int done = 0;

	for (unsigned int i = 0; i < batch->count; i++) {
		const struct ipvs_op *op = &batch->ops[i];

		done += !batch->errors[i];
		if (!batch->errors[i])
			continue;
		table_failed(table, op);
		refuse(op, batch->errors[i], refused, arg);
		if (op->verb == IPVS_NEW_SERVICE &&
			ipvs_same_service(&op->service, &batch->held.service))
			drop_held(batch, table);
	}
	return done;
}

int ipvs_apply(struct ipvs *ipvs, struct table *table, ipvs_refused *refused,
	void *arg)
{
	struct batch batch = {.count = 0};
	int done = 0;

	while (fill(&batch, table)) {
		if (ipvs->apply(ipvs, batch.ops, batch.errors, batch.count) <
			0) {
			drop_all(&batch, table);
			return -1;
		}
		done += judge(&batch, table, refused, arg);
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
