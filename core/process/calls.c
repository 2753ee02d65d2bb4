// SPDX-License-Identifier: GPL-2.0-or-later
/* The system calls that each process may make, and with which arguments. */
#include "process/calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Conditions that must all hold. A call without a condition is allowed with any
 * arguments, whatever other rules of its set say. */
struct rule {
	int call;
	unsigned int count;
	struct scmp_arg_cmp args[3];
};

/* The argument has this value, or has none of these bits. */
#define IS(arg, value)                                                         \
	{                                                                      \
		arg, SCMP_CMP_EQ, (scmp_datum_t)(value), 0                     \
	}
#define LACKS(arg, bits)                                                       \
	{                                                                      \
		arg, SCMP_CMP_MASKED_EQ, (scmp_datum_t)(bits), 0               \
	}

/* A socket of this type. A protocol other than the family's own could make the
 * kernel load a module. */
#define TYPE(type)                                                             \
	{                                                                      \
		1, SCMP_CMP_MASKED_EQ,                                         \
			~(scmp_datum_t)(SOCK_NONBLOCK | SOCK_CLOEXEC), type    \
	}

/* The bits of open(2) that write, create or empty a file. */
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

/* A new process may share everything, but may not have new namespaces. */
#define NAMESPACES                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |         \
		CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* Calls of a probe. A call with conditions costs a run of the filter. A call
 * without conditions is allowed from a bitmap.
 *
 * sendmsg is missing: it could send the keeper a descriptor, and the keeper
 * would wait while it closes a lingering socket. fcntl, ioctl and prctl could
 * direct signals to the keeper. The loop needs no F_SETFL. */
static const struct rule engine[] = {
	{SCMP_SYS(socket), 3, {IS(0, AF_INET), TYPE(SOCK_STREAM), IS(2, 0)}},
	{SCMP_SYS(socket), 3, {IS(0, AF_INET6), TYPE(SOCK_STREAM), IS(2, 0)}},
	{SCMP_SYS(socket), 3, {IS(0, AF_INET), TYPE(SOCK_DGRAM), IS(2, 0)}},
	{SCMP_SYS(socket), 3, {IS(0, AF_INET6), TYPE(SOCK_DGRAM), IS(2, 0)}},
	{SCMP_SYS(setsockopt), 2, {IS(1, SOL_SOCKET), IS(2, SO_LINGER)}},
	{SCMP_SYS(setsockopt), 2, {IS(1, IPPROTO_TCP), IS(2, TCP_QUICKACK)}},
	{SCMP_SYS(setsockopt), 2, {IS(1, IPPROTO_TCP), IS(2, TCP_LINGER2)}},
	{SCMP_SYS(setsockopt), 2,
		{IS(1, IPPROTO_IP), IS(2, IP_BIND_ADDRESS_NO_PORT)}},
	{SCMP_SYS(setsockopt), 2, {IS(1, IPPROTO_IP), IS(2, IP_RECVERR)}},
	{SCMP_SYS(setsockopt), 2, {IS(1, IPPROTO_IPV6), IS(2, IPV6_RECVERR)}},
	{SCMP_SYS(getsockopt), 0, {{0}}},
	{SCMP_SYS(connect), 0, {{0}}},
	{SCMP_SYS(bind), 0, {{0}}},
	{SCMP_SYS(sendto), 0, {{0}}},
	{SCMP_SYS(recvfrom), 0, {{0}}},
	{SCMP_SYS(recvmmsg), 0, {{0}}},
	{SCMP_SYS(getsockname), 0, {{0}}},
	{SCMP_SYS(getpeername), 0, {{0}}},
	{SCMP_SYS(read), 0, {{0}}},
	{SCMP_SYS(write), 0, {{0}}},
	{SCMP_SYS(close), 0, {{0}}},
	{SCMP_SYS(dup), 0, {{0}}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_GETFD)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_SETFD)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_GETFL)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_DUPFD_CLOEXEC)}},
	/* The loop. */
	{SCMP_SYS(epoll_create1), 0, {{0}}},
	{SCMP_SYS(epoll_ctl), 0, {{0}}},
	{SCMP_SYS(epoll_wait), 0, {{0}}},
	{SCMP_SYS(epoll_pwait), 0, {{0}}},
	{SCMP_SYS(epoll_pwait2), 0, {{0}}},
	{SCMP_SYS(poll), 0, {{0}}},
	{SCMP_SYS(ppoll), 0, {{0}}},
	{SCMP_SYS(eventfd2), 0, {{0}}},
	{SCMP_SYS(timerfd_create), 0, {{0}}},
	{SCMP_SYS(timerfd_settime), 0, {{0}}},
	/* Time. */
	{SCMP_SYS(clock_gettime), 0, {{0}}},
	{SCMP_SYS(clock_nanosleep), 0, {{0}}},
	{SCMP_SYS(gettimeofday), 0, {{0}}},
	{SCMP_SYS(time), 0, {{0}}},
	{SCMP_SYS(restart_syscall), 0, {{0}}},
	/* libc: memory that cannot hold code, own signals, the end. */
	{SCMP_SYS(mmap), 1, {LACKS(2, PROT_EXEC)}},
	{SCMP_SYS(brk), 0, {{0}}},
	{SCMP_SYS(munmap), 0, {{0}}},
	{SCMP_SYS(mremap), 0, {{0}}},
	{SCMP_SYS(madvise), 0, {{0}}},
	{SCMP_SYS(futex), 0, {{0}}},
	{SCMP_SYS(getrandom), 0, {{0}}},
	{SCMP_SYS(rt_sigaction), 0, {{0}}},
	{SCMP_SYS(rt_sigprocmask), 0, {{0}}},
	{SCMP_SYS(rt_sigreturn), 0, {{0}}},
	{SCMP_SYS(getpid), 0, {{0}}},
	{SCMP_SYS(gettid), 0, {{0}}},
	{SCMP_SYS(exit), 0, {{0}}},
	{SCMP_SYS(exit_group), 0, {{0}}},
