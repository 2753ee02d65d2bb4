// SPDX-License-Identifier: GPL-2.0-or-later
/* A preload that fails chosen calls. It resolves the true functions at its
 * start, because an engine may not do so any more. Fortified calls are inline
 * functions, which a preload cannot define again. */
#undef _FORTIFY_SOURCE

#include "faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* glibc's own functions behind malloc and the others. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

EXPORT int capset(void *head, const void *data);
EXPORT int seccomp_load(void *filter);

static struct faults *faults;
static enum faults_role role;
static void *real[FAULTS_COUNT];

/* Counts a call. Returns true and sets errno if the call must fail. */
static bool fails(enum faults_call call)
{
	uint32_t number;

	if (!faults)
		return false;
	faults->calls[role][call]++;
	if (!faults->armed || faults->call != (uint32_t)call ||
		faults->role != (uint32_t)role)
		return false;
	number = ++faults->seen;
	if (number < faults->first || number > faults->last)
		return false;
	faults->shot++;
	errno = faults->error;
	return true;
}

static void become_child(void)
{
	role = FAULTS_CHILD;
}

__attribute__((constructor)) static void begin(void)
{
	static const char *const names[] = {
#define FAULTS_NAME(name, error) #name,
		FAULTS_CALLS(FAULTS_NAME)
#undef FAULTS_NAME
	};
	const char *path = getenv(FAULTS_ENV);
	int fd;
	void *map;

	for (size_t i = 0; i < FAULTS_COUNT; i++)
		real[i] = dlsym(RTLD_NEXT, names[i]);
	fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR) : -1;
	if (fd < 0)
		return;
	map = (void *)syscall(SYS_mmap, NULL, sizeof(*faults),
		PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (map == MAP_FAILED)
		return;
	pthread_atfork(NULL, NULL, become_child);
	faults = map;
}

/* Before begin has run, a call goes to the true function. */
static void *real_of(enum faults_call call, const char *name)
{
	if (!real[call])
		real[call] = dlsym(RTLD_NEXT, name);
	return real[call];
}

/* Without memory glibc's getpwnam crashes, and libseccomp loads a filter that
 * is not whole. So these two always get memory. */
static bool memory_fails(enum faults_call call, const void *caller)
{
	Dl_info info;

	if (!faults)
		return false;
	if (dladdr(caller, &info) && info.dli_fname &&
		(strstr(info.dli_fname, "/libc.") ||
			strstr(info.dli_fname, "/libseccomp.")))
		return false;
	return fails(call);
}

EXPORT void *malloc(size_t size)
{
	if (memory_fails(FAULTS_malloc, __builtin_return_address(0)))
		return NULL;
	return __libc_malloc(size);
}

EXPORT void *calloc(size_t number, size_t size)
{
	if (memory_fails(FAULTS_calloc, __builtin_return_address(0)))
		return NULL;
	return __libc_calloc(number, size);
}

EXPORT void *realloc(void *memory, size_t size)
{
	if (memory_fails(FAULTS_realloc, __builtin_return_address(0)))
		return NULL;
	return __libc_realloc(memory, size);
}

EXPORT void *mmap(
	void *at, size_t size, int access, int flags, int fd, off_t offset)
{
	if (fails(FAULTS_mmap))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, size, access, flags, fd, offset);
}

