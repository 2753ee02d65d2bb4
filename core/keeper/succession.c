// SPDX-License-Identifier: GPL-2.0-or-later
/* The succession of generations and of their engines. */
#include "keeper/succession.h"

#include "base/clock.h"
#include "base/log.h"
#include "keeper/advice.h"
#include "keeper/audit.h"
#include "keeper/edges.h"
#include "keeper/hear.h"
#include "keeper/orphans.h"
#include "keeper/reading.h"
#include "keeper/sysctls.h"
#include "keeper/tell.h"
#include "process/confine.h"

#include <assert.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

/* The time that engines have to leave at the end. */
#define END_MS 1000

/* A scoreboard is for its own engine alone. MADV_DONTFORK would not do:
 * user-mode Linux leaves the pages behind in the child, and the next mapping
 * finds them. */
static void forget_others(const struct generation *mine)
{
	const struct keeper *keeper = mine->keeper;

	generation_forget(keeper->current, mine);
	generation_forget(keeper->next, mine);
	generation_forget(keeper->leaving, mine);
}

/* The life of an engine's process. */
static int run_engine(void *arg, int channel)
{
	const struct generation *mine = arg;
	const struct keeper *keeper = mine->keeper;
	struct confine confine = {.privileges = keeper->privileges};
	const struct engine_start start = {
		.config = mine->config,
		.system = keeper->start->system,
		.scoreboard = mine->scoreboard,
		.channel = channel,
		.isolate = confine_begin,
		.confine = confine_finish,
		.confine_arg = &confine,
	};

	confine.privileges.files =
		mine->config->pool + CHILD_FILES_BESIDE_PROBES;
	forget_others(mine);
	return keeper->start->engine(&start);
}

static int start_engine(struct keeper *keeper, struct generation *generation)
{
	const struct child_birth birth = {
		.loop = keeper->loop,
		.beat = &generation->scoreboard->beat,
		.inside = &generation->scoreboard->inside,
		.run = run_engine,
		.readable = hear_ready,
		.arg = generation,
	};

	if (child_begin(&generation->child, &birth) < 0)
		return -1;
	log_debug(LOG_TOPIC_PROCESS, "engine %d: started",
		(int)generation->child.pid);
	return 0;
}

int succession_begin(struct keeper *keeper, struct config *config)
{
	const char *why;

	if (!keeper->start->dry_run)
		sysctls_apply(config);
	keeper->current = generation_create(keeper, config, keeper->ipvs, &why);
	if (!keeper->current) {
		log_line(LOG_ERR, "cannot begin: %s", why);
		return EX_UNAVAILABLE;
	}
	generation_assume(keeper->current);
	advice_give(config, advice_log, NULL);
	orphans_settle(keeper);
	reading_warn(config);
	return start_engine(keeper, keeper->current) < 0 ? EX_OSERR : EX_OK;
}

static void refuse_reload(struct keeper *keeper, const char *why)
{
	log_line(LOG_ERR, "not reloaded: %s; nothing has changed", why);
	tell_ready(keeper);
}

/* The next generation comes to nothing. If its engine lives it is killed, and
 * the generation waits in a list for its end. */
static void abandon(struct keeper *keeper, const char *why)
{
	struct generation *next = keeper->next;

	keeper->next = NULL;
	if (next->child.pid) {
		child_kill(&next->child, &keeper->privileges);
		next->next = keeper->leaving;
		keeper->leaving = next;
	} else {
		generation_destroy(next);
	}
	refuse_reload(keeper, why);
}

/* What was fixed at the start stays. */
static void warn_of_restart(const struct config *now, const struct config *then)
{
	if (strcmp(now->user, then->user) != 0)
		log_line(LOG_WARNING,
			"user '%s' needs a restart: it is still '%s'",
			now->user, then->user);
}

/* Returns whether a reload would remove the last virtual, without leave. */
static bool loses_all(const struct config *now, const struct config *then)
{
	return !now->virtual_count && !now->unresolved_count &&
	       then->virtual_count && !now->allow_empty;
}

/* glibc keeps what qsort(3) took for a moment, and an engine would inherit
 * it. */
static void give_back_memory(void)
{
	malloc_trim(0);
}

