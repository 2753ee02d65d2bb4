// SPDX-License-Identifier: GPL-2.0-or-later
/* Privileges of keeper and engine. */
#include "process/privileges.h"

#include "base/log.h"
#include "base/text.h"
#include "process/capabilities.h"
#include "process/syscalls.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <pwd.h>
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

#define NET_ADMIN ((uint64_t)1 << CAP_NET_ADMIN)

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
static int make_directory(void)
{
	char parent[] = LVSMON_CHROOT_DIR;
	char *slash = strrchr(parent, '/');

	if (slash && slash != parent) {
		*slash = '\0';
		if (mkdir(parent, 0755) < 0 && errno != EEXIST)
			return -1;
	}
	return mkdir(LVSMON_CHROOT_DIR, 0755) < 0 && errno != EEXIST ? -1 : 0;
}

/* If the directory cannot be made, as on a read-only root, engines do without
 * chroot. A directory that is not what it must be is an error. */
static int make_chroot(struct privileges *privileges)
{
	struct stat st;

	if (make_directory() < 0) {
		log_debug(LOG_TOPIC_PROCESS, "%s: %s", LVSMON_CHROOT_DIR,
			strerror(errno));
		return 0;
	}
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
	privileges->empty_dir = LVSMON_CHROOT_DIR;
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

int privileges_become(const char *user)
{
	const struct passwd *entry = getpwnam(user);
	uid_t uid;
	gid_t gid;

	if (!entry) {
		errno = ENOENT;
		return -1;
	}
	uid = entry->pw_uid;
	gid = entry->pw_gid;
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0)
		return -1;
	return setresuid(uid, uid, uid);
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
		.keeper = getpid(),
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
	return make_chroot(privileges) < 0 ? EX_OSERR : EX_OK;
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
		setresuid(privileges->uid, 0, 0) < 0)
		return privileges_fail(
			"cannot take the engine's user and group");
	if (prctl(PR_SET_SECUREBITS, LOCKED_BITS, 0, 0, 0) < 0)
		return privileges_fail("cannot set securebits");
	if (capabilities_keep(NET_ADMIN, NET_ADMIN) < 0)
		return privileges_fail("cannot drop capabilities");
	return 0;
}

static unsigned long long files_limit(void)
{
	struct rlimit limit = {.rlim_cur = 0};

	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur;
}

int privileges_keep(const struct privileges *privileges)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return privileges_fail("cannot set no_new_privs");
	if (privileges->root && drop_to_net_admin(privileges) < 0)
		return -1;
	if (privileges->sandbox != SANDBOX_OFF &&
		syscalls_allow_keeper(privileges->sandbox) < 0)
		return -1;
	log_debug(LOG_TOPIC_PROCESS,
		"keeper %d: uid %u, %s, at most %llu files", (int)getpid(),
		(unsigned int)geteuid(),
		privileges->root ? "no capability but CAP_NET_ADMIN"
				 : "the capabilities of its user",
		files_limit());
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
	if (capabilities_keep(0, 0) < 0)
		return -1;
	return syscalls_forbid_signals();
}

void privileges_die_with(pid_t keeper)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* The keeper may have ended before. */
	if (getppid() != keeper)
		_exit(EX_UNAVAILABLE);
}

int privileges_kill(
	const struct privileges *privileges, pid_t engine, int signal)
{
	(void)privileges;
	return kill(engine, signal);
}
