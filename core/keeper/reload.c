// SPDX-License-Identifier: GPL-2.0-or-later
/* Generations come and go: reload, and engines that die. */
#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/text.h"
#include "config/read.h"
#include "keeper/state.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

/* A report has lines of its own; a log line has none. */
static void report_to_log(void *arg, const char *text)
{
	(void)arg;
	while (*text) {
		size_t len = strcspn(text, "\n");

		log_line(LOG_ERR, "%.*s", (int)len, text);
		text += len;
		text += *text == '\n';
	}
}

static void tell_reloading(void)
{
	char state[64];
	struct text text;

	text_init(&text, state, sizeof(state));
	text_add(&text, "RELOADING=1\nMONOTONIC_USEC=%llu",
		(unsigned long long)clock_us());
	notify_send(state);
}

static void refuse_reload(struct keeper *keeper, const char *why)
{
	log_line(LOG_ERR, "not reloaded: %s; nothing has changed", why);
	keeper_tell_ready(keeper);
}

/* What was fixed at the start stays. */
static void keep_what_cannot_change(
	const struct config *now, const struct config *then)
{
	if (strcmp(now->user, then->user) != 0)
		log_line(LOG_WARNING,
			"user '%s' needs a restart: it is still '%s'",
			now->user, then->user);
}

void keeper_reload(struct keeper *keeper)
{
	const struct keeper_start *start = keeper->start;
	struct config *config;

	keeper->reload_wanted = !keeper->current->applied;
	if (keeper->reload_wanted) {
		log_line(LOG_NOTICE, "reload: after the first round");
		return;
	}
	if (keeper->next)
		keeper_abandon(keeper, "another reload was asked for");
	tell_reloading();
	config = config_read(start->file, &start->options, start->system,
		report_to_log, NULL);
	if (!config) {
		refuse_reload(keeper, "the configuration has errors");
		return;
	}
	keep_what_cannot_change(config, keeper->current->config);
	keeper->next = generation_create(
		keeper, config, keeper->ipvs, keeper->current);
	if (!keeper->next)
		refuse_reload(keeper, "the table cannot be read");
	else if (keeper_begin(keeper, keeper->next) < 0)
		keeper_abandon(keeper, "no engine for it");
}

/* Its engine may still live: then it is among those that leave. */
void keeper_abandon(struct keeper *keeper, const char *why)
{
	struct generation *next = keeper->next;

	keeper->next = NULL;
	if (next->child.pid) {
		child_kill(&next->child, &keeper->privileges);
		next->child.leaving = true;
		next->next = keeper->leaving;
		keeper->leaving = next;
	} else {
		generation_destroy(next);
	}
	refuse_reload(keeper, why);
}

static void say_death(const struct child *child, int status)
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

/* One that was never ready would not be ready the next time either. */
static void current_died(struct keeper *keeper, int status)
{
	struct generation *current = keeper->current;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;

	if (!current->lived) {
		log_line(LOG_ERR, "the engine did not get ready");
		keeper_stop(keeper, code ? code : EX_SOFTWARE);
		return;
	}
	say_death(&current->child, status);
	if (current->child.again_ms <= clock_ms())
		keeper_begin(keeper, current);
}

static void bury_leaving(struct keeper *keeper)
{
	struct generation **link = &keeper->leaving;

	while (*link) {
		struct generation *gone = *link;

		if (gone->child.pid) {
			link = &gone->next;
			continue;
		}
		*link = gone->next;
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

void keeper_bury(struct keeper *keeper, pid_t pid, int status)
{
	struct generation *dead = pid ? generation_of(keeper, pid) : NULL;

	if (dead) {
		/* Its last words, so that a refused vector is in the log. */
		keeper_hear(dead);
		child_end(&dead->child);
	}
	if (dead && dead == keeper->current)
		current_died(keeper, status);
	else if (dead && dead == keeper->next)
		keeper_abandon(keeper, "its engine ended");
	bury_leaving(keeper);
}
