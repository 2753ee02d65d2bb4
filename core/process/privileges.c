// SPDX-License-Identifier: GPL-2.0-or-later
/* What keeper and engine may do. */
#include "process/privileges.h"

#include "base/log.h"
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

/* Each bit and its lock: no capability by being root, none kept or lost by a
 * change of ids, none ambient (capabilities(7)). */
#define LOCKED_BITS                                                            \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |       \
		SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |      \
		SECBIT_NO_CAP_AMBIENT_RAISE |                                  \
		SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

static int fail(const char *what)
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

/* The last part of the path and the one before it. */
static int make_chroot(void)
{
	char parent[] = LVSMON_CHROOT_DIR;
	char *slash = strrchr(parent, '/');
	struct stat st;

	if (slash && slash != parent) {
		*slash = '\0';
		if (mkdir(parent, 0755) < 0 && errno != EEXIST)
			return fail(parent);
	}
	if (mkdir(LVSMON_CHROOT_DIR, 0755) < 0 && errno != EEXIST)
		return fail(LVSMON_CHROOT_DIR);
	if (stat(LVSMON_CHROOT_DIR, &st) < 0)
		return fail(LVSMON_CHROOT_DIR);
	if (st.st_uid != 0 || (st.st_mode & 022) ||
		!is_empty(LVSMON_CHROOT_DIR)) {
		log_line(LOG_ERR,
			"%s: not an empty directory of root's alone to write",
			LVSMON_CHROOT_DIR);
		return -1;
	}
	return 0;
}

int privileges_prepare(struct privileges *privileges, const char *user)
{
	const struct passwd *entry;

	privileges->root = geteuid() == 0;
	if (!privileges->root) {
		log_line(LOG_NOTICE,
			"started without root: no privilege is dropped, the "
			"engine has no user and no directory of its own");
		return EX_OK;
	}
	entry = getpwnam(user);
	if (!entry) {
		log_line(LOG_ERR,
			"no user '%s' for the engine to run as: make it, or "
			"name another with 'user'",
			user);
		return EX_NOUSER;
	}
	if (entry->pw_uid == 0) {
		log_line(LOG_ERR, "the engine cannot run as root");
		return EX_NOUSER;
	}
	privileges->uid = entry->pw_uid;
	privileges->gid = entry->pw_gid;
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
		"only %llu files may be open, %u are wanted: fewer probes run "
		"at once",
		(unsigned long long)limit.rlim_cur, files);
}

int privileges_keep(const struct privileges *privileges)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail("no_new_privs");
	if (!privileges->root)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, privileges->gid) < 0 ||
		setresuid(0, 0, privileges->uid) < 0)
		return fail("the engine's user and group as saved ids");
	if (prctl(PR_SET_SECUREBITS, LOCKED_BITS, 0, 0, 0) < 0)
		return fail("securebits");
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_update(CAPNG_ADD,
		    CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
		    CAP_NET_ADMIN) < 0 ||
		capng_apply(CAPNG_SELECT_BOTH) < 0)
		return fail("dropping capabilities");
	return 0;
}

static void limit_to(int resource, rlim_t most)
{
	struct rlimit limit = {.rlim_cur = most, .rlim_max = most};
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) == 0 &&
		now.rlim_max < most)
		return;
	setrlimit((__rlimit_resource_t)resource, &limit);
}

/* A user namespace of its own gives CAP_SYS_CHROOT inside and nothing
 * outside; where the machine forbids those, seccomp alone keeps files away. */
static int shut_in(void)
{
	if (unshare(CLONE_NEWUSER) < 0) {
		log_line(LOG_WARNING,
			"no user namespace for the engine (%s): it is not "
			"chrooted",
			strerror(errno));
		return 0;
	}
	if (chroot(LVSMON_CHROOT_DIR) < 0 || chdir("/") < 0)
		return fail(LVSMON_CHROOT_DIR);
	return 0;
}

static int become_engine(const struct privileges *privileges)
{
	gid_t gid = privileges->gid;
	uid_t uid = privileges->uid;

	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return fail("becoming the engine's user");
	if (shut_in() < 0)
		return -1;
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_BOTH) < 0)
		return fail("dropping the engine's capabilities");
	if (setuid(0) == 0 ||
		capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE) {
		errno = EPERM;
		return fail("the engine is still privileged");
	}
	return 0;
}

int privileges_confine(void *arg)
{
	const struct privileges *privileges = arg;

	if (privileges->root && become_engine(privileges) < 0)
		return -1;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* A stopped engine does not see that its keeper is gone. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	limit_to(RLIMIT_CORE, 0);
	limit_to(RLIMIT_NPROC, 0);
	limit_to(RLIMIT_NOFILE, privileges->files);
	return syscalls_allow();
}

int privileges_kill(
	const struct privileges *privileges, pid_t engine, int signal)
{
	int result;

	if (!privileges->root)
		return kill(engine, signal);
	/* The engine's user is the keeper's saved one. */
	if (setresuid((uid_t)-1, privileges->uid, (uid_t)-1) < 0)
		return -1;
	result = kill(engine, signal);
	if (setresuid((uid_t)-1, 0, (uid_t)-1) < 0)
		return fail("becoming the keeper again");
	return result;
}
