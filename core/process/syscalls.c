// SPDX-License-Identifier: GPL-2.0-or-later
/* The filter of system calls: the calls that an engine needs, and no others. */
#include "process/syscalls.h"

#include "base/log.h"

#ifdef LVSMON_SANITIZED

int syscalls_allow(enum sandbox sandbox)
{
	(void)sandbox;
	return 0;
}

#else

#include <assert.h>
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <ucontext.h>

/* Calls allowed with any arguments. A call listed here must have no rule below
 * that looks at its arguments: the rule here would override it. */
static const int allowed[] = {
	/* Sockets: checks and the channel. */
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(fcntl),
	/* libevent. */
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(eventfd2),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	/* Time. */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(restart_syscall),
	/* libc: memory, signals, the end. */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(tgkill),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Allows sockets of the two families that a check may have, and memory that
 * cannot hold code. */
static int allow_by_argument(scmp_filter_ctx filter)
{
	static const int families[] = {AF_INET, AF_INET6};
	int error = 0;

	for (size_t i = 0; !error && i < 2; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
			SCMP_SYS(socket), 1,
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0));
	if (error)
		return error;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* Room for the numbers of a native interface, and for the longest name. */
#define CALLS_MAX 512
#define CALL_NAME_MAX 32

/* Filled before the filter is loaded, so that the handler neither allocates
 * nor calls libseccomp. */
static char call_names[CALLS_MAX][CALL_NAME_MAX];
static bool call_logged[CALLS_MAX + 1]; /* the last: all other numbers */

static void resolve_names(void)
{
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
		"the engine's filter refuses the system call %s (number %d)",
		known ? call_names[number] : "unknown", number);
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

static int catch_refused_calls(void)
{
	struct sigaction action = {
		.sa_sigaction = on_refused_call,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	resolve_names();
	return sigaction(SIGSYS, &action, NULL) < 0 ? -errno : 0;
}

static int load_filter(uint32_t refused)
{
	scmp_filter_ctx filter = seccomp_init(refused);
	int error = filter ? allow_by_argument(filter) : -ENOMEM;

	for (size_t i = 0; !error && i < sizeof(allowed) / sizeof(allowed[0]);
		i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error;
}

int syscalls_allow(enum sandbox sandbox)
{
	int error = 0;

	assert(sandbox != SANDBOX_OFF);
	if (sandbox == SANDBOX_LOG)
		error = catch_refused_calls();
	if (!error)
		error = load_filter(sandbox == SANDBOX_LOG
					    ? SCMP_ACT_TRAP
					    : SCMP_ACT_KILL_PROCESS);
	if (!error)
		return 0;
	log_line(LOG_ERR, "cannot filter the engine's system calls: %s",
		strerror(-error));
	return -1;
}

#endif
