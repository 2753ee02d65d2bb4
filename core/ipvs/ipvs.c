// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks at the table and batches of operations, whichever table it is. */
#include "ipvs/ipvs.h"

#include "base/log.h"
#include "base/text.h"
#include "ipvs/backend.h"

#include <assert.h>

/* Looks in a row, if other programs change the table during each. */
#define LOOKS_MAX 5

void ipvs_close(struct ipvs *ipvs)
{
	if (ipvs)
		ipvs->close(ipvs);
}

int ipvs_info(struct ipvs *ipvs, struct ipvs_info *info)
{
	return ipvs->info(ipvs, info);
}

char *ipvs_op_format(const struct ipvs_op *op, char *buf)
{
	const struct config_service named = {
		.address = op->service.address,
		.fwmark = op->service.fwmark,
		.family = op->service.family,
		.protocol = op->service.protocol,
	};
	char service[CONFIG_SERVICE_TEXT_MAX], real[ADDRESS_TEXT_MAX];
	struct text text;

	text_init(&text, buf, IPVS_OP_TEXT_MAX);
	text_add(&text, "%s ", ipvs_verb_name(op->verb));
	if (!ipvs_is_of_service(op))
		text_add(&text, "%s of ",
			address_format(&op->real.address, real));
	text_add(&text, "%s", config_service_format(&named, service));
	if (op->verb == IPVS_NEW_REAL || op->verb == IPVS_SET_REAL)
		text_add(&text, ", weight %u", (unsigned int)op->real.weight);
	return buf;
}

int ipvs_each_service(struct ipvs *ipvs, ipvs_service_call *call, void *arg)
{
	return ipvs->dump_services(ipvs, call, arg) < 0 ? -1 : 0;
}

struct look {
	struct table *table;
	uint32_t services, reals; /* in the dumps */
};

static void see_service(void *arg, const struct ipvs_service *service)
{
	struct look *look = arg;

	look->services++;
	table_see_service(look->table, service);
}

static void see_real(void *arg, const struct ipvs_service *service,
	const struct ipvs_real *real)
{
	struct look *look = arg;

	look->reals++;
	table_see_real(look->table, service, real);
}

/* Looks once. Returns what a dump returns: 0, -1, or 1 if the table changed
 * meanwhile. */
static int look_once(struct ipvs *ipvs, struct look *look)
{
	uint32_t count = table_service_count(look->table);
	int state;

	table_see_begin(look->table);
	state = ipvs->dump_services(ipvs, see_service, look);
	for (uint32_t i = 0; i < count && state == 0; i++) {
		struct ipvs_service service;

		if (table_seen(look->table, i, &service))
			state = ipvs->dump_reals(
				ipvs, &service, see_real, look);
	}
	return state;
}

int ipvs_look(struct ipvs *ipvs, struct table *table)
{
	for (int i = 0; i < LOOKS_MAX; i++) {
		struct look look = {.table = table};
		int state = look_once(ipvs, &look);
		uint32_t drift;

		if (state < 0)
			return -1;
		if (state > 0) {
			log_debug(LOG_TOPIC_TABLE,
				"table: look: the table changed meanwhile");
			continue;
		}
		drift = table_see_end(table);
		log_debug(LOG_TOPIC_TABLE,
			"table: look: %u services, %u reals in the configured "
			"ones, %u entries differ",
			look.services, look.reals, drift);
		return (int)drift;
	}
	log_line(LOG_WARNING,
		"table: other programs changed it during each of %d looks",
		LOOKS_MAX);
	return -1;
}

static void tell_result(const struct ipvs_op *op, const char *result)
{
	char text[IPVS_OP_TEXT_MAX];

	if (log_wants_topic(LOG_TOPIC_TABLE))
		log_debug(LOG_TOPIC_TABLE, "table: %s: %s",
			ipvs_op_format(op, text), result);
}

static void tell_refused(
	const struct ipvs_op *op, int error, ipvs_refused *refused, void *arg)
{
	char buf[128];
	const char *why = ipvs_error(op, error, buf, sizeof(buf));

	tell_result(op, why);
	refused(arg, op, error, why);
}

/* Operations that go out together. The first real after services is held back
 * for the next batch. So a refused service costs one message instead of one
 * for each of its reals. */
struct batch {
	struct ipvs_op ops[IPVS_BATCH_MAX];
	int errors[IPVS_BATCH_MAX];
	unsigned int count;
	struct ipvs_op held;
	bool holds;
};

/* Returns whether the batch has any operation. */
static bool batch_fill(struct batch *batch, struct table *table)
{
	batch->count = 0;
	if (batch->holds)
		batch->ops[batch->count++] = batch->held;
	batch->holds = false;
	while (batch->count < IPVS_BATCH_MAX) {
		struct ipvs_op *op = &batch->ops[batch->count];

		if (!table_next(table, op))
			break;
		if (batch->count && ipvs_is_of_service(&batch->ops[0]) &&
			!ipvs_is_of_service(op)) {
			batch->held = *op;
			batch->holds = true;
			break;
		}
		batch->count++;
	}
	assert(batch->count <= IPVS_BATCH_MAX);
	assert(batch->count > 0 || !batch->holds);
	return batch->count > 0;
}

static void batch_drop_held(struct batch *batch, struct table *table)
{
	if (batch->holds)
		table_failed(table, &batch->held);
	batch->holds = false;
}

static void batch_drop(struct batch *batch, struct table *table)
{
	for (unsigned int i = 0; i < batch->count; i++) {
		tell_result(&batch->ops[i], "no answer");
		table_failed(table, &batch->ops[i]);
	}
	batch_drop_held(batch, table);
}

/* Returns how many operations were done. */
static int batch_settle(struct batch *batch, struct table *table,
	ipvs_refused *refused, void *arg)
{
	int done = 0;

	for (unsigned int i = 0; i < batch->count; i++) {
		const struct ipvs_op *op = &batch->ops[i];

		if (!batch->errors[i]) {
			done++;
			tell_result(op, "done");
			continue;
		}
		table_failed(table, op);
		tell_refused(op, batch->errors[i], refused, arg);
		if (op->verb == IPVS_NEW_SERVICE &&
			ipvs_same_service(&op->service, &batch->held.service))
			batch_drop_held(batch, table);
	}
	return done;
}

int ipvs_apply(struct ipvs *ipvs, struct table *table, ipvs_refused *refused,
	void *arg)
{
	struct batch batch = {.count = 0};
	int done = 0;

	while (batch_fill(&batch, table)) {
		if (ipvs->apply(ipvs, batch.ops, batch.errors, batch.count) <
			0) {
			batch_drop(&batch, table);
			return -1;
		}
		done += batch_settle(&batch, table, refused, arg);
	}
	return done;
}

int ipvs_apply_op(struct ipvs *ipvs, const struct ipvs_op *op,
	ipvs_refused *refused, void *arg)
{
	int error;

	if (ipvs->apply(ipvs, op, &error, 1) < 0) {
		tell_result(op, "no answer");
		return -1;
	}
	if (error) {
		tell_refused(op, error, refused, arg);
		return -1;
	}
	tell_result(op, "done");
	return 0;
}
