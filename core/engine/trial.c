// SPDX-License-Identifier: GPL-2.0-or-later
/* A trial of the checkers in a child process. */
#include "engine/trial.h"

#include "base/clock.h"
#include "base/text.h"
#include "config/show.h"
#include "engine/loader.h"
#include "engine/security.h"
#include "process/capabilities.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE_MAX 512
#define LOOK_MS 2

struct trial {
	const struct config *config;
	const struct system *system;
	config_report *report;
	void *report_arg;
	_Atomic uint32_t *inside; /* shared with the child */
	bool *skip;               /* vectors that are done, or hopeless */
};

static void trial_complain(
	const struct trial *trial, uint32_t index, const char *how)
{
	const struct config_vector *vector = &trial->config->vectors[index];
	char message[MESSAGE_MAX];
	struct text text;

	text_init(&text, message, sizeof(message));
	text_add(&text, "%s: the checker %s", vector->argv[0], how);
	config_complain(trial->system, &vector->place, trial->report,
		trial->report_arg, message);
}

/* The engine is started by a keeper that has given up its capabilities: root
 * without them may not read the files of other users. */
static int try_security(
	const struct trial *trial, struct arena *arena, struct instance *loaded)
{
	struct security security;
	struct security_order order = {
		.config = trial->config,
		.loaded = loaded,
		.system = trial->system,
		.arena = arena,
		.report = trial->report,
		.report_arg = trial->report_arg,
	};

	if (geteuid() == 0)
		(void)capabilities_keep(0, 0);
	order.credentials = credentials_read(arena, trial->config);
	return security_load(&security, &order);
}

static _Noreturn void be_trial(const struct trial *trial, pid_t parent)
{
	struct arena *arena = arena_create();
	struct instance *loaded;
	int secure;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	loader_watch(trial->inside, trial->skip);
	loaded = loader_load(trial->config, trial->system, arena, trial->report,
		trial->report_arg);
	secure = try_security(trial, arena, loaded);
	_exit(loaded && secure == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Waits for the child, or kills it if it stays at one vector for too long.
 * Returns whether it hung. */
static bool wait_for(const struct trial *trial, pid_t child, int *status)
{
	uint64_t since = clock_ms();
	uint32_t at = 0;

	while (waitpid(child, status, WNOHANG) == 0) {
		uint32_t now = *trial->inside;

		if (now != at)
			since = clock_ms();
		at = now;
		if (at && clock_ms() - since > TRIAL_MS) {
			kill(child, SIGKILL);
			waitpid(child, status, 0);
			return true;
		}
		clock_sleep_ms(LOOK_MS);
	}
	return false;
}

/* After a fatal vector, the next child goes on behind it, without the other
 * vectors of the same checker: they would most likely end it too. */
static void skip_after(const struct trial *trial, uint32_t fatal)
{
	const struct config_vector *vectors = trial->config->vectors;

	for (uint32_t i = 0; i < trial->config->vector_count; i++)
		if (i <= fatal ||
			strcmp(vectors[i].argv[0], vectors[fatal].argv[0]) == 0)
			trial->skip[i] = true;
}

static void complain_end(const struct trial *trial, uint32_t at, int status)
{
	char how[64];
	struct text text;

	text_init(&text, how, sizeof(how));
	if (WIFSIGNALED(status))
		text_add(&text, "dies of signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		text_add(&text, "ends the process with code %d",
			WEXITSTATUS(status));
	trial_complain(trial, at, how);
}

/* Returns whether every vector that is not skipped is well. Sets *again if
 * vectors are left to be tried. */
static bool try_rest(const struct trial *trial, bool *again)
{
	pid_t parent = getpid();
	pid_t child;
	int status;
	bool hung;

	*trial->inside = 0;
	child = fork();
	if (child == 0)
		be_trial(trial, parent);
	*again = false;
	if (child < 0)
		return false;
	hung = wait_for(trial, child, &status);
	if (*trial->inside) {
		uint32_t at = *trial->inside - 1;

		if (at >= trial->config->vector_count)
			return false;
		if (hung)
			trial_complain(trial, at, "hangs");
		else
			complain_end(trial, at, status);
		skip_after(trial, at);
		*again = true;
		return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

int trial_run(const struct config *config, const struct system *system,
	config_report *report, void *report_arg)
{
	struct arena *arena = arena_create();
	struct trial trial = {
		.config = config,
		.system = system,
		.report = report,
		.report_arg = report_arg,
		.skip = arena_array(arena, config->vector_count, sizeof(bool)),
	};
	bool again = true, well = true;
	void *shared;

	shared = mmap(NULL, sizeof(*trial.inside), PROT_READ | PROT_WRITE,
		// cppcheck-suppress invalidFunctionArg; no file is -1
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		report(report_arg, strerror(errno));
		arena_destroy(arena);
		return -1;
	}
	trial.inside = shared;
	while (again)
		well = try_rest(&trial, &again) && well;
	munmap(shared, sizeof(*trial.inside));
	arena_destroy(arena);
	return well ? 0 : -1;
}