#ifdef LVSMON_SANITIZED
	{SCMP_SYS(sigaltstack), 0, {{0}}},
	{SCMP_SYS(sched_yield), 0, {{0}}},
	{SCMP_SYS(mprotect), 1, {LACKS(2, PROT_EXEC)}},
	{SCMP_SYS(ioctl), 1, {IS(1, TCGETS)}},
#endif
};

/* Calls of dlopen(3) and configure, and those of the last step into
 * confinement. Each of the latter gives up rights of the caller. A thread would
 * survive that step with its own capabilities, so clone is missing. */
static const struct rule loading[] = {
	/* The sockets of the transport ICMP. */
	{SCMP_SYS(socket), 3,
		{IS(0, AF_INET), TYPE(SOCK_DGRAM), IS(2, IPPROTO_ICMP)}},
	{SCMP_SYS(socket), 3,
		{IS(0, AF_INET6), TYPE(SOCK_DGRAM), IS(2, IPPROTO_ICMPV6)}},
	{SCMP_SYS(setsockopt), 2, {IS(1, SOL_SOCKET), IS(2, SO_RCVBUF)}},
	{SCMP_SYS(open), 1, {LACKS(1, WRITING)}},
	{SCMP_SYS(openat), 1, {LACKS(2, WRITING)}},
	{SCMP_SYS(stat), 0, {{0}}},
	{SCMP_SYS(lstat), 0, {{0}}},
	{SCMP_SYS(fstat), 0, {{0}}},
	{SCMP_SYS(newfstatat), 0, {{0}}},
	{SCMP_SYS(statx), 0, {{0}}},
	{SCMP_SYS(statfs), 0, {{0}}},
	{SCMP_SYS(fstatfs), 0, {{0}}},
	{SCMP_SYS(access), 0, {{0}}},
	{SCMP_SYS(faccessat), 0, {{0}}},
	{SCMP_SYS(faccessat2), 0, {{0}}},
	{SCMP_SYS(readlink), 0, {{0}}},
	{SCMP_SYS(readlinkat), 0, {{0}}},
	{SCMP_SYS(getdents64), 0, {{0}}},
	{SCMP_SYS(getcwd), 0, {{0}}},
	{SCMP_SYS(lseek), 0, {{0}}},
	{SCMP_SYS(pread64), 0, {{0}}},
	{SCMP_SYS(readv), 0, {{0}}},
	{SCMP_SYS(writev), 0, {{0}}},
	{SCMP_SYS(mmap), 0, {{0}}},
	{SCMP_SYS(mprotect), 0, {{0}}},
	{SCMP_SYS(uname), 0, {{0}}},
	{SCMP_SYS(sysinfo), 0, {{0}}},
	{SCMP_SYS(sched_getaffinity), 0, {{0}}},
	{SCMP_SYS(clock_getres), 0, {{0}}},
	{SCMP_SYS(pipe2), 0, {{0}}}, /* libevent's start */
	{SCMP_SYS(dup2), 0, {{0}}},
	{SCMP_SYS(dup3), 0, {{0}}},
	{SCMP_SYS(memfd_create), 0, {{0}}},
	{SCMP_SYS(getuid), 0, {{0}}},
	{SCMP_SYS(geteuid), 0, {{0}}},
	{SCMP_SYS(getgid), 0, {{0}}},
	{SCMP_SYS(getegid), 0, {{0}}},
	{SCMP_SYS(getppid), 0, {{0}}},
	/* The last step. */
	{SCMP_SYS(chroot), 0, {{0}}},
	{SCMP_SYS(chdir), 0, {{0}}},
	{SCMP_SYS(capget), 0, {{0}}},
	{SCMP_SYS(capset), 0, {{0}}},
	{SCMP_SYS(prlimit64), 1, {IS(0, 0)}},
	{SCMP_SYS(prctl), 1, {IS(0, PR_SET_NO_NEW_PRIVS)}},
	{SCMP_SYS(seccomp), 0, {{0}}},
	{SCMP_SYS(landlock_create_ruleset), 0, {{0}}},
	{SCMP_SYS(landlock_restrict_self), 0, {{0}}},
};

