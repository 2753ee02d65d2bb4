// SPDX-License-Identifier: GPL-2.0-or-later
/* A trial of the checkers in a child process. */
#include "engine/trial.h"

#include "base/clock.h"
#include "base/text.h"
#include "config/show.h"
#include "engine/loader.h"
#include "engine/plugin_dir.h"
#include "engine/security.h"
#include "engine/shared.h"
#include "engine/transport/tls_module.h"
#include "process/capabilities.h"
#include "process/privileges.h"

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
	const struct trial_job *job;
	_Atomic uint32_t *inside; /* shared with the child */
	bool *skip;               /* vectors that are done, or hopeless */
};

static void trial_complain(
	const struct trial *trial, uint32_t index, const char *how)
{
	const struct trial_job *job = trial->job;
	const struct config_vector *vector = &job->config->vectors[index];
	char message[MESSAGE_MAX];
	struct text text;

	text_init(&text, message, sizeof(message));
	text_add(&text, "%s: the checker %s", vector->argv[0], how);
	config_complain(job->system, &vector->place, job->report,
		job->report_arg, message);
}

/* Judges the plugins before, as an engine does. */
static int become_user(const struct trial_job *job, struct arena *arena)
{
	if (!job->user)
		return 0;
	plugin_dir_judge(arena, job->config, TLS_MODULE_NAME);
	if (privileges_become(job->user) == 0)
		return 0;
	job->report(job->report_arg, strerror(errno));
	return -1;
}

/* The engine is started by a keeper that has given up its capabilities: root
 * without them may not read the files of other users. */
static struct credential *read_credentials(
	const struct trial_job *job, struct arena *arena)
{
	struct credential *credentials;

	(void)capabilities_use(false);
	credentials = credentials_read(arena, job->config);
	(void)capabilities_use(true);
	return credentials;
}

static int try_security(const struct trial_job *job, struct arena *arena,
	const struct instance *loaded, const struct credential *credentials)
{
	struct security security;
	const struct security_order order = {
		.config = job->config,
		.loaded = loaded,
		.credentials = credentials,
		.system = job->system,
		.arena = arena,
		.report = job->report,
		.report_arg = job->report_arg,
	};

	return security_load(&security, &order);
}

static _Noreturn void be_trial(const struct trial *trial, pid_t parent)
{
	const struct trial_job *job = trial->job;
	struct arena *arena = arena_create();
	struct credential *credentials = read_credentials(job, arena);
	struct instance *loaded;
	int secure;

	if (become_user(job, arena) < 0)
		_exit(EXIT_FAILURE);
	/* A change of the user clears the signal. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	loader_watch(trial->inside, trial->skip);
	loaded = loader_load(
		job->config, job->system, arena, job->report, job->report_arg);
	secure = try_security(job, arena, loaded, credentials);
	if (!loaded || secure < 0 ||
		shared_open(job->config, loaded, job->system, job->report,
			job->report_arg) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
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
	const struct config *config = trial->job->config;
	const struct config_vector *vectors = config->vectors;

	for (uint32_t i = 0; i < config->vector_count; i++)
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

		if (at >= trial->job->config->vector_count)
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

int trial_run(const struct trial_job *job)
{
	struct arena *arena = arena_create();
	struct trial trial = {
		.job = job,
		.skip = arena_array(
			arena, job->config->vector_count, sizeof(bool)),
	};
	bool again = true, well = true;
	void *shared;

	shared = mmap(NULL, sizeof(*trial.inside), PROT_READ | PROT_WRITE,
		// cppcheck-suppress invalidFunctionArg; no file is -1
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		job->report(job->report_arg, strerror(errno));
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
