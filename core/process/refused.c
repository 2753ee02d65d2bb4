// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls that a filter refuses: named in the log, for debugging. */
#include "process/refused.h"

#include "base/log.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

/* Room for the numbers of a native interface, and for the longest name. */
#define CALLS_MAX 512
#define CALL_NAME_MAX 32

/* Filled before the filter is loaded, so that the handler neither allocates
 * nor calls libseccomp. */
static char call_names[CALLS_MAX][CALL_NAME_MAX];
static bool call_logged[CALLS_MAX + 1]; /* the last: all other numbers */
static const char *filter_owner;

static void resolve_names(void)
{
	if (call_names[0][0])
		return;
	for (int i = 0; i < CALLS_MAX; i++) {
		char *name =
			seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);

		snprintf(call_names[i], CALL_NAME_MAX, "%s",
			name ? name : "unknown");
		free(name);
	}
}

static void log_call(int number)
{
	bool known = number >= 0 && number < CALLS_MAX;
	int index = known ? number : CALLS_MAX;

	if (call_logged[index])
		return;
	call_logged[index] = true;
	log_line(LOG_WARNING,
		"the %s's filter refuses the system call %s (number %d)",
		filter_owner, known ? call_names[number] : "unknown", number);
}

/* The kernel has undone the call; the register holds its number, or its first
 * argument. */
static void set_result(ucontext_t *context, int error)
{
#if defined(__x86_64__)
	context->uc_mcontext.gregs[REG_RAX] = -error;
#elif defined(__aarch64__)
	context->uc_mcontext.regs[0] = (unsigned long long)-(long long)error;
#else
	(void)context;
	(void)error;
#endif
}

/* SYS_SECCOMP of the kernel's asm/siginfo.h, which libc's headers lack. */
#define CODE_OF_FILTER 1

/* Runs in place of a call that is not allowed. If the log makes such a call to
 * open its target, this call fails too and is not logged. */
static void on_refused_call(int signal, siginfo_t *info, void *context)
{
	static bool logging;
	int saved = errno;

	(void)signal;
	if (info->si_code != CODE_OF_FILTER)
		return;
	if (!logging) {
		logging = true;
		log_call(info->si_syscall);
		logging = false;
	}
	set_result(context, ENOSYS);
	errno = saved;
}

int refused_catch(const char *whose)
{
	struct sigaction action = {
		.sa_sigaction = on_refused_call,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	resolve_names();
	/* A child begins with the notes of its keeper. */
	if (filter_owner != whose)
		memset(call_logged, 0, sizeof(call_logged));
	filter_owner = whose;
	return sigaction(SIGSYS, &action, NULL) < 0 ? -errno : 0;
}
