// SPDX-License-Identifier: GPL-2.0-or-later
/* Replaces libseccomp's functions by ones that load no filter. Preloaded if
 * valgrind(1) counts lvsmon's instructions, because valgrind needs more system
 * calls than an engine may make. */
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
