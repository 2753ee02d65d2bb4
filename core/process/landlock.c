// SPDX-License-Identifier: GPL-2.0-or-later
/* Landlock: a process gives up its access to files and other processes. The
 * headers of Debian 12 lack the newer members, so that they are stated here. */
#include "process/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr of version 6. An older kernel accepts it if the
 * members that the kernel does not know are 0. */
struct attributes {
	uint64_t files;
	uint64_t network;
	uint64_t scopes;
};

/* The number of rights to files that each version of the interface knows. */
static const unsigned int file_rights[] = {0, 13, 14, 15, 15, 16};

#define FILE_RIGHTS_LAST (sizeof(file_rights) / sizeof(file_rights[0]) - 1)

/* Abstract Unix sockets and signals, since version 6. */
#define SCOPES_VERSION 6
#define SCOPES ((uint64_t)3)

#define READ_RIGHTS                                                            \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |           \
		LANDLOCK_ACCESS_FS_READ_DIR)

static int create_ruleset(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
		LANDLOCK_CREATE_RULESET_VERSION);
	struct attributes attributes = {.files = 0};
	size_t known;

	if (version <= 0)
		return -1;
	known = (size_t)version < FILE_RIGHTS_LAST ? (size_t)version
						   : FILE_RIGHTS_LAST;
	attributes.files = ((uint64_t)1 << file_rights[known]) - 1;
	if (version >= SCOPES_VERSION)
		attributes.scopes = SCOPES;
	return (int)syscall(SYS_landlock_create_ruleset, &attributes,
		sizeof(attributes), 0);
}

static int allow_reading(int ruleset)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = READ_RIGHTS,
		.parent_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};
	long result;

	if (beneath.parent_fd < 0)
		return -1;
	result = syscall(SYS_landlock_add_rule, ruleset,
		LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return result < 0 ? -1 : 0;
}

int landlock_restrict(enum landlock access)
{
	int ruleset = create_ruleset();
	int result = 0;

	if (ruleset < 0)
		return -1;
	if (access == LANDLOCK_READ)
		result = allow_reading(ruleset);
	if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		result = -1;
	close(ruleset);
	return result;
}
