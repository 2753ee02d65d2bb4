/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts how often a process allocates or frees memory.
 *
 * allocations.so is preloaded (LD_PRELOAD) into a process and all its children.
 * The test makes a file of sizeof(struct allocations) zero bytes and names it
 * in LVSMON_ALLOCATIONS. The file then holds the counters of each process. A
 * process that may no longer open files still counts.
 */
#ifndef LVSMON_TESTS_ALLOCATIONS_H
#define LVSMON_TESTS_ALLOCATIONS_H

#include <stdatomic.h>
#include <stdint.h>

#define ALLOCATIONS_ENV "LVSMON_ALLOCATIONS"
/* The most processes. Further ones are not counted. */
#define ALLOCATIONS_MAX 4096

struct allocations {
	struct {
		_Atomic int32_t pid; /* 0 = not used */
		/* malloc, calloc, realloc, ... and free, except free(NULL). */
		_Atomic uint64_t calls;
	} processes[ALLOCATIONS_MAX];
};

#endif
