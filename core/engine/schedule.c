// SPDX-License-Identifier: GPL-2.0-or-later
/* The schedule. */
#include "engine/schedule.h"

#include "base/clock.h"
#include "base/log.h"
#include "engine/grid.h"
#include "engine/linger.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* A shortage is logged at most this often. */
#define COMPLAIN_US 60000000

static uint32_t index_of(
	const struct schedule *schedule, const struct check *check)
{
	return (uint32_t)(check - schedule->checks);
}

static const struct config_settings *settings_of(
	const struct schedule *schedule, uint32_t index)
{
	return &schedule->config
			->settings[schedule->config->checks[index].settings];
}

static uint64_t interval_of(const struct schedule *schedule, uint32_t index)
{
	return (uint64_t)settings_of(schedule, index)->interval_ms * 1000;
}

static uint64_t phase_of(const struct schedule *schedule, uint32_t index)
{
	return grid_phase(interval_of(schedule, index), index,
		schedule->config->check_count);
}

static struct score *score_of(
	const struct schedule *schedule, const struct check *check)
{
	return &schedule->scoreboard->scores[index_of(schedule, check)];
}

static void set_due(
	struct schedule *schedule, struct check *check, uint64_t due_us)
{
	score_of(schedule, check)->due_us = due_us;
	loop_timer_set(schedule->loop, &check->timer, due_us);
}

/* Counts each time that a probe does not begin when it is due. */
static void count_put_off(struct schedule *schedule)
{
	schedule->scoreboard->counters.put_off++;
}

static bool may_complain(struct schedule *schedule, uint64_t now)
{
	if (schedule->complained_us &&
		now - schedule->complained_us < COMPLAIN_US)
		return false;
	schedule->complained_us = now;
	return true;
}

/* A shortage of the whole machine: the check is tried again soon. Probes that
 * linger give back what they hold. */
static void put_off(struct schedule *schedule, struct check *check, int error)
{
	uint64_t now = clock_us();

	count_put_off(schedule);
	pool_part(schedule->pool);
	loop_timer_set(schedule->loop, &check->timer, now + SCHEDULE_RETRY_US);
	if (may_complain(schedule, now))
		log_line(LOG_WARNING,
			"probes are put off for want of something here: %s",
			strerror(error));
}

/* The reason of a verdict if this machine has no local address, no local port
 * or no permission for one target; NULL for a shortage that any target would
 * meet. */
static const char *why_of_target(int error)
{
	switch (error) {
	case EADDRNOTAVAIL:
		return "no such address on this machine";
	case EADDRINUSE:
		return "no free port on this machine";
	case EPERM:
		return "forbidden on this machine";
	default:
		return NULL;
	}
}

static void set_next_due(struct schedule *schedule, uint32_t index,
	uint64_t began_us, uint64_t ended_us)
{
	set_due(schedule, &schedule->checks[index],
		grid_next(interval_of(schedule, index),
			phase_of(schedule, index), began_us, ended_us));
}

/* Trouble with one target is evidence against that target if other probes work
 * meanwhile. If none does, this machine is to take_evidence, and nothing is
 * decided. */
static void take_evidence(
	struct schedule *schedule, uint32_t index, int error, const char *why)
{
	uint64_t now = clock_us();
	const struct verdict verdict = {
		.why = why,
		.weight = 100,
		.began_us = now,
		.ended_us = now,
	};
	const struct config *config = schedule->config;
	const struct config_real *real =
		&config->reals[config->checks[index].real];
	char address[ADDRESS_TEXT_MAX];

	set_next_due(schedule, index, now, now);
	if (schedule->worked_us &&
		now - schedule->worked_us <= 2 * interval_of(schedule, index)) {
		schedule->verdict(schedule->verdict_arg, index, &verdict);
		return;
	}
	count_put_off(schedule);
	if (may_complain(schedule, now))
		log_line(LOG_WARNING,
			"the probe of real %s of %s is put off, and no other "
			"probe works: %s",
			address_format(&real->address, address),
			config->virtuals[real->virtual].name, strerror(error));
}

