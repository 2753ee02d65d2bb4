// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's user, borrowed for a while. */
#include "process/borrow.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool able;
static uid_t borrowed_uid;
static gid_t borrowed_gid;

void borrow_prepare(const char *user)
{
	const struct passwd *entry = geteuid() == 0 ? getpwnam(user) : NULL;

	if (!entry || setgroups(0, NULL) < 0)
		return;
	borrowed_uid = entry->pw_uid;
	borrowed_gid = entry->pw_gid;
	able = true;
}

/* prctl(2): a change of the effective ids clears the signal that the death of
 * the parent sends. Ends the process if the ids cannot change. */
static void take(uid_t uid, gid_t gid)
{
	/* Only root may change the group. */
	if (uid == 0 && seteuid(0) < 0)
		_exit(1);
	if (setegid(gid) < 0 || (uid != 0 && seteuid(uid) < 0))
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void borrow_begin(void)
{
	if (able)
		take(borrowed_uid, borrowed_gid);
}

void borrow_end(void)
{
	if (able)
		take(0, 0);
}
