// SPDX-License-Identifier: GPL-2.0-or-later
/* When checks are probed. */
#include "engine/schedule.h"

#include "base/clock.h"
#include "base/log.h"
#include "engine/grid.h"

#include <string.h>

/* What is short is said so often at the most. */
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

static void set_due(
	struct schedule *schedule, struct check *check, uint64_t due_us)
{
	check->due_us = due_us;
	loop_timer_set(schedule->loop, &check->timer, due_us);
}

/* Counted once for each time that a probe does not begin when it is due. */
static void count_put_off(struct schedule *schedule)
{
	schedule->scoreboard->put_off++;
}

static void put_off(struct schedule *schedule, struct check *check, int error)
{
	uint64_t now = clock_us();

	count_put_off(schedule);
	loop_timer_set(schedule->loop, &check->timer, now + SCHEDULE_RETRY_US);
	if (schedule->complained_us &&
		now - schedule->complained_us < COMPLAIN_US)
		return;
	schedule->complained_us = now;
	log_line(LOG_WARNING,
		"probes are put off for want of something here: %s",
		strerror(error));
}

/* Late is what begins after the tick that it was due at. */
static void note_begin(
	struct schedule *schedule, const struct check *check, uint64_t now)
{
	uint64_t due = loop_tick_of(check->due_us) * LOOP_TICK_US;
	struct scoreboard *scoreboard = schedule->scoreboard;

	scoreboard->probes++;
	histogram_add(&scoreboard->late, now > due ? now - due : 0);
}

static bool begin(struct schedule *schedule, struct check *check)
{
	const struct config *config = schedule->config;
	uint32_t index = index_of(schedule, check);
	const struct instance *vector =
		&schedule->vectors[config->checks[index].vector];
	const struct probe_order order = {
		.check = index,
		.vector = vector,
		.settings = settings_of(schedule, index),
		.target = config_check_target(config, index, vector->port),
	};
	struct probe *probe = pool_take(schedule->pool);
	int error = probe_begin(probe, &order);

	if (!error) {
		note_begin(schedule, check, probe->began_us);
		return true;
	}
	pool_give(schedule->pool, probe);
	put_off(schedule, check, error);
	return false;
}

/* Where something is short for one it is for the next: they wait, and the
 * retry of that one will come back here. */
static void begin_waiting(struct schedule *schedule)
{
	while (schedule->waiting && !pool_is_empty(schedule->pool)) {
		struct check *check = schedule->waiting;

		schedule->waiting = check->next_waiting;
		if (!schedule->waiting)
			schedule->waiting_end = &schedule->waiting;
		if (!begin(schedule, check))
			return;
	}
}

static void check_expired(struct loop_timer *timer)
{
	struct check *check = LOOP_OWNER(timer, struct check, timer);
	struct schedule *schedule = check->schedule;

	if (pool_is_empty(schedule->pool))
		count_put_off(schedule);
	check->next_waiting = NULL;
	*schedule->waiting_end = check;
	schedule->waiting_end = &check->next_waiting;
	begin_waiting(schedule);
}

void schedule_done(void *arg, uint32_t check, const struct verdict *verdict)
{
	struct schedule *schedule = arg;

	if (verdict->local) {
		put_off(schedule, &schedule->checks[check], verdict->local);
	} else {
		teller_verdict(schedule->teller, check, verdict);
		set_due(schedule, &schedule->checks[check],
			grid_next(interval_of(schedule, check),
				phase_of(schedule, check), verdict->began_us,
				verdict->ended_us));
	}
	begin_waiting(schedule);
}

/* What has no verdict yet does not wait for its grid. */
static uint64_t first_due(struct schedule *schedule, uint32_t index,
	uint64_t now, uint32_t *unsettled)
{
	uint64_t interval = interval_of(schedule, index);
	uint64_t spread =
		interval < SCHEDULE_FIRST_US ? interval : SCHEDULE_FIRST_US;

	if (health_is_settled(&schedule->scoreboard->health[index]))
		return grid_after(interval, phase_of(schedule, index), now);
	return now +
	       grid_phase(spread, (*unsettled)++, schedule->teller->unsettled);
}

void schedule_start(struct schedule *schedule)
{
	uint64_t now = clock_us();
	uint32_t unsettled = 0;

	schedule->waiting = NULL;
	schedule->waiting_end = &schedule->waiting;
	for (uint32_t i = 0; i < schedule->config->check_count; i++) {
		struct check *check = &schedule->checks[i];

		check->schedule = schedule;
		check->timer.expired = check_expired;
		set_due(schedule, check,
			first_due(schedule, i, now, &unsettled));
	}
}
