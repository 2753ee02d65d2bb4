// SPDX-License-Identifier: GPL-2.0-or-later
/* The confinement of an engine, in two steps. */
#include "process/confine.h"

#include "base/log.h"
#include "base/text.h"
#include "process/capabilities.h"
#include "process/landlock.h"
#include "process/syscalls.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Memory that an engine may take beside what it has when it is confined, and
 * for each of its descriptors: libevent's tables grow with their number. */
#define DATA_SPARE ((rlim_t)16 << 20)
#define DATA_PER_FILE 256

/* The place of the data's size among the numbers of /proc/PID/statm, see
 * proc(5). */
#define STATM_DATA 6
#define STATM_MAX 256

static int confine_fail(const char *what)
{
	log_line(LOG_ERR, "%s: %s", what, strerror(errno));
	return -1;
}

static rlim_t limit_now(int resource)
{
	struct rlimit limit = {.rlim_cur = 0};

	getrlimit((__rlimit_resource_t)resource, &limit);
	return limit.rlim_cur;
}

/* Lowers a limit; a lower one stays. */
static void limit_to(int resource, rlim_t most)
{
	struct rlimit limit = {.rlim_cur = most, .rlim_max = most};
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) == 0 &&
		now.rlim_max < most)
		return;
	setrlimit((__rlimit_resource_t)resource, &limit);
}

static bool has_own_user(const struct confine *confine)
{
	return confine->privileges.root &&
	       confine->privileges.sandbox != SANDBOX_OFF;
}

/* Without a namespace no capability is left at all. */
static int become_engine(struct confine *confine)
{
	gid_t gid = confine->privileges.gid;
	uid_t uid = confine->privileges.uid;

	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return confine_fail("cannot become the engine's user");
	if (setuid(0) == 0) {
		errno = EPERM;
		return confine_fail("the engine is still privileged");
	}
	if (unshare(CLONE_NEWUSER) < 0)
		confine->namespace_error = errno;
	if (capabilities_keep(confine->namespace_error
				      ? 0
				      : (uint64_t)1 << CAP_SYS_CHROOT,
		    0) < 0)
		return confine_fail("cannot drop the engine's capabilities");
	return 0;
}

/* A debugger may attach, and a crash leaves a core file. */
static void allow_core_files(void)
{
	struct rlimit core;

	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (getrlimit(RLIMIT_CORE, &core) == 0) {
		core.rlim_cur = core.rlim_max;
		setrlimit(RLIMIT_CORE, &core);
	}
}

int confine_begin(void *arg)
{
	struct confine *confine = arg;
	const struct privileges *privileges = &confine->privileges;

	if (privileges->sandbox == SANDBOX_OFF)
		return 0;
	if (privileges->root && become_engine(confine) < 0)
		return -1;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* The change of the user has cleared the signal at the keeper's
	 * death. */
	privileges_die_with(privileges->keeper);
	limit_to(RLIMIT_CORE, 0);
	limit_to(RLIMIT_NPROC, 0);
	limit_to(RLIMIT_NOFILE, privileges->files);
	confine->landlock_error =
		landlock_restrict(LANDLOCK_READ) < 0 ? errno : 0;
	return syscalls_allow_loading(privileges->sandbox);
}

static int enter_chroot(struct confine *confine)
{
	const char *dir = confine->privileges.empty_dir;

	if (confine->namespace_error || !dir)
		return 0;
	if (chroot(dir) < 0) {
		confine->chroot_error = errno;
		return 0;
	}
	return chdir("/") < 0 ? confine_fail(dir) : 0;
}

/* Private memory that the process may write to, and its stack. Returns 0 if the
 * kernel does not tell. */
