// SPDX-License-Identifier: GPL-2.0-or-later
/* Privileges of keeper and engine. */
#include "process/privileges.h"

#include "base/log.h"
#include "base/text.h"
#include "process/syscalls.h"

#include <cap-ng.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* Each bit and its lock (capabilities(7)): being root gives no capability, a
 * change of ids neither keeps nor loses one, and none is ambient. */
#define LOCKED_BITS                                                            \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |       \
		SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |      \
		SECBIT_NO_CAP_AMBIENT_RAISE |                                  \
		SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

static int privileges_fail(const char *what)
{
	log_line(LOG_ERR, "%s: %s", what, strerror(errno));
	return -1;
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	int entries = 0;

	if (!dir)
		return false;
	while (readdir(dir))
		entries++;
	closedir(dir);
	return entries == 2; /* . and .. */
}

/* Makes the last directory of the path and the one above it. */
static int make_chroot(void)
{
	char parent[] = LVSMON_CHROOT_DIR;
	char *slash = strrchr(parent, '/');
	struct stat st;

	if (slash && slash != parent) {
		*slash = '\0';
		if (mkdir(parent, 0755) < 0 && errno != EEXIST)
			return privileges_fail(parent);
	}
	if (mkdir(LVSMON_CHROOT_DIR, 0755) < 0 && errno != EEXIST)
		return privileges_fail(LVSMON_CHROOT_DIR);
	if (stat(LVSMON_CHROOT_DIR, &st) < 0)
		return privileges_fail(LVSMON_CHROOT_DIR);
	if (st.st_uid != 0 || (st.st_mode & 022) ||
		!is_empty(LVSMON_CHROOT_DIR)) {
		log_line(LOG_ERR,
			"%s: must be an empty directory that only root can "
			"write to",
			LVSMON_CHROOT_DIR);
		return -1;
	}
	return 0;
}

const char *privileges_user_fault(const char *user, char *why)
{
	const struct passwd *entry = getpwnam(user);
	struct text text;

	if (entry && entry->pw_uid)
		return NULL;
	text_init(&text, why, PRIVILEGES_WHY_MAX);
	if (entry)
		text_add(&text, "the engine cannot run as root");
	else
		text_add(&text,
			"there is no user '%s' to run the engine: create it, "
			"or name another user with the setting 'user'",
			user);
	return why;
}

static int find_user(struct privileges *privileges, const char *user)
{
	char why[PRIVILEGES_WHY_MAX];
	const struct passwd *entry;

	if (privileges_user_fault(user, why)) {
		log_line(LOG_ERR, "%s", why);
		return EX_NOUSER;
	}
	entry = getpwnam(user);
	if (!entry)
		return EX_NOUSER;
	privileges->uid = entry->pw_uid;
	privileges->gid = entry->pw_gid;
	return EX_OK;
}

static void warn_of_sandbox(enum sandbox sandbox)
{
	if (sandbox == SANDBOX_OFF)
		log_line(LOG_WARNING,
			"UNCONFINED: engines keep the keeper's user, all files "
			"and all system calls: for development only");
	if (sandbox == SANDBOX_LOG)
		log_line(LOG_WARNING,
			"an engine that makes a forbidden system call is not "
			"killed: for debugging only");
}

int privileges_prepare(
	struct privileges *privileges, enum sandbox sandbox, const char *user)
{
	int code;

	*privileges = (struct privileges){
		.sandbox = sandbox,
		.root = geteuid() == 0,
	};
	warn_of_sandbox(sandbox);
	if (!privileges->root) {
		log_line(LOG_NOTICE,
			"started without root: no privilege is dropped, and "
			"the engine has no user and no directory of its own");
		return EX_OK;
	}
	if (sandbox == SANDBOX_OFF)
		return EX_OK;
	code = find_user(privileges, user);
	if (code != EX_OK)
		return code;
	return make_chroot() < 0 ? EX_OSERR : EX_OK;
}

void privileges_raise_files(uint32_t files)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= files)
		return;
	limit.rlim_cur = files;
	if (limit.rlim_max < files)
		limit.rlim_max = files;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	log_line(LOG_WARNING,
		"the limit of open files is %llu instead of %u: fewer probes "
		"run at once",
		(unsigned long long)limit.rlim_cur, files);
}

static int drop_to_net_admin(const struct privileges *privileges)
{
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, privileges->gid) < 0 ||
		setresuid(0, 0, privileges->uid) < 0)
		return privileges_fail(
			"cannot save the engine's user and group");
	if (prctl(PR_SET_SECUREBITS, LOCKED_BITS, 0, 0, 0) < 0)
		return privileges_fail("cannot set securebits");
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_update(CAPNG_ADD,
		    CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
		    CAP_NET_ADMIN) < 0 ||
		capng_apply(CAPNG_SELECT_BOTH) < 0)
		return privileges_fail("cannot drop capabilities");
	return 0;
}

