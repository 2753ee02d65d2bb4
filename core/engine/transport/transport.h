/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A transport carries the bytes of a probe: a constant table of functions over
 * one state in the probe. The probe calls no system call itself.
 *
 * Order of the calls: begin; proceed until it answers DONE; then send and
 * receive in any order; end or part. why follows an answer FAILED. end or part
 * is called exactly once after each begin that has not failed.
 *
 * An answer WANT_INPUT or WANT_ROOM is a promise: the transport calls
 * state->ready from the loop as soon as it is worthwhile to repeat the call.
 *
 * A new transport is a file with such a table and an entry in loader.c. What
 * several probes share, such as one socket, the transport keeps itself; its end
 * then leaves state->fd alone.
 */
#ifndef LVSMON_ENGINE_TRANSPORT_TRANSPORT_H
#define LVSMON_ENGINE_TRANSPORT_TRANSPORT_H

#include "base/address.h"
#include "loop/loop.h"

enum transport_answer {
	TRANSPORT_DONE,
	TRANSPORT_WANT_INPUT, /* ready follows when there is input */
	TRANSPORT_WANT_ROOM,  /* ready follows when there is room to send */
	TRANSPORT_END,        /* the peer has closed; from receive only */
	TRANSPORT_FAILED,     /* why says more */
};

struct tls_peer;
struct tls_link;

/* The part of a probe that its transport owns. Zeroed, but for the members
 * that its owner sets: loop, ready, inside, mark. */
struct transport_state {
	struct loop *loop;
	/* Called from the loop, never from inside a transport's function. */
	void (*ready)(struct transport_state *state);
	/* Holds `mark` while a library handles the bytes of the peer: if it
	 * crashes or never returns, the check is known. */
	_Atomic uint32_t *inside;
	uint32_t mark;
	struct loop_watch watch;
	int fd;        /* valid between begin and end, if there is one */
	uint32_t slot; /* the same, of a transport whose probes share sockets */
	int error;     /* errno of the last failure; 0 = none */
	size_t count;  /* bytes that the last send or receive moved */
	bool connected; /* the connection needs a reset to close */
	/* Whether input or room is known to be there; false saves a call. */
	bool readable, writable;
	bool drained; /* the last receive took all input that was there */
	bool ended;   /* the peer has closed, and all input was received */
	/* Of the transport TLS. */
	const struct tls_peer *peer;
	uint32_t session;       /* the number of the check among those of TLS */
	struct tls_link *link;  /* NULL = not connected yet */
	const char *reason;     /* why TLS failed; NULL = it did not */
	int code;               /* the number that belongs to the reason */
	struct loop_task later; /* calls ready in another turn */
};

/* The address to connect to. Valid during begin only. */
struct transport_target {
	const struct address *to;
	const struct address *from; /* family 0 = not bound */
	/* For the transport TLS: must outlive the probe. */
	const struct tls_peer *peer;
	uint32_t session;
};

struct transport {
	/*
	 * Each send is one datagram, and each receive gets one, whole or not at
	 * all. A datagram may be empty. Datagrams can be lost, so the probe
	 * repeats its last one.
	 */
	bool datagrams;
	/*
	 * Begins. Returns DONE if proceed is to be asked at the end of the
	 * loop's turn, WANT_INPUT or WANT_ROOM if ready announces the time for
	 * proceed, or FAILED: then nothing is held and end must not follow.
	 */
	enum transport_answer (*begin)(struct transport_state *state,
		const struct transport_target *target);
	/* Continues to connect. Returns DONE, WANT_INPUT, WANT_ROOM or
	 * FAILED. */
	enum transport_answer (*proceed)(struct transport_state *state);
	/*
	 * Sends at most len bytes, len > 0. Returns DONE with the bytes sent in
	 * state->count, WANT_INPUT, WANT_ROOM or FAILED. Input may still be
	 * there after FAILED. NULL = the transport carries no bytes.
	 */
	enum transport_answer (*send)(
		struct transport_state *state, const void *data, size_t len);
	/*
	 * Receives at most size bytes, size > 0. Returns DONE with the bytes
	 * received in state->count, WANT_INPUT, WANT_ROOM, END or FAILED. NULL
	 * as send.
	 */
	enum transport_answer (*receive)(
		struct transport_state *state, void *data, size_t size);
	/*
	 * Returns why the transport failed, a constant text that is a reason
	 * for a verdict; or NULL if something is short on this machine
	 * (state->error), which is no evidence against the peer.
	 */
	const char *(*why)(const struct transport_state *state);
	/* Releases everything that begin and proceed took. */
	void (*end)(struct transport_state *state);
	/*
	 * Does the same in an orderly way: a peer that has not closed is told
	 * first that nothing follows. NULL = a probe does not linger on this
	 * transport, because it has no end that a peer could miss.
	 */
	void (*part)(struct transport_state *state);
	/* Called once if the probe begins to linger: what the transport has on
	 * top of the connection ends, and receive then gets bytes that nobody
	 * looks at. NULL = there is no such thing. */
	void (*bare)(struct transport_state *state);
};

/*
 * Watches state->fd until transport_unwatch, for input and for room; keeps
 * readable and writable up to date and calls state->ready. Returns 0. On
 * failure returns -1 and sets state->error to ENOMEM.
 */
int transport_watch(struct transport_state *state);

/* The same for input alone: state->writable stays as it is. */
int transport_watch_input(struct transport_state *state);

/* Ends the watch, if there is one; must precede the close of state->fd. */
void transport_unwatch(struct transport_state *state);

#endif
