/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes calls of the daemon fail.
 *
 * faults.so is preloaded (LD_PRELOAD) into the keeper and all its children. The
 * test makes a file of sizeof(struct faults) zero bytes and names it in
 * LVSMON_FAULTS. Through the file the test chooses the calls that fail, and
 * sees how often each function was called.
 */
#ifndef LVSMON_TESTS_FAULTS_H
#define LVSMON_TESTS_FAULTS_H

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#define FAULTS_ENV "LVSMON_FAULTS"

/* The functions, each with an error that it can have. */
#define FAULTS_CALLS(CALL)                                                     \
	CALL(malloc, ENOMEM)                                                   \
	CALL(calloc, ENOMEM)                                                   \
	CALL(realloc, ENOMEM)                                                  \
	CALL(mmap, ENOMEM)                                                     \
	CALL(open, EMFILE)                                                     \
	CALL(fopen, EACCES)                                                    \
	CALL(opendir, EMFILE)                                                  \
	CALL(stat, EACCES)                                                     \
	CALL(fstat, EIO)                                                       \
	CALL(read, EIO)                                                        \
	CALL(dup, EMFILE)                                                      \
	CALL(socket, EMFILE)                                                   \
	CALL(bind, EADDRINUSE)                                                 \
	CALL(connect, EAGAIN)                                                  \
	CALL(getsockopt, ENOBUFS)                                              \
	CALL(setsockopt, ENOBUFS)                                              \
	CALL(send, ENOBUFS)                                                    \
	CALL(recv, ENOMEM)                                                     \
	CALL(sendto, ENOBUFS)                                                  \
	CALL(recvfrom, ENOBUFS)                                                \
	CALL(sendmsg, ENOBUFS)                                                 \
	CALL(recvmsg, ENOBUFS)                                                 \
	CALL(epoll_create1, EMFILE)                                            \
	CALL(epoll_ctl, ENOSPC)                                                \
	CALL(epoll_wait, EINTR)                                                \
	CALL(timerfd_create, EMFILE)                                           \
	CALL(timerfd_settime, EINVAL)                                          \
	CALL(eventfd, EMFILE)                                                  \
	CALL(socketpair, EMFILE)                                               \
	CALL(fork, EAGAIN)                                                     \
	CALL(waitpid, EINTR)                                                   \
	CALL(kill, EPERM)                                                      \
	CALL(sigaction, EINVAL)                                                \
	CALL(prctl, EPERM)                                                     \
	CALL(unshare, ENOSPC)                                                  \
	CALL(chroot, EPERM)                                                    \
	CALL(chdir, EACCES)                                                    \
	CALL(mkdir, EROFS)                                                     \
	CALL(setgroups, EPERM)                                                 \
	CALL(setresgid, EPERM)                                                 \
	CALL(setresuid, EAGAIN)                                                \
	CALL(setrlimit, EPERM)                                                 \
	CALL(close_range, ENOSYS)                                              \
	CALL(capset, EPERM)                                                    \
	CALL(seccomp_load, ENOMEM)                                             \
	CALL(dlopen, ENOMEM)

#define FAULTS_NAME(name, error) FAULTS_##name,
enum faults_call { FAULTS_CALLS(FAULTS_NAME) FAULTS_COUNT };
#undef FAULTS_NAME

enum faults_role { FAULTS_KEEPER, FAULTS_CHILD, FAULTS_ROLES };

struct faults {
	_Atomic uint32_t armed; /* 0 = no call fails */
	uint32_t call;          /* enum faults_call */
	uint32_t role;          /* enum faults_role */
	uint32_t first;         /* the first of the calls that fails, from 1 */
	uint32_t last;          /* the last one */
	int32_t error;
	_Atomic uint32_t seen; /* calls since the arming */
	_Atomic uint32_t shot; /* failed ones */
	/* All calls of the keeper and of its children. */
	_Atomic uint32_t calls[FAULTS_ROLES][FAULTS_COUNT];
};

#endif