/* Calls of the keeper and of its children. It starts no program, traces no
 * process and mounts nothing. A signal has one process as its target, and the
 * kernel refuses the keeper all processes but its own user's. */
static const struct rule keeper[] = {
	{SCMP_SYS(socket), 1, {IS(0, AF_UNIX)}},
	{SCMP_SYS(socket), 1, {IS(0, AF_INET)}},
	{SCMP_SYS(socket), 1, {IS(0, AF_INET6)}},
	{SCMP_SYS(socket), 1, {IS(0, AF_NETLINK)}},
	{SCMP_SYS(socketpair), 1, {IS(0, AF_UNIX)}},
	{SCMP_SYS(setsockopt), 0, {{0}}},
	{SCMP_SYS(sendmsg), 0, {{0}}},
	{SCMP_SYS(sendmmsg), 0, {{0}}},
	{SCMP_SYS(recvmsg), 0, {{0}}},
	{SCMP_SYS(recvmmsg), 0, {{0}}},
	{SCMP_SYS(shutdown), 0, {{0}}},
	{SCMP_SYS(listen), 0, {{0}}},
	{SCMP_SYS(accept4), 0, {{0}}},
	{SCMP_SYS(close_range), 0, {{0}}},
	{SCMP_SYS(select), 0, {{0}}},
	{SCMP_SYS(pselect6), 0, {{0}}},
	{SCMP_SYS(timerfd_gettime), 0, {{0}}},
	{SCMP_SYS(signalfd4), 0, {{0}}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_DUPFD)}},
	{SCMP_SYS(fcntl), 2, {IS(1, F_SETFL), LACKS(2, O_ASYNC)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_GETLK)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_SETLK)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_OFD_GETLK)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_OFD_SETLK)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_ADD_SEALS)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_GET_SEALS)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_GETPIPE_SZ)}},
	{SCMP_SYS(fcntl), 1, {IS(1, F_SETPIPE_SZ)}},
	{SCMP_SYS(ioctl), 1, {IS(1, TCGETS)}},
	{SCMP_SYS(ioctl), 1, {IS(1, TIOCGWINSZ)}},
	{SCMP_SYS(ioctl), 1, {IS(1, FIONREAD)}},
	{SCMP_SYS(ioctl), 1, {IS(1, FIONBIO)}},
	/* Files: the configuration, the pidfile, what is kept. */
	{SCMP_SYS(open), 0, {{0}}},
	{SCMP_SYS(openat), 0, {{0}}},
	{SCMP_SYS(pwrite64), 0, {{0}}},
	{SCMP_SYS(fsync), 0, {{0}}},
	{SCMP_SYS(fallocate), 0, {{0}}},
	{SCMP_SYS(fdatasync), 0, {{0}}},
	{SCMP_SYS(ftruncate), 0, {{0}}},
	{SCMP_SYS(flock), 0, {{0}}},
	{SCMP_SYS(fchmod), 0, {{0}}},
	{SCMP_SYS(fchown), 0, {{0}}},
	{SCMP_SYS(umask), 0, {{0}}},
	{SCMP_SYS(mkdir), 0, {{0}}},
	{SCMP_SYS(mkdirat), 0, {{0}}},
	{SCMP_SYS(unlink), 0, {{0}}},
	{SCMP_SYS(unlinkat), 0, {{0}}},
	{SCMP_SYS(rename), 0, {{0}}},
	{SCMP_SYS(renameat), 0, {{0}}},
	{SCMP_SYS(renameat2), 0, {{0}}},
	{SCMP_SYS(link), 0, {{0}}},
	{SCMP_SYS(linkat), 0, {{0}}},
	/* Processes. */
	{SCMP_SYS(fork), 0, {{0}}},
	{SCMP_SYS(vfork), 0, {{0}}},
	{SCMP_SYS(clone), 1, {LACKS(0, NAMESPACES)}},
	{SCMP_SYS(set_tid_address), 0, {{0}}},
	{SCMP_SYS(set_robust_list), 0, {{0}}},
	{SCMP_SYS(rseq), 0, {{0}}},
	{SCMP_SYS(sched_yield), 0, {{0}}},
	{SCMP_SYS(sigaltstack), 0, {{0}}},
	{SCMP_SYS(rt_sigtimedwait), 0, {{0}}},
	{SCMP_SYS(wait4), 0, {{0}}},
	{SCMP_SYS(waitid), 0, {{0}}},
	{SCMP_SYS(kill), 2, {{0, SCMP_CMP_LE, 0x7fffffff, 0}, IS(1, SIGKILL)}},
	{SCMP_SYS(kill), 2, {{0, SCMP_CMP_LE, 0x7fffffff, 0}, IS(1, 0)}},
	{SCMP_SYS(kill), 2, {{0, SCMP_CMP_LE, 0x7fffffff, 0}, IS(1, SIGTERM)}},
	{SCMP_SYS(tgkill), 1, {IS(2, SIGABRT)}},
	{SCMP_SYS(getpgrp), 0, {{0}}},
	{SCMP_SYS(getpgid), 0, {{0}}},
	{SCMP_SYS(setsid), 0, {{0}}},
	{SCMP_SYS(getresuid), 0, {{0}}},
	{SCMP_SYS(getresgid), 0, {{0}}},
	{SCMP_SYS(setuid), 0, {{0}}},
	{SCMP_SYS(setgid), 0, {{0}}},
	{SCMP_SYS(setresuid), 0, {{0}}},
	{SCMP_SYS(setresgid), 0, {{0}}},
	{SCMP_SYS(setgroups), 0, {{0}}},
	{SCMP_SYS(getgroups), 0, {{0}}},
	{SCMP_SYS(getrusage), 0, {{0}}},
	{SCMP_SYS(times), 0, {{0}}},
	{SCMP_SYS(prlimit64), 0, {{0}}},
	{SCMP_SYS(prctl), 0, {{0}}},
	{SCMP_SYS(unshare), 1, {IS(0, CLONE_NEWUSER)}},
	{SCMP_SYS(landlock_add_rule), 0, {{0}}},
#ifdef LVSMON_SANITIZED
	/* The leak detector and the symbolizer. */
	{SCMP_SYS(ptrace), 0, {{0}}},
	{SCMP_SYS(execve), 0, {{0}}},
	{SCMP_SYS(getdents), 0, {{0}}},
#endif
};

static int add_rules(void *filter, const struct rule *rules, size_t count)
{
	int error = 0;

	for (size_t i = 0; !error && i < count; i++)
		error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
			rules[i].call, rules[i].count,
			rules[i].count ? rules[i].args : NULL);
	return error;
}

#define ADD(filter, rules)                                                     \
	add_rules(filter, rules, sizeof(rules) / sizeof((rules)[0]))

/* abort(3) signals the process itself. */
static int add_own_signals(void *filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
		SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

int calls_add(void *filter, enum calls set)
{
	int error = ADD(filter, engine);

	if (!error && set != CALLS_ENGINE)
		error = ADD(filter, loading);
	if (!error && set == CALLS_KEEPER)
		return ADD(filter, keeper);
	return error ? error : add_own_signals(filter);
}