EXPORT int open(const char *path, int flags, ...)
{
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	if (fails(FAULTS_open))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

EXPORT int prctl(int option, ...)
{
	unsigned long a, b, c, d;
	va_list ap;

	va_start(ap, option);
	a = va_arg(ap, unsigned long);
	b = va_arg(ap, unsigned long);
	c = va_arg(ap, unsigned long);
	d = va_arg(ap, unsigned long);
	va_end(ap);
	if (fails(FAULTS_prctl))
		return -1;
	return (int)syscall(SYS_prctl, option, a, b, c, d);
}

/* libseccomp returns the error instead of setting errno. */
EXPORT int seccomp_load(void *filter)
{
	int (*load)(void *) =
		(int (*)(void *))real_of(FAULTS_seccomp_load, "seccomp_load");

	return fails(FAULTS_seccomp_load) ? -errno : load(filter);
}

/* libevent notes signals in a pipe, which cannot fail. A read of this size is
 * libevent's. */
#define NOTE_SIZE 1024

EXPORT ssize_t read(int fd, void *to, size_t size)
{
	if (size != NOTE_SIZE && fails(FAULTS_read))
		return -1;
	return syscall(SYS_read, fd, to, size);
}

/* WRAP(RESULT, FAILED, NAME, (PARAMETERS), (ARGUMENTS)) */
#define WRAP(result, failed, name, parameters, arguments)                      \
	EXPORT result name parameters                                          \
	{                                                                      \
		result(*function) parameters =                                 \
			(result(*) parameters)real_of(FAULTS_##name, #name);   \
                                                                               \
		return fails(FAULTS_##name) ? failed : function arguments;     \
	}

WRAP(FILE *, NULL, fopen, (const char *path, const char *mode), (path, mode))
WRAP(DIR *, NULL, opendir, (const char *path), (path))
WRAP(void *, NULL, dlopen, (const char *path, int mode), (path, mode))
WRAP(int, -1, stat, (const char *path, struct stat *to), (path, to))
WRAP(int, -1, fstat, (int fd, struct stat *to), (fd, to))
WRAP(int, -1, dup, (int fd), (fd))
WRAP(int, -1, socket, (int family, int type, int protocol),
	(family, type, protocol))
WRAP(int, -1, bind, (int fd, const struct sockaddr *at, socklen_t size),
	(fd, at, size))
WRAP(int, -1, connect, (int fd, const struct sockaddr *to, socklen_t size),
	(fd, to, size))
WRAP(int, -1, getsockopt,
	(int fd, int level, int option, void *value, socklen_t *size),
	(fd, level, option, value, size))
WRAP(int, -1, setsockopt,
	(int fd, int level, int option, const void *value, socklen_t size),
	(fd, level, option, value, size))
WRAP(ssize_t, -1, send, (int fd, const void *of, size_t size, int flags),
	(fd, of, size, flags))
WRAP(ssize_t, -1, recv, (int fd, void *to, size_t size, int flags),
	(fd, to, size, flags))
WRAP(ssize_t, -1, sendto,
	(int fd, const void *of, size_t size, int flags,
		const struct sockaddr *to, socklen_t len),
	(fd, of, size, flags, to, len))
WRAP(ssize_t, -1, recvfrom,
	(int fd, void *to, size_t size, int flags, struct sockaddr *from,
		socklen_t *len),
	(fd, to, size, flags, from, len))
WRAP(ssize_t, -1, sendmsg, (int fd, const struct msghdr *message, int flags),
	(fd, message, flags))
WRAP(ssize_t, -1, recvmsg, (int fd, struct msghdr *message, int flags),
	(fd, message, flags))
WRAP(int, -1, epoll_create1, (int flags), (flags))
WRAP(int, -1, epoll_ctl,
	(int poller, int what, int fd, struct epoll_event *event),
	(poller, what, fd, event))
WRAP(int, -1, epoll_wait,
	(int poller, struct epoll_event *events, int most, int timeout),
	(poller, events, most, timeout))
WRAP(int, -1, timerfd_create, (int clock, int flags), (clock, flags))
WRAP(int, -1, timerfd_settime,
	(int fd, int flags, const struct itimerspec *to,
		struct itimerspec *old),
	(fd, flags, to, old))
WRAP(int, -1, eventfd, (unsigned int value, int flags), (value, flags))
WRAP(int, -1, socketpair, (int family, int type, int protocol, int ends[2]),
	(family, type, protocol, ends))
WRAP(pid_t, -1, fork, (void), ())
WRAP(pid_t, -1, waitpid, (pid_t pid, int *status, int options),
	(pid, status, options))
WRAP(int, -1, kill, (pid_t pid, int number), (pid, number))
WRAP(int, -1, sigaction,
	(int number, const struct sigaction *to, struct sigaction *old),
	(number, to, old))
WRAP(int, -1, unshare, (int flags), (flags))
WRAP(int, -1, chroot, (const char *path), (path))
WRAP(int, -1, chdir, (const char *path), (path))
WRAP(int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, -1, setgroups, (size_t count, const gid_t *groups), (count, groups))
WRAP(int, -1, setresgid, (gid_t own, gid_t effective, gid_t saved),
	(own, effective, saved))
WRAP(int, -1, setresuid, (uid_t own, uid_t effective, uid_t saved),
	(own, effective, saved))
WRAP(int, -1, setrlimit, (__rlimit_resource_t what, const struct rlimit *to),
	(what, to))
WRAP(int, -1, close_range, (unsigned int first, unsigned int last, int flags),
	(first, last, flags))
WRAP(int, -1, capset, (void *head, const void *data), (head, data))
