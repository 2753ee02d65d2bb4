/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of the TLS library: regions of fixed size that the module mapped
 * when it was opened and sealed. One region holds contexts and all else that is
 * not of one probe. Each probe has a region of its own, so that no peer can use
 * up the memory of another one.
 */
#ifndef LVSMON_TLS_TLS_MEMORY_H
#define LVSMON_TLS_TLS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of each probe's region. A handshake with a chain of three certificates
 * takes about a third. */
#define TLS_MEMORY_PROBE ((size_t)256 * 1024)
/* The most that contexts may take before tls_memory_seal. */
#define TLS_MEMORY_START ((size_t)256 * 1024 * 1024)
/* Room that the shared region keeps after tls_memory_seal, for what the library
 * keeps of its first handshakes. */
#define TLS_MEMORY_SPARE ((size_t)1024 * 1024)

/* Maps the shared region and hands the functions below to the library. Returns
 * NULL, or why not: a constant text. */
const char *tls_memory_open(void);

/* Maps regions for so many probes and gives the rest of the shared region but
 * TLS_MEMORY_SPARE back. Returns the bytes of all regions, or 0. */
size_t tls_memory_seal(uint32_t probes);

/* Returns mapped memory of this size, zeroed, which takes no room before it is
 * written to; or NULL. */
void *tls_memory_map(size_t size);

/* Lets allocations come from a probe's region, until tls_memory_leave. */
void tls_memory_enter(uint32_t probe);
void tls_memory_leave(void);

/* Whether an allocation has failed since tls_memory_enter. */
bool tls_memory_was_short(void);

/* The bytes that are allocated in a probe's region now, and at most so far. */
size_t tls_memory_used(uint32_t probe);
size_t tls_memory_peak(uint32_t probe);

/* As malloc, realloc and free; the library calls them. file and line are not
 * used. */
void *tls_memory_alloc(size_t size, const char *file, int line);
void *tls_memory_resize(void *at, size_t size, const char *file, int line);
void tls_memory_free(void *at, const char *file, int line);

#endif
