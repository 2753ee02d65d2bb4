/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of a probe, shared by the files that work on it. */
#ifndef LVSMON_ENGINE_PROBE_STATE_H
#define LVSMON_ENGINE_PROBE_STATE_H

#include "engine/loader.h"
#include "engine/repeat.h"
#include "engine/security.h"
#include "engine/transport/transport.h"
#include "loop/loop.h"

#include <stdalign.h>
#include <stdatomic.h>

struct probe;

/* The result of a probe. */
struct verdict {
	bool up;
	uint8_t weight; /* percent of the configured weight; 100 unless the
			   checker said less */
	/* An errno if something was short on this machine: then there is no
	 * verdict, and up, weight, why and code mean nothing. 0 = verdict. */
	int local;
	const char *why; /* constant, never NULL */
	int32_t code;    /* the protocol's number, or 0 */
	uint64_t began_us;
	uint64_t ended_us;
	/* The probe, if it lingers; NULL = it is free again. */
	struct probe *lingers;
};

/* Takes the result of a check's probe. Called from the loop only. */
typedef void probe_done(
	void *arg, uint32_t check, const struct verdict *verdict);

struct pool;

/* Shared by all probes. */
struct probe_host {
	struct loop *loop;
	size_t input_size; /* bytes of each probe's input */
	probe_done *done;
	void *arg;
	/* Holds the number of the check that makes a step, plus 1; else 0. */
	_Atomic uint32_t *inside;
	/* Takes a probe back, or notes that it lingers. The pool sets these
	 * members. */
	void (*give)(struct pool *pool, struct probe *probe);
	void (*linger)(struct pool *pool, struct probe *probe);
	struct pool *pool;
};

/* A check without a probe is in the phase WAIT. */
enum probe_phase {
	PROBE_IDLE,      /* not in use */
	PROBE_CONNECT,   /* the transport has begun to connect */
	PROBE_CONRESULT, /* the transport could not begin; told next turn */
	PROBE_QUERY,     /* the transport sends what the checker gave */
	PROBE_RECV,      /* the checker waits for more input */
	PROBE_LINGER,    /* the verdict is told; see engine/linger.h */
};

struct probe {
	struct probe *next;  /* while it is free or lingers */
	struct probe **link; /* what points here, while it lingers */
	const struct probe_host *host;
	struct transport_state transport;
	struct loop_timer deadline;
	struct loop_task again;
	uint8_t phase; /* enum probe_phase */
	bool eof;      /* the peer has closed */
	bool cut;      /* sending has failed: only received input counts */
	bool expired;  /* the deadline has passed: this is the last step */
	bool extended; /* the deadline was moved once */
	bool polite;   /* the connection ends in order */
	uint32_t check;
	uint32_t turns;  /* steps so far */
	uint64_t random; /* the number that the checker is given */
	const struct instance *vector;
	const struct transport *carrier;
	const struct security_check *security; /* NULL = no TLS */
	const char *why; /* what the checker said last; NULL = nothing */
	uint64_t began_us;
	uint64_t ends_us; /* the deadline */
	uint64_t lost_us; /* loop_lost at the beginning */
	uint32_t linger_ms;
	size_t linger_left; /* bytes that may still come */
	const char *out;    /* what is left to send */
	size_t out_len;
	struct repeat repeat; /* of the last datagram */
	char *input;          /* host->input_size bytes */
	/* The unused input: in_len bytes at input + in_at. */
	size_t in_at, in_len;
	alignas(max_align_t) unsigned char state[CHECKER_STATE_MAX];
};

/* The check to probe. */
struct probe_order {
	uint32_t check;
	const struct instance *vector;
	const struct config_settings *settings;
	const struct security_check *security; /* NULL = no TLS */
	struct address target;
};

#endif
