// SPDX-License-Identifier: GPL-2.0-or-later
/* The filters of system calls: the calls that a process needs, and no others.
 */
#include "process/syscalls.h"

#include "base/log.h"
#include "process/calls.h"
#include "process/refused.h"

#include <assert.h>
#include <errno.h>
#include <seccomp.h>
#include <string.h>

struct owner {
	const char *name;
	enum calls calls;
	uint32_t refused; /* the end of a call that is not allowed */
};

/* The rule of seccomp: of several filters the most severe decides, and of
 * equals the youngest. */
static const struct owner engine_owner = {
	.name = "engine",
	.calls = CALLS_ENGINE,
	.refused = SCMP_ACT_KILL_PROCESS,
};
static const struct owner loading_owner = {
	.name = "engine",
	.calls = CALLS_LOADING,
	.refused = SCMP_ACT_ERRNO(EPERM),
};
/* libc takes ENOSYS for an older kernel and does without the call. */
static const struct owner keeper_owner = {
	.name = "keeper",
	.calls = CALLS_KEEPER,
	.refused = SCMP_ACT_ERRNO(ENOSYS),
};

/* A thread that a plugin may have is filtered too. The rules are searched as a
 * tree. */
static int set_attributes(scmp_filter_ctx filter)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	if (!error)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!error)
		error = seccomp_attr_set(
			filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	return error;
}

/* A sanitizer opens files to name functions in its report. The report goes on
 * without names if the call fails, but not if the call kills the process. */
static int spare_reports(scmp_filter_ctx filter, uint32_t refused)
{
	int error = 0;

#ifdef LVSMON_SANITIZED
	static const int calls[] = {SCMP_SYS(open), SCMP_SYS(openat)};

	for (int i = 0; !error && i < 2; i++)
		if (refused == SCMP_ACT_KILL_PROCESS)
			error = seccomp_rule_add(
				filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
#endif
	(void)filter;
	(void)refused;
	return error;
}

static int load_filter(uint32_t refused, enum calls calls)
{
	scmp_filter_ctx filter = seccomp_init(refused);
	int error = filter ? set_attributes(filter) : -ENOMEM;

	if (!error)
		error = calls_add(filter, calls);
	if (!error)
		error = spare_reports(filter, refused);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error;
}

static int filter_calls(enum sandbox sandbox, const struct owner *owner)
{
	bool logs = sandbox == SANDBOX_LOG;
	int error = logs ? refused_catch(owner->name) : 0;

	assert(sandbox != SANDBOX_OFF);
	if (!error)
		error = load_filter(
			logs ? SCMP_ACT_TRAP : owner->refused, owner->calls);
	if (!error)
		return 0;
	log_line(LOG_ERR, "cannot filter the %s's system calls: %s",
		owner->name, strerror(-error));
	return -1;
}

int syscalls_allow(enum sandbox sandbox)
{
	return filter_calls(sandbox, &engine_owner);
}

int syscalls_allow_loading(enum sandbox sandbox)
{
	return filter_calls(sandbox, &loading_owner);
}

int syscalls_allow_keeper(enum sandbox sandbox)
{
	return filter_calls(sandbox, &keeper_owner);
}
