// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of the TLS library. */
#include "tls/tls_memory.h"

#include "tls/region.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/mman.h>

static struct region shared;
static struct region *of_probes; /* probe_count regions; NULL before the seal */
static char *probe_memory;       /* their bytes */
static uint32_t probe_count;
static struct region *current = &shared;
static bool was_short;

void *tls_memory_map(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		// cppcheck-suppress invalidFunctionArg; no file is -1
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	// cppcheck-suppress memleak
	return at == MAP_FAILED ? NULL : at;
}

static bool is_of_probes(const void *at)
{
	const char *byte = at;

	return probe_memory && byte >= probe_memory &&
	       byte < probe_memory + probe_count * TLS_MEMORY_PROBE;
}

static struct region *region_of(const void *at)
{
	const char *byte = at;

	if (is_of_probes(at))
		return &of_probes[(size_t)(byte - probe_memory) /
				  TLS_MEMORY_PROBE];
	assert(byte >= shared.start && byte < shared.start + shared.size);
	return &shared;
}

static void *take(struct region *region, size_t size)
{
	void *at = region_take(region, size);

	if (!at)
		was_short = true;
	return at;
}

void *tls_memory_alloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return take(current, size);
}

void tls_memory_free(void *at, const char *file, int line)
{
	(void)file;
	(void)line;
	if (at)
		region_give(region_of(at), at);
}

/* A block stays in its region. */
void *tls_memory_resize(void *at, size_t size, const char *file, int line)
{
	size_t capacity;
	void *new;

	if (!at)
		return tls_memory_alloc(size, file, line);
	if (!size) {
		tls_memory_free(at, file, line);
		return NULL;
	}
	capacity = region_capacity(at);
	if (size <= capacity)
		return at;
	new = take(region_of(at), size);
	if (!new)
		return NULL;
	memcpy(new, at, capacity);
	tls_memory_free(at, file, line);
	return new;
}

const char *tls_memory_open(void)
{
	char *start = tls_memory_map(TLS_MEMORY_START);

	if (!start)
		return "no memory for TLS";
	region_init(&shared, start, TLS_MEMORY_START);
	if (CRYPTO_set_mem_functions(
		    tls_memory_alloc, tls_memory_resize, tls_memory_free))
		return NULL;
	return "something else has used OpenSSL's memory before";
}

/* Unmaps what the shared region does not need. */
static void trim_shared(void)
{
	size_t page = 4096;
	size_t kept = region_trim(&shared, TLS_MEMORY_SPARE);

	kept = (kept + page - 1) / page * page;
	if (kept < TLS_MEMORY_START)
		munmap(shared.start + kept, TLS_MEMORY_START - kept);
}

size_t tls_memory_seal(uint32_t probes)
{
	of_probes = tls_memory_map(probes * sizeof(*of_probes));
	probe_memory = tls_memory_map(probes * TLS_MEMORY_PROBE);
	if (!of_probes || !probe_memory)
		return 0;
	probe_count = probes;
	trim_shared();
	return shared.size + probes * (TLS_MEMORY_PROBE + sizeof(*of_probes));
}

void tls_memory_enter(uint32_t probe)
{
	struct region *region = &of_probes[probe];

	assert(probe < probe_count && current == &shared);
	if (!region->size)
		region_init(region, probe_memory + probe * TLS_MEMORY_PROBE,
			TLS_MEMORY_PROBE);
	current = region;
	was_short = false;
}

void tls_memory_leave(void)
{
	assert(current != &shared);
	current = &shared;
}

bool tls_memory_was_short(void)
{
	return was_short;
}

size_t tls_memory_used(uint32_t probe)
{
	assert(probe < probe_count);
	return of_probes[probe].used;
}

size_t tls_memory_peak(uint32_t probe)
{
	assert(probe < probe_count);
	return of_probes[probe].peak;
}