static rlim_t data_size(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[STATM_MAX] = "";
	char *field = line;
	unsigned long long pages;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	for (int i = 1; field && i < STATM_DATA; i++)
		field = strchr(field + 1, ' ');
	pages = field ? strtoull(field, NULL, 10) : 0;
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void limit_data(rlim_t size, uint32_t files)
{
#ifdef LVSMON_SANITIZED
	/* Freed memory is held back to find its later use. */
	(void)size;
	(void)files;
#else
	if (size)
		limit_to(RLIMIT_DATA,
			size + DATA_SPARE + (rlim_t)files * DATA_PER_FILE);
#endif
}

/* Lists the means beside seccomp that failed. */
static void list_failures(const struct confine *confine, struct text *text)
{
	if (confine->namespace_error)
		text_add(text, "; no user namespace for chroot: %s",
			strerror(confine->namespace_error));
	else if (confine->chroot_error)
		text_add(text, "; no chroot in its user namespace: %s",
			strerror(confine->chroot_error));
	else if (has_own_user(confine) && !confine->privileges.empty_dir)
		text_add(text, "; no directory for chroot");
	if (confine->landlock_error)
		text_add(text, "; no Landlock: %s",
			strerror(confine->landlock_error));
}

static bool in_chroot(const struct confine *confine)
{
	return has_own_user(confine) && confine->privileges.empty_dir &&
	       !confine->namespace_error && !confine->chroot_error;
}

static const char *means(bool chrooted, bool landlocked)
{
	if (chrooted)
		return landlocked ? "chroot, Landlock and seccomp"
				  : "chroot and seccomp";
	return landlocked ? "Landlock and seccomp" : "seccomp alone";
}

/* The line is a warning if the engine has a user of its own and no chroot. */
static void tell_means(const struct confine *confine)
{
	bool chrooted = in_chroot(confine);
	bool weak = has_own_user(confine) && !chrooted;
	char failures[256];
	struct text text;

	text_init(&text, failures, sizeof(failures));
	list_failures(confine, &text);
	log_line(weak ? LOG_WARNING : LOG_INFO, "engine %d: confined by %s%s",
		(int)getpid(), means(chrooted, !confine->landlock_error),
		failures);
}

/* In its user namespace the engine does not see its own ids. */
static void tell_limits(const struct confine *confine)
{
	static const char *const filters[] = {
		[SANDBOX_ENFORCE] = "enforced",
		[SANDBOX_LOG] = "logging",
		[SANDBOX_OFF] = "off",
	};
	const struct privileges *privileges = &confine->privileges;
	bool changed = has_own_user(confine);

	log_debug(LOG_TOPIC_PROCESS,
		"engine %d: uid %u, gid %u, filter %s, at most %llu files, "
		"%llu KiB of data, %score files",
		(int)getpid(),
		(unsigned int)(changed ? privileges->uid : getuid()),
		(unsigned int)(changed ? privileges->gid : getgid()),
		filters[privileges->sandbox],
		(unsigned long long)limit_now(RLIMIT_NOFILE),
		(unsigned long long)limit_now(RLIMIT_DATA) / 1024,
		limit_now(RLIMIT_CORE) ? "" : "no ");
}

static int stay_unconfined(const struct confine *confine)
{
	allow_core_files();
	log_line(LOG_WARNING,
		"UNCONFINED: engine %d runs without a sandbox: for development "
		"only",
		(int)getpid());
	tell_limits(confine);
	return 0;
}

/* The log comes before the last filter, under which its target cannot be opened
 * again. */
int confine_finish(void *arg)
{
	struct confine *confine = arg;
	const struct privileges *privileges = &confine->privileges;
	rlim_t data;

	if (privileges->sandbox == SANDBOX_OFF)
		return stay_unconfined(confine);
	data = data_size();
	if (privileges->root && enter_chroot(confine) < 0)
		return -1;
	if (privileges->root && capabilities_keep(0, 0) < 0)
		return confine_fail("cannot drop the engine's capabilities");
	confine->landlock_error =
		landlock_restrict(LANDLOCK_NONE) < 0 ? errno : 0;
	limit_data(data, privileges->files);
	tell_means(confine);
	tell_limits(confine);
	return syscalls_allow(privileges->sandbox);
}