void succession_take(
	struct keeper *keeper, struct config *config, const char *why)
{
	if (keeper->next)
		abandon(keeper, "another reload was asked for");
	if (!config) {
		refuse_reload(keeper, why);
		return;
	}
	if (loses_all(config, keeper->current->config)) {
		arena_destroy(config->arena);
		refuse_reload(keeper, "the file names no virtual service; "
				      "allow it with 'allow-empty yes'");
		return;
	}
	warn_of_restart(config, keeper->current->config);
	advice_give(config, advice_log, NULL);
	reading_warn(config);
	keeper->next = generation_create(keeper, config, keeper->ipvs, &why);
	give_back_memory();
	if (!keeper->next)
		refuse_reload(keeper, why);
	else if (start_engine(keeper, keeper->next) < 0)
		abandon(keeper, "no engine for it");
}

void succession_reload(struct keeper *keeper)
{
	keeper->reload_wanted =
		!keeper->current->announced && !keeper->current->reloaded;
	if (keeper->reload_wanted) {
		log_line(LOG_NOTICE, "reload: after the first round");
		return;
	}
	tell_reloading();
	if (reading_begin(keeper, succession_take) < 0)
		refuse_reload(keeper, "the file cannot be read");
}

/* The current engine has ended: its scoreboard is final. The table is looked at
 * anew because the current generation went on since the next was made. */
static void hand_over(struct keeper *keeper)
{
	struct generation *old = keeper->current;
	struct generation *new = keeper->next;
	bool undone;

	assert(!old->child.pid && new->child.ready);
	if (generation_take_over(new, old) < 0) {
		abandon(keeper, "out of memory");
		return;
	}
	log_debug(LOG_TOPIC_PROCESS,
		"engine %d: takes over, the engine before it has left",
		(int)new->child.pid);
	keeper->current = new;
	keeper->next = NULL;
	undone = audit_leave(keeper, old, new) < 0;
	keeper->audited_ms = clock_ms();
	if (ipvs_look(keeper->ipvs, new->table) < 0)
		audit_soon(keeper);
	generation_assume(new);
	new->reloaded = true;
	if (!keeper->start->dry_run)
		sysctls_apply(new->config);
	orphans_remember(keeper);
	if (undone)
		audit_retire(keeper, old);
	else
		generation_destroy(old);
	give_back_memory();
}

/* The engine of the current generation may be missing because it died, or
 * because it left for a next generation that came to nothing. */
static void replace_engine(struct keeper *keeper)
{
	struct child *child = &keeper->current->child;

	if (!child->pid && clock_ms() >= child->again_ms)
		start_engine(keeper, keeper->current);
}

/* From now on the table follows the generation: each real as it is decided. */
static void send_off(struct keeper *keeper, struct child *engine)
{
	struct generation *current = keeper->current;

	broken_apply(&current->broken, current->config, current->scoreboard);
	log_debug(LOG_TOPIC_PROCESS, "engine %d: is ready, told to go",
		(int)engine->pid);
	if (child_go(engine) < 0)
		child_kill(engine, &keeper->privileges);
	if (current->settles_ms)
		return;
	current->settles_ms = clock_ms() + config_settle_ms(current->config);
	current->applied = true;
	audit_begin(keeper);
}

/* The round is over: every check has a verdict, or has had its time. */
static void announce(struct keeper *keeper)
{
	struct generation *current = keeper->current;
	char summary[GENERATION_SUMMARY_MAX];

	current->announced = true;
	audit_apply(keeper);
	edges_round(current);
	if (!current->round)
		tell_undecided(current);
	log_line(LOG_NOTICE, "%s: %s", current->reloaded ? "reloaded" : "ready",
		generation_summary(current, summary));
	tell_ready(keeper);
	if (keeper->reload_wanted)
		succession_reload(keeper);
}

static bool round_is_over(const struct generation *generation)
{
	return generation->round ||
	       (generation->settles_ms && clock_ms() >= generation->settles_ms);
}

void succession_proceed(struct keeper *keeper)
{
	struct child *engine;

	if (keeper->next && keeper->next->child.ready) {
		child_ask_to_leave(&keeper->current->child);
		if (!keeper->current->child.pid)
			hand_over(keeper);
	}
	replace_engine(keeper);
	engine = &keeper->current->child;
	if (engine->ready && !engine->working && !engine->leaving)
		send_off(keeper, engine);
	if (!keeper->current->announced && round_is_over(keeper->current))
		announce(keeper);
}

