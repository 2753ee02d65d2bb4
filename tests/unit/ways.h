/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways to hurt another process or the machine, each a system call. The filter
 * of an engine must refuse all of them. */
#ifndef LVSMON_TESTS_WAYS_H
#define LVSMON_TESTS_WAYS_H

#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Stand for the process to be hurt, a socket, and 4 KiB of zeroed memory. */
#define WAY_TARGET (LONG_MIN)
#define WAY_SOCKET (LONG_MIN + 1)
#define WAY_MEMORY (LONG_MIN + 2)

struct way {
	const char *name;
	const char *call_name;
	long call;
	long args[6];
};

#define WAY(name, call, ...)                                                   \
	{                                                                      \
		name, #call, SYS_##call,                                       \
		{                                                              \
			__VA_ARGS__                                            \
		}                                                              \
	}

static const struct way ways[] = {
	/* Signals. Signal 0 asks for the permission only. */
	WAY("a signal", kill, WAY_TARGET, 0),
	WAY("a signal to the group", kill, 0, 0),
	WAY("a signal to all", kill, -1, 0),
	WAY("a signal to a thread by its number", tkill, WAY_TARGET, 0),
	WAY("a signal to a thread", tgkill, WAY_TARGET, WAY_TARGET, 0),
	WAY("a queued signal", rt_sigqueueinfo, WAY_TARGET, 0, WAY_MEMORY),
	WAY("a queued signal to a thread", rt_tgsigqueueinfo, WAY_TARGET,
		WAY_TARGET, 0, WAY_MEMORY),
	WAY("a handle of a process", pidfd_open, WAY_TARGET, 0),
	WAY("a signal by a handle", pidfd_send_signal, WAY_SOCKET, 0, 0, 0),
	WAY("a descriptor by a handle", pidfd_getfd, WAY_SOCKET, 0, 0),
	/* Signals that descriptors send. */
	WAY("an owner", fcntl, WAY_SOCKET, F_SETOWN, WAY_TARGET),
	WAY("an owner, with more bits", fcntl, WAY_SOCKET, F_SETOWN | 1L << 32,
		WAY_TARGET),
	WAY("a thread as owner", fcntl, WAY_SOCKET, F_SETOWN_EX, WAY_MEMORY),
	WAY("the owner's signal", fcntl, WAY_SOCKET, F_SETSIG, SIGKILL),
	WAY("signals of a descriptor", fcntl, WAY_SOCKET, F_SETFL, O_ASYNC),
	WAY("a notice of a directory", fcntl, WAY_SOCKET, F_NOTIFY, 0),
	WAY("a lease", fcntl, WAY_SOCKET, F_SETLEASE, F_RDLCK),
	WAY("an owner by ioctl", ioctl, WAY_SOCKET, FIOSETOWN, WAY_MEMORY),
	WAY("a socket's group", ioctl, WAY_SOCKET, SIOCSPGRP, WAY_MEMORY),
	WAY("signals by ioctl", ioctl, WAY_SOCKET, FIOASYNC, WAY_MEMORY),
	WAY("input of a terminal", ioctl, 0, TIOCSTI, WAY_MEMORY),
	WAY("a timer", timer_create, CLOCK_MONOTONIC, WAY_MEMORY, WAY_MEMORY),
	WAY("an interval timer", setitimer, ITIMER_REAL, 0, 0),
	WAY("a message queue", mq_open, WAY_MEMORY, O_CREAT, 0600, 0),
	WAY("a notice of a queue", mq_notify, WAY_SOCKET, WAY_MEMORY),
	/* Other processes: their memory, limits and priority. */
	WAY("a trace", ptrace, PTRACE_ATTACH, WAY_TARGET, 0, 0),
	WAY("a quiet trace", ptrace, PTRACE_SEIZE, WAY_TARGET, 0, 0),
	WAY("memory read", process_vm_readv, WAY_TARGET, WAY_MEMORY, 0,
		WAY_MEMORY, 0, 0),
	WAY("memory written", process_vm_writev, WAY_TARGET, WAY_MEMORY, 0,
		WAY_MEMORY, 0, 0),
	WAY("memory given back", process_madvise, WAY_SOCKET, 0, 0, 0, 0),
	WAY("memory moved", move_pages, WAY_TARGET, 0, 0, 0, 0, 0),
	WAY("a comparison", kcmp, WAY_TARGET, WAY_TARGET, 0, 0, 0),
	WAY("a file to write", openat, AT_FDCWD, WAY_MEMORY, O_RDWR),
	WAY("a file to make", openat, AT_FDCWD, WAY_MEMORY, O_CREAT),
	WAY("a limit", prlimit64, WAY_TARGET, RLIMIT_CPU, 0, WAY_MEMORY),
	WAY("a priority", setpriority, PRIO_PROCESS, WAY_TARGET, 19),
	WAY("a policy", sched_setscheduler, WAY_TARGET, SCHED_IDLE, WAY_MEMORY),
	WAY("processors", sched_setaffinity, WAY_TARGET, 8, WAY_MEMORY),
	WAY("a priority of disks", ioprio_set, 1, WAY_TARGET, 0),
	WAY("a group", setpgid, 0, 0),
	WAY("a session", setsid, 0),
	WAY("life after the keeper", prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0),
	WAY("a tracer", prctl, PR_SET_PTRACER, WAY_TARGET, 0, 0, 0),
	WAY("a memory dump", prctl, PR_SET_DUMPABLE, 1, 0, 0, 0),
	/* Shared memory and other means of System V. */
	WAY("shared memory", shmget, 0, 4096, IPC_CREAT | 0600),
	WAY("semaphores", semget, 0, 1, IPC_CREAT | 0600),
	WAY("a queue", msgget, 0, IPC_CREAT | 0600),
	WAY("a descriptor that is sent", sendmsg, WAY_SOCKET, WAY_MEMORY, 0),
	WAY("descriptors that are sent", sendmmsg, WAY_SOCKET, WAY_MEMORY, 1,
		0),
	/* Processes and programs. */
	WAY("a process", clone, SIGCHLD, 0, 0, 0, 0),
	WAY("a process of the new call", clone3, WAY_MEMORY, 88),
	WAY("a program", execve, WAY_MEMORY, 0, 0),
	WAY("a program by a descriptor", execveat, AT_FDCWD, WAY_MEMORY, 0, 0,
		0),
	/* The kernel's other interfaces. */
	WAY("a local socket", socket, AF_UNIX, SOCK_STREAM, 0),
	WAY("a netlink socket", socket, AF_NETLINK, SOCK_RAW, 0),
	WAY("a packet socket", socket, AF_PACKET, SOCK_RAW, 0),
	WAY("a cipher socket", socket, AF_ALG, SOCK_SEQPACKET, 0),
	WAY("a socket of virtual machines", socket, AF_VSOCK, SOCK_STREAM, 0),
	WAY("a raw socket", socket, AF_INET, SOCK_RAW, IPPROTO_RAW),
	WAY("a socket of another protocol", socket, AF_INET, SOCK_STREAM,
		IPPROTO_SCTP),
	WAY("a pair of sockets", socketpair, AF_UNIX, SOCK_STREAM, 0,
		WAY_MEMORY),
	WAY("a filter of packets", setsockopt, WAY_SOCKET, SOL_SOCKET,
		SO_ATTACH_FILTER, WAY_MEMORY, 16),
	WAY("a device", setsockopt, WAY_SOCKET, SOL_SOCKET, SO_BINDTODEVICE,
		WAY_MEMORY, 4),
	WAY("the table of IPVS", setsockopt, WAY_SOCKET, IPPROTO_IP, 64 + 1024,
		WAY_MEMORY, 4),
	WAY("a server", listen, WAY_SOCKET, 1),
	WAY("a name space", setns, WAY_SOCKET, 0),
	WAY("a mount", mount, WAY_MEMORY, WAY_MEMORY, WAY_MEMORY, 0, 0),
	WAY("another user", setresuid, 0, 0, 0),
	WAY("a program of the kernel", bpf, 0, WAY_MEMORY, 0),
	WAY("a ring", io_uring_setup, 1, WAY_MEMORY),
	WAY("a counter", perf_event_open, WAY_MEMORY, 0, -1, -1, 0),
	WAY("page faults", userfaultfd, 0),
	WAY("a key", keyctl, 0, -1, 0, 0, 0),
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* Makes the call. Returns its result and sets errno. */
static inline long way_try(const struct way *way, long target, long fd)
{
	static char memory[4096];
	long args[6];

	for (int i = 0; i < 6; i++) {
		args[i] = way->args[i];
		if (args[i] == WAY_TARGET)
			args[i] = target;
		else if (args[i] == WAY_SOCKET)
			args[i] = fd;
		else if (args[i] == WAY_MEMORY)
			args[i] = (long)memory;
	}
	return syscall(way->call, args[0], args[1], args[2], args[3], args[4],
		args[5]);
}

#endif