static rlim_t limit_of(int resource)
{
	struct rlimit limit = {.rlim_cur = 0};

	getrlimit((__rlimit_resource_t)resource, &limit);
	return limit.rlim_cur;
}

int privileges_keep(const struct privileges *privileges)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return privileges_fail("cannot set no_new_privs");
	if (privileges->root && drop_to_net_admin(privileges) < 0)
		return -1;
	log_debug(LOG_TOPIC_PROCESS,
		"keeper %d: uid %u, %s, at most %llu files", (int)getpid(),
		(unsigned int)getuid(),
		privileges->root ? "no capability but CAP_NET_ADMIN"
				 : "the capabilities of its user",
		(unsigned long long)limit_of(RLIMIT_NOFILE));
	return 0;
}

int privileges_shed(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	/* The keeper has given up its other groups before it reads again. A
	 * namespace may forbid this. */
	if (geteuid() == 0 && getgroups(0, NULL) > 0)
		(void)!setgroups(0, NULL);
	capng_clear(CAPNG_SELECT_BOTH);
	return capng_apply(CAPNG_SELECT_CAPS) < 0 ? -1 : 0;
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

/* A user namespace gives CAP_SYS_CHROOT inside it and nothing outside. If the
 * machine forbids user namespaces, only the filter of system calls keeps the
 * engine from files. */
static int enter_chroot(void)
{
	if (unshare(CLONE_NEWUSER) < 0) {
		log_line(LOG_WARNING,
			"the engine is not chrooted: it cannot have a user "
			"namespace: %s",
			strerror(errno));
		return 0;
	}
	if (chroot(LVSMON_CHROOT_DIR) < 0 || chdir("/") < 0)
		return privileges_fail(LVSMON_CHROOT_DIR);
	log_debug(LOG_TOPIC_PROCESS, "engine %d: chrooted to %s", (int)getpid(),
		LVSMON_CHROOT_DIR);
	return 0;
}

static int become_engine(const struct privileges *privileges)
{
	gid_t gid = privileges->gid;
	uid_t uid = privileges->uid;

	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return privileges_fail("cannot become the engine's user");
	if (enter_chroot() < 0)
		return -1;
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_BOTH) < 0)
		return privileges_fail("cannot drop the engine's capabilities");
	if (setuid(0) == 0 ||
		capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE) {
		errno = EPERM;
		return privileges_fail("the engine is still privileged");
	}
	return 0;
}

/* Must come before the filter, under which the log's target cannot be opened
 * again. In its user namespace the engine does not see its own ids. */
static void tell_confinement(const struct privileges *privileges)
{
	static const char *const filters[] = {
		[SANDBOX_ENFORCE] = "enforced",
		[SANDBOX_LOG] = "logging",
		[SANDBOX_OFF] = "off",
	};
	bool changed = privileges->root && privileges->sandbox != SANDBOX_OFF;

	log_debug(LOG_TOPIC_PROCESS,
		"engine %d: uid %u, gid %u, filter %s, at most %llu files, "
		"%score files",
		(int)getpid(),
		(unsigned int)(changed ? privileges->uid : getuid()),
		(unsigned int)(changed ? privileges->gid : getgid()),
		filters[privileges->sandbox],
		(unsigned long long)limit_of(RLIMIT_NOFILE),
		limit_of(RLIMIT_CORE) ? "" : "no ");
}

/* A stopped engine does not see that its keeper is gone. A change of ids clears
 * this setting, so that it comes after. */
static void die_with_keeper(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* A debugger may attach, and a crash leaves a core file. */
static int stay_unconfined(const struct privileges *privileges)
{
	struct rlimit core;

	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	die_with_keeper();
	if (getrlimit(RLIMIT_CORE, &core) == 0) {
		core.rlim_cur = core.rlim_max;
		setrlimit(RLIMIT_CORE, &core);
	}
	log_line(LOG_WARNING,
		"UNCONFINED: engine %d runs without a sandbox: for development "
		"only",
		(int)getpid());
	tell_confinement(privileges);
	return 0;
}

int privileges_confine(void *arg)
{
	const struct privileges *privileges = arg;

	if (privileges->sandbox == SANDBOX_OFF)
		return stay_unconfined(privileges);
	if (privileges->root && become_engine(privileges) < 0)
		return -1;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	die_with_keeper();
	limit_to(RLIMIT_CORE, 0);
	limit_to(RLIMIT_NPROC, 0);
	limit_to(RLIMIT_NOFILE, privileges->files);
	tell_confinement(privileges);
	return syscalls_allow(privileges->sandbox);
}

int privileges_kill(
	const struct privileges *privileges, pid_t engine, int signal)
{
	int result;

	if (!privileges->root)
		return kill(engine, signal);
	/* The engine's user is the keeper's saved user. */
	if (setresuid((uid_t)-1, privileges->uid, (uid_t)-1) < 0)
		return -1;
	result = kill(engine, signal);
	if (setresuid((uid_t)-1, 0, (uid_t)-1) < 0)
		return privileges_fail("cannot become the keeper's user again");
	return result;
}