/* Returns whether other checks may begin now. */
static bool take_trouble(struct schedule *schedule, uint32_t index, int error)
{
	const char *why = why_of_target(error);

	if (why)
		take_evidence(schedule, index, error, why);
	else
		put_off(schedule, &schedule->checks[index], error);
	return why != NULL;
}

static const struct security_check *security_of(
	const struct schedule *schedule, uint32_t index)
{
	const struct security_check *checks = schedule->security->checks;

	return checks && checks[index].peer ? &checks[index] : NULL;
}

static bool tls_is_full(const struct schedule *schedule)
{
	return schedule->security->running == schedule->security->probes;
}

/* Whether checks wait for a probe of the pool. */
static bool pool_is_short(const struct schedule *schedule)
{
	return !queue_is_empty(&schedule->waiting) ||
	       !queue_is_empty(&schedule->waiting_down) ||
	       pool_is_empty(schedule->pool);
}

/* Probes that are late by more than an interval are missing. */
static void complain_late(
	struct schedule *schedule, uint64_t now, uint64_t late)
{
	bool tls = !queue_is_empty(&schedule->waiting_tls);

	if (schedule->late_us && now - schedule->late_us < COMPLAIN_US)
		return;
	schedule->late_us = now;
	if (!tls && !pool_is_short(schedule))
		log_line(LOG_WARNING,
			"a probe begins %llu ms late, more than its interval",
			(unsigned long long)(late / 1000));
	else
		log_line(LOG_WARNING,
			"a probe begins %llu ms late, more than its interval: "
			"all %u probes%s are in use, see the setting '%s'",
			(unsigned long long)(late / 1000),
			(unsigned int)(tls ? schedule->security->probes
					   : pool_count(schedule->pool)),
			tls ? " with TLS" : "", tls ? "tls-probes" : "probes");
}

/* A probe is late if it begins after the tick that it was due at. */
static void note_begin(
	struct schedule *schedule, const struct check *check, uint64_t now)
{
	uint64_t due_us = score_of(schedule, check)->due_us;
	uint64_t due = loop_tick_of(due_us) * LOOP_TICK_US;
	struct scoreboard_counters *counters = &schedule->scoreboard->counters;
	uint64_t late = now > due ? now - due : 0;

	counters->probes++;
	histogram_add(&counters->late, late);
	if (late > interval_of(schedule, index_of(schedule, check)))
		complain_late(schedule, now, late);
}

/* Returns false if something is short that the next check would need, too. */
static bool begin(struct schedule *schedule, struct check *check)
{
	const struct config *config = schedule->config;
	uint32_t index = index_of(schedule, check);
	const struct instance *instance =
		&schedule->instances[config->checks[index].vector];
	const struct probe_order order = {
		.check = index,
		.vector = instance,
		.settings = settings_of(schedule, index),
		.target = config_check_target(config, index, instance->port),
		.security = security_of(schedule, index),
	};
	struct probe *probe = pool_take(schedule->pool);
	int error = probe_begin(probe, &order);

	if (!error) {
		schedule->security->running += order.security != NULL;
		note_begin(schedule, check, probe->began_us);
		return true;
	}
	pool_give(schedule->pool, probe);
	return take_trouble(schedule, index, error);
}

/* Takes the check whose turn it is. Returns NULL if none waits. */
static struct check *take_waiting(struct schedule *schedule)
{
	struct queue *up = &schedule->waiting;
	struct queue *down = &schedule->waiting_down;
	uint32_t index;
	bool turn_of_down =
		!queue_is_empty(down) &&
		(queue_is_empty(up) ||
			++schedule->picks % SCHEDULE_DOWN_SHARE == 0);

	if (!tls_is_full(schedule) && queue_pop(&schedule->waiting_tls, &index))
		return &schedule->checks[index];
	return queue_pop(turn_of_down ? down : up, &index)
		       ? &schedule->checks[index]
		       : NULL;
}

