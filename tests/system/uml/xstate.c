// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A preload for user-mode Linux that hands complete XSAVE areas to the host.
 *
 * User-mode Linux keeps the floating-point registers of its processes in an
 * area. The size of the area was fixed when user-mode Linux was built. It gives
 * the area to the host by PTRACE_SETREGSET. If the processor has more state
 * (AMX alone is 8 KiB), the host's kernel accepts the complete area only and
 * answers EFAULT. Then the guest panics in put_fp_registers at its first
 * process.
 *
 * This ptrace() reads the complete area, copies the guest's part over it and
 * writes it back. On other machines it changes nothing.
 */
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define AREA_MAX 65536

static long set_xstate(long pid, const struct iovec *part)
{
	static unsigned char area[AREA_MAX];
	struct iovec whole = {area, sizeof(area)};

	if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &whole) <
			0 ||
		whole.iov_len <= part->iov_len)
		return syscall(
			SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, part);
	memcpy(area, part->iov_base, part->iov_len);
	return syscall(
		SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &whole);
}

/* The system call stores the word that libc's ptrace() returns. */
static long peek(int request, long pid, unsigned long addr)
{
	long word;

	if (syscall(SYS_ptrace, request, pid, addr, &word) < 0)
		return -1;
	errno = 0;
	return word;
}

__attribute__((visibility("default"))) long ptrace(
	enum __ptrace_request request, ...)
{
	va_list ap;
	long pid;
	unsigned long addr;
	void *data;

	va_start(ap, request);
	pid = va_arg(ap, int);
	addr = va_arg(ap, unsigned long);
	data = va_arg(ap, void *);
	va_end(ap);
	if ((int)request == PTRACE_SETREGSET && addr == NT_X86_XSTATE)
		return set_xstate(pid, data);
	if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA ||
		request == PTRACE_PEEKUSER)
		return peek(request, pid, addr);
	return syscall(SYS_ptrace, request, pid, addr, data);
}
