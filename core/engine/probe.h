/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of a check, in flight: a probe connects, lets the checker speak, and
 * ends with a verdict, within one deadline from start to end.
 */
#ifndef LVSMON_ENGINE_PROBE_H
#define LVSMON_ENGINE_PROBE_H

#include "engine/loader.h"
#include "engine/security.h"
#include "engine/transport/transport.h"
#include "loop/loop.h"

#include <stdalign.h>
#include <stdatomic.h>

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
};

/* Takes the result of a check's probe. Called from the loop only; the probe is
 * free again by then. */
typedef void probe_done(
	void *arg, uint32_t check, const struct verdict *verdict);

struct pool;
struct probe;

/* Shared by all probes. */
struct probe_host {
	struct loop *loop;
	size_t input_size; /* bytes of each probe's input */
	probe_done *done;
	void *arg;
	/* Holds the number of the check that makes a step, plus 1; else 0. */
	_Atomic uint32_t *inside;
	/* Takes a probe back. The pool sets both members. */
	void (*give)(struct pool *pool, struct probe *probe);
	struct pool *pool;
};

/* A check without a probe is in the phase WAIT. */
enum probe_phase {
	PROBE_IDLE,      /* not in use */
	PROBE_CONNECT,   /* the transport has begun to connect */
	PROBE_CONRESULT, /* the transport could not begin; told next turn */
	PROBE_QUERY,     /* the transport sends what the checker gave */
	PROBE_RECV,      /* the checker waits for more input */
};

struct probe {
	struct probe *next; /* while it is free */
	const struct probe_host *host;
	struct transport_state transport;
	struct loop_timer deadline;
	struct loop_task again;
	uint8_t phase; /* enum probe_phase */
	bool eof;      /* the peer has closed */
	bool cut;      /* sending has failed: only received input counts */
	bool expired;  /* the deadline has passed: this is the last step */
	bool extended; /* the deadline was moved once */
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
	const char *out;  /* what is left to send */
	size_t out_len;
	/* The last datagram, which is sent again `repeats` times more, with
	 * repeat_us between. */
	const char *datagram;
	size_t datagram_len;
	uint64_t repeat_us;
	uint32_t repeats;
	char *input; /* host->input_size bytes */
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

/* Prepares a probe for its first use. input has host->input_size bytes; host
 * and input must outlive the probe. */
void probe_init(
	struct probe *probe, const struct probe_host *host, char *input);

/* Begins. The probe must come from pool_take. Returns 0. On failure returns
 * the errno of what is short on this machine; the probe is still free then and
 * the caller gives it back. */
int probe_begin(struct probe *probe, const struct probe_order *order);

#endif
