// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper and the kernel's table. */
#include "keeper/audit.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>

/* Two looks are at least this far apart, so that a quarrel with another program
 * about the table does not take a whole processor. */
#define SOON_MS 100
/* Limits of the period that `audit auto` chooses. */
#define AUTO_MIN_MS 1000
#define AUTO_MAX_MS 30000
/* If nothing is audited, a refused operation is tried again after this time. */
#define AGAIN_MS 30000
/* If the kernel did not answer, it is asked again after this time. */
#define UNANSWERED_MS 1000

/* Whether an error says that the table is not as this process knows it. */
static bool is_surprise(const struct ipvs_op *op, int error)
{
	if (error == ESRCH || error == EEXIST)
		return true;
	return error == ENOENT && !ipvs_is_of_service(op);
}

static void on_refused(
	void *arg, const struct ipvs_op *op, int error, const char *why)
{
	struct keeper *keeper = arg;
	char text[IPVS_OP_TEXT_MAX];

	keeper->refused = true;
	log_line(LOG_ERR, "table: %s: %s", ipvs_op_format(op, text), why);
	if (is_surprise(op, error))
		audit_soon(keeper);
}

/* Sets the next look, unless it is to be sooner anyway. */
static void set_look(struct keeper *keeper, uint32_t ms)
{
	uint64_t us = (keeper->audited_ms + ms) * 1000;

	if (!wheel_is_set(&keeper->audit.wheel) ||
		keeper->audit.wheel.tick > loop_tick_of(us))
		loop_timer_set(keeper->loop, &keeper->audit, us);
}

void audit_soon(struct keeper *keeper)
{
	set_look(keeper, SOON_MS);
}

static void not_answered(struct keeper *keeper)
{
	log_line(LOG_ERR,
		"table: the kernel does not answer; it is asked again in %u ms",
		UNANSWERED_MS);
	keeper->audited_ms = clock_ms();
	set_look(keeper, UNANSWERED_MS);
}

void audit_apply(struct keeper *keeper)
{
	struct generation *current = keeper->current;

	if (!current->applied || !current->changed)
		return;
	current->changed = false;
	if (ipvs_apply(keeper->ipvs, current->table, on_refused, keeper) < 0)
		not_answered(keeper);
}

/* The microseconds of the last look, as milliseconds: so a look takes a
 * thousandth of the time. */
static uint32_t auto_period(const struct keeper *keeper)
{
	if (keeper->look_us < AUTO_MIN_MS)
		return AUTO_MIN_MS;
	return keeper->look_us < AUTO_MAX_MS ? (uint32_t)keeper->look_us
					     : AUTO_MAX_MS;
}

/* A refused operation is asked for again only after a look. */
void audit_begin(struct keeper *keeper)
{
	uint32_t ms = keeper->current->config->audit_ms;

	if (ms == CONFIG_AUDIT_AUTO)
		ms = auto_period(keeper);
	else if (!ms && (keeper->refused || keeper->retired))
		ms = AGAIN_MS;
	if (ms)
		set_look(keeper, ms);
}

/* Tries the deletes again that were left undone. */
static void retire_again(struct keeper *keeper)
{
	struct generation **link = &keeper->retired;

	while (*link) {
		struct generation *old = *link;

		if (audit_leave(keeper, old, keeper->current) < 0) {
			link = &old->next;
			continue;
		}
		*link = old->next;
		generation_destroy(old);
	}
}

void audit_expired(struct loop_timer *timer)
{
	struct keeper *keeper = LOOP_OWNER(timer, struct keeper, audit);
	uint64_t began = clock_us();
	int strange = ipvs_look(keeper->ipvs, keeper->current->table);

	keeper->look_us = clock_us() - began;
	keeper->audited_ms = clock_ms();
	if (strange < 0) {
		not_answered(keeper);
		return;
	}
	if (strange > 0)
		log_line(LOG_WARNING,
			"table: somebody else changed %d entr%s: put right",
			strange, strange == 1 ? "y" : "ies");
	keeper->refused = false;
	keeper->current->changed = true;
	retire_again(keeper);
	audit_begin(keeper);
	audit_apply(keeper);
}

/* The deletes of a generation that leaves. */
struct leaving {
	struct keeper *keeper;
	bool answered; /* the kernel answered the last operation */
	bool undone;
};

/* A delete of an entry that is gone has done its work. */
static void on_delete_refused(
	void *arg, const struct ipvs_op *op, int error, const char *why)
{
	struct leaving *leaving = arg;
	char text[IPVS_OP_TEXT_MAX];

	leaving->answered = true;
	if (error == ESRCH || error == ENOENT)
		return;
	leaving->undone = true;
	log_line(LOG_ERR, "table: %s: %s", ipvs_op_format(op, text), why);
}

static void delete_entry(struct leaving *leaving, const struct ipvs_op *op)
{
	leaving->answered = false;
	if (ipvs_apply_op(leaving->keeper->ipvs, op, on_delete_refused,
		    leaving) < 0 &&
		!leaving->answered)
		leaving->undone = true;
}

int audit_leave(struct keeper *keeper, const struct generation *old,
	const struct generation *new)
{
	const struct table *table = new ? new->table : NULL;
	struct leaving leaving = {.keeper = keeper};
	struct ipvs_op op;
	uint32_t cursor = 0;

	while (table_leave(old->table, table, &cursor, &op))
		delete_entry(&leaving, &op);
	cursor = 0;
	while (table && table_leave_real(old->table, table, &cursor, &op))
		delete_entry(&leaving, &op);
	return leaving.undone ? -1 : 0;
}

void audit_retire(struct keeper *keeper, struct generation *old)
{
	old->next = keeper->retired;
	keeper->retired = old;
	audit_soon(keeper);
}
