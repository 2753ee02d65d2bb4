/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of a check, in flight: connects, lets the checker speak, and ends
 * with a verdict, within one deadline from start to end.
 */
#ifndef LVSMON_ENGINE_PROBE_H
#define LVSMON_ENGINE_PROBE_H

#include "engine/loader.h"
#include "loop/loop.h"

#include <stdalign.h>

/* What a probe found. */
struct verdict {
	bool up;
	/* Something was short here: no verdict, only `local` counts then. */
	int local;       /* an errno; 0 = a verdict */
	const char *why; /* constant, never NULL */
	int32_t code;    /* the protocol's number, or 0 */
	uint8_t weight;  /* if up: percent of the configured weight */
	uint64_t began_us;
	uint64_t ended_us;
};

/* The probe is free again when it is called. Only ever called by the loop. */
typedef void probe_done(
	void *arg, uint32_t check, const struct verdict *verdict);

/* What all probes share. */
struct probe_host {
	struct loop *loop;
	size_t input_size;
	probe_done *done;
	void *arg;
};

/* One way through the phases; WAIT is a check without a probe. */
enum probe_phase {
	PROBE_CONNECT,   /* the socket is not connected yet */
	PROBE_CONRESULT, /* how that ended is told at the next turn */
	PROBE_QUERY,     /* out is being sent */
	PROBE_RECV,      /* the checker wants more input */
};

struct probe {
	struct probe *next; /* while it is free */
	struct pool *pool;
	struct loop_watch watch;
	struct loop_timer deadline;
	struct loop_task again;
	int fd;    /* -1 = none */
	int error; /* of a connect that failed at once */
	uint8_t phase;
	bool connected;
	bool eof;
	/* As far as is known: so that nothing is asked of the kernel in vain.
	 */
	bool readable, writable;
	uint32_t check;
	uint32_t turns; /* steps so far */
	const struct instance *vector;
	const char *why; /* what the checker said last; NULL = nothing */
	uint64_t began_us;
	uint64_t ends_us; /* its deadline */
	const char *out;  /* what is left to send */
	size_t out_len;
	char *input; /* in of the checker, its first byte unused */
	size_t in_at, in_len;
	alignas(max_align_t) unsigned char state[CHECKER_STATE_MAX];
};

/* What to probe, and how. */
struct probe_order {
	uint32_t check;
	const struct instance *vector;
	const struct config_settings *settings;
	struct address target;
};

/* Begins; the probe is one that pool_take gave. Returns 0, or an errno where
 * something is short here: then the probe is still free. */
int probe_begin(struct probe *probe, const struct probe_order *order);

#endif