void succession_pulse(struct keeper *keeper)
{
	const struct privileges *privileges = &keeper->privileges;
	struct generation *current = keeper->current, *next = keeper->next;

	/* A debugger may hold an unconfined engine. */
	if (privileges->sandbox == SANDBOX_OFF)
		return;
	child_check(&current->child, privileges, current->scoreboard->beat);
	if (next &&
		child_check(&next->child, privileges, next->scoreboard->beat))
		abandon(keeper, "its engine hung");
	for (struct generation *old = keeper->leaving; old; old = old->next)
		child_check(&old->child, privileges, old->scoreboard->beat);
}

static void log_death(const struct child *child, int status)
{
	uint64_t now = clock_ms();
	unsigned long long wait =
		child->again_ms > now ? child->again_ms - now : 0;

	if (WIFSIGNALED(status))
		log_line(LOG_ERR,
			"the engine died of signal %d (%s): the table stays as "
			"it is, a new one begins in %llu ms",
			WTERMSIG(status), strsignal(WTERMSIG(status)), wait);
	else
		log_line(LOG_ERR,
			"the engine ended with code %d: the table stays as it "
			"is, a new one begins in %llu ms",
			WEXITSTATUS(status), wait);
}

/* An engine that never got ready would not get ready the next time either. */
static void bury_current(struct keeper *keeper, bool left, int status)
{
	struct generation *current = keeper->current;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;

	if (!current->lived) {
		log_line(LOG_ERR, "the engine did not get ready");
		state_stop(keeper, code ? code : EX_SOFTWARE);
	} else if (!left) {
		log_death(&current->child, status);
	}
}

/* Destroys the generations of the list whose engines have ended. */
static void sweep(struct generation **list)
{
	while (*list) {
		struct generation *gone = *list;

		if (gone->child.pid) {
			list = &gone->next;
			continue;
		}
		*list = gone->next;
		generation_destroy(gone);
	}
}

static struct generation *generation_of(struct keeper *keeper, pid_t pid)
{
	struct generation *generation = keeper->leaving;

	if (keeper->current->child.pid == pid)
		return keeper->current;
	if (keeper->next && keeper->next->child.pid == pid)
		return keeper->next;
	while (generation && generation->child.pid != pid)
		generation = generation->next;
	return generation;
}

/* Returns whether a check or a vector was named that the engine died of, so
 * that the next engine need not wait. */
static bool blame(struct generation *dead)
{
	const struct child *child = &dead->child;

	if (!child->working) {
		broken_name_vector(dead->config, dead->scoreboard);
		return false;
	}
	return !child->leaving &&
	       broken_note(&dead->broken, dead->config, dead->scoreboard);
}

void succession_bury(struct keeper *keeper, pid_t pid, int status)
{
	struct generation *dead = generation_of(keeper, pid);
	bool left, blamed;

	if (!dead)
		return;
	/* Its last words, so that a refused vector is in the log. */
	hear_engine(dead);
	left = dead->child.leaving;
	blamed = blame(dead);
	child_end(&dead->child);
	if (blamed)
		child_forgive(&dead->child);
	if (dead == keeper->current)
		bury_current(keeper, left, status);
	else if (dead == keeper->next)
		abandon(keeper, "its engine ended");
	sweep(&keeper->leaving);
}

static void each_engine(struct keeper *keeper,
	void (*call)(const struct keeper *keeper, struct child *child))
{
	if (keeper->current)
		call(keeper, &keeper->current->child);
	if (keeper->next)
		call(keeper, &keeper->next->child);
	for (struct generation *old = keeper->leaving; old; old = old->next)
		call(keeper, &old->child);
}

static void ask_to_leave(const struct keeper *keeper, struct child *child)
{
	(void)keeper;
	child_ask_to_leave(child);
}

static void kill_now(const struct keeper *keeper, struct child *child)
{
	child_kill(child, &keeper->privileges);
}

/* Waits until no process is left, or until the time is over. Returns whether
 * there is one left. A reader that hangs in a disk does not even die if it is
 * killed. */
static bool wait_for_all(void)
{
	uint64_t until = clock_ms() + END_MS;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && clock_ms() < until)
		if (pid == 0)
			clock_sleep_ms(10);
	return pid >= 0;
}

void succession_end(struct keeper *keeper)
{
	reading_stop(keeper);
	each_engine(keeper, ask_to_leave);
	if (!wait_for_all())
		return;
	each_engine(keeper, kill_now);
	wait_for_all();
}