/* Returns whether a check needs TLS and has to wait for it. */
static bool waits_for_tls(struct schedule *schedule, const struct check *check)
{
	uint32_t index = index_of(schedule, check);

	if (!security_of(schedule, index) || !tls_is_full(schedule))
		return false;
	count_put_off(schedule);
	queue_push(&schedule->waiting_tls, index);
	return true;
}

/* A shortage for one check is a shortage for the next: the others wait, and the
 * retry of that check comes back here. */
static void begin_waiting(struct schedule *schedule)
{
	while (!pool_is_empty(schedule->pool)) {
		struct check *check = take_waiting(schedule);

		if (!check)
			return;
		if (waits_for_tls(schedule, check))
			continue;
		if (!begin(schedule, check))
			return;
	}
}

static void check_expired(struct loop_timer *timer)
{
	struct check *check = LOOP_OWNER(timer, struct check, timer);
	struct schedule *schedule = check->schedule;
	bool down = score_of(schedule, check)->health.state == HEALTH_DOWN;

	if (pool_is_empty(schedule->pool))
		count_put_off(schedule);
	queue_push(down ? &schedule->waiting_down : &schedule->waiting,
		index_of(schedule, check));
	begin_waiting(schedule);
}

void schedule_done(void *arg, uint32_t check, const struct verdict *verdict)
{
	struct schedule *schedule = arg;

	if (security_of(schedule, check)) {
		assert(schedule->security->running > 0);
		schedule->security->running--;
	}
	if (verdict->local) {
		take_trouble(schedule, check, verdict->local);
	} else {
		schedule->worked_us = verdict->ended_us;
		schedule->verdict(schedule->verdict_arg, check, verdict);
		set_next_due(
			schedule, check, verdict->began_us, verdict->ended_us);
		if (verdict->lingers)
			linger_until(verdict->lingers,
				schedule->scoreboard->scores[check].due_us);
	}
	begin_waiting(schedule);
}

static bool is_settled(const struct schedule *schedule, uint32_t index)
{
	return health_is_settled(&schedule->scoreboard->scores[index].health);
}

/* The due time on the scoreboard is an earlier engine's: it is kept only if it
 * lies within the interval that begins now. */
static uint64_t next_due(
	const struct schedule *schedule, uint32_t index, uint64_t now)
{
	uint64_t interval = interval_of(schedule, index);
	uint64_t due = schedule->scoreboard->scores[index].due_us;

	if (due > now && due - now <= interval)
		return due;
	return grid_after(interval, phase_of(schedule, index), now);
}

/* A check without a verdict does not wait for its grid. */
static uint64_t first_due(const struct schedule *schedule, uint32_t index,
	uint64_t now, uint32_t nth, uint32_t unsettled)
{
	uint64_t interval = interval_of(schedule, index);
	uint64_t spread =
		interval < SCHEDULE_FIRST_US ? interval : SCHEDULE_FIRST_US;

	return now + grid_phase(spread, nth, unsettled);
}

static uint32_t count_unsettled(const struct schedule *schedule)
{
	uint32_t unsettled = 0;

	for (uint32_t i = 0; i < schedule->config->check_count; i++)
		unsettled += !is_settled(schedule, i);
	return unsettled;
}

void schedule_start(struct schedule *schedule)
{
	uint64_t now = clock_us();
	uint32_t unsettled = count_unsettled(schedule);
	uint32_t nth = 0;

	for (uint32_t i = 0; i < schedule->config->check_count; i++) {
		struct check *check = &schedule->checks[i];

		check->schedule = schedule;
		check->timer.expired = check_expired;
		if (schedule->scoreboard->scores[i].due_us == SCORE_LEFT_OUT)
			continue;
		set_due(schedule, check,
			is_settled(schedule, i) ? next_due(schedule, i, now)
						: first_due(schedule, i, now,
							  nth++, unsettled));
	}
}
