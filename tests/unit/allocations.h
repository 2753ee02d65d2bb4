/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often a process has asked for memory, or given some back.
 *
 * allocations.so is preloaded (LD_PRELOAD) into a process and all it forks; the
 * file that LVSMON_ALLOCATIONS names, made by whoever wants to know, with
 * sizeof(struct allocations) bytes of zeroes, then holds the figures of each
 * process. It goes on where a process has no right to open files any more.
 */
#ifndef LVSMON_TESTS_ALLOCATIONS_H
#define LVSMON_TESTS_ALLOCATIONS_H

#include <stdatomic.h>
#include <stdint.h>

#define ALLOCATIONS_ENV "LVSMON_ALLOCATIONS"
/* Processes; those that come later are not counted. */
#define ALLOCATIONS_MAX 256

struct allocations {
	struct {
		_Atomic int32_t pid; /* 0 = not used */
		/* malloc, calloc, realloc, ... and free of not NULL. */
		_Atomic uint64_t calls;
	} processes[ALLOCATIONS_MAX];
};

#endif
