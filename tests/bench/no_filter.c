// SPDX-License-Identifier: GPL-2.0-or-later
/* libseccomp's calls as lvsmon makes them, without a filter: preloaded where
 * valgrind(1), which needs more system calls than an engine may make, counts
 * its instructions. */
#include <seccomp.h>

static int filter;

scmp_filter_ctx seccomp_init(uint32_t action)
{
	(void)action;
	return &filter;
}

int seccomp_rule_add(scmp_filter_ctx context, uint32_t action, int call,
	unsigned int count, ...)
{
	(void)context;
	(void)action;
	(void)call;
	(void)count;
	return 0;
}

int seccomp_load(scmp_filter_ctx context)
{
	(void)context;
	return 0;
}

void seccomp_release(scmp_filter_ctx context)
{
	(void)context;
}
