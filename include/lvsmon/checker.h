/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface between lvsmon and its checkers; the only installed header.
 *
 * A checker is a protocol state machine that never touches a socket. lvsmon
 * connects, sends, receives, keeps time and closes. lvsmon calls the checker's
 * step with the input that has arrived, and the step returns the next action.
 * A checker imports no symbol from lvsmon. It has no other library than libc,
 * unless that library needs no memory and no system call in a step.
 * lvsmon-checker(3) is the manual.
 *
 * A probe is one run of a check. lvsmon zeroes the state and calls step once
 * without input (in_len 0, eof false). The return value decides what follows:
 *
 *   - CHECKER_READ: lvsmon calls step again when more input has arrived or
 *     the peer has closed (eof). READ at eof ends the probe: down, "connection
 *     closed". At the deadline the probe is down with io->why as its reason.
 *   - CHECKER_WRITE: lvsmon sends all of io->out and calls step again at once,
 *     with the unused input, which may be empty. Without io->out lvsmon sends
 *     nothing: a long computation can be split into steps, and other probes
 *     have their turns between them.
 *   - CHECKER_UP, CHECKER_DOWN: the verdict. lvsmon does not call step again
 *     and nothing changes the verdict. If io->out is set with the verdict,
 *     lvsmon tries once to send these last bytes and ignores the outcome.
 *     After UP, and after last bytes, lvsmon waits for the peer to close, and
 *     throws away what still comes: the peer sees no reset.
 *   - CHECKER_STARTTLS: lvsmon makes a TLS handshake on the connection, and
 *     then calls step as at the start of a probe, without input. Everything
 *     is encrypted from then on. io->out must not be set. The probe is down,
 *     "data before TLS", if input is unused: the server, or somebody between,
 *     has sent what would count as encrypted. Only with checker.starttls.
 *
 * If sending fails because the peer has reset the connection, lvsmon discards
 * the output and shows step the input that had arrived before the reset. The
 * probe is down ("connection reset") once that input is exhausted.
 *
 * step sees unused input again, followed by newer input. If step leaves
 * `window` bytes or more unused and returns READ, the probe is down, "answer
 * too long". A probe is down if it takes more than CHECKER_TURNS_MAX steps.
 */
#ifndef LVSMON_CHECKER_H
#define LVSMON_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHECKER_ABI 2
/* Upper limits of state_size, conf_size and window, in bytes. */
#define CHECKER_STATE_MAX 768
#define CHECKER_CONF_MAX 32768
#define CHECKER_WINDOW_MAX 16384
/* Upper limit of the steps of one probe. */
#define CHECKER_TURNS_MAX 100000
/* Upper limit of io->weight, in percent. */
#define CHECKER_WEIGHT_MAX 100

/* This lvsmon has all of them but EXEC, which its loader refuses. */
enum checker_transport {
	/* A TCP connection. */
	CHECKER_TCP,
	/*
	 * The TCP handshake alone. lvsmon delays the last ACK if the kernel
	 * supports it and then resets the connection, so that the real
	 * server's application does not see the connection. lvsmon calls step
	 * once, after the handshake and without input. step must return a
	 * verdict; last bytes are not sent.
	 */
	CHECKER_CONNECT,
	/* TLS over TCP. host names the peer for SNI and verification. */
	CHECKER_TLS,
	/*
	 * Datagrams. Each WRITE sends one, of at least one byte. After a READ
	 * the next step has exactly one datagram as its input, which may be
	 * empty; lvsmon discards its unused bytes when step returns READ again.
	 * There is no eof. A datagram longer than window ends the probe: down,
	 * "datagram truncated". An ICMP error ends it too: down, "refused" or
	 * "host unreachable".
	 *
	 * Datagrams get lost. If no verdict comes, lvsmon sends the last
	 * datagram again after one third and two thirds of the time that was
	 * left when it was first sent. Until the next WRITE, step must not
	 * change the bytes that it gave as out.
	 */
	CHECKER_UDP,
	/*
	 * ICMP echo. Each WRITE sends one request of at most 9000 bytes; lvsmon
	 * puts a cookie of 8 bytes before them. After a READ the next step has
	 * the data of one reply, behind the cookie. lvsmon ignores packets that
	 * do not belong to the request, and ICMP errors. The other rules are
	 * those of UDP; the port has no meaning.
	 */
	CHECKER_ICMP,
	/* A command. Its standard output is the input, without a WRITE. */
	CHECKER_EXEC,
};

enum checker_next {
	CHECKER_READ,     /* wait for more input */
	CHECKER_WRITE,    /* send io->out, then call step again */
	CHECKER_STARTTLS, /* begin TLS, then call step again; see below */
	CHECKER_UP,       /* verdict: the real server is healthy */
	CHECKER_DOWN,     /* verdict: the real server is not healthy */
};

struct checker_io {
	/* Set by lvsmon before each step. */
	const char *in;  /* the unused input; never NULL; valid in this step */
	size_t in_len;   /* bytes */
	uint64_t random; /* differs between probes, same in all steps of one;
			    hard to predict for a peer, no key material */
	bool eof;        /* the peer has closed: no input follows */
	bool expired;    /* the deadline has passed; see checker.deadline */
	int status;      /* CHECKER_EXEC at eof: as from waitpid(2); else 0 */

	/* Set by the checker; zero before each step except why. */
	size_t used;     /* bytes of in[] consumed; at most in_len */
	const void *out; /* bytes to send; in conf, in state or constant.
			    lvsmon does not copy them. */
	size_t out_len;  /* bytes */
	const char *why; /* constant text: what the checker waits for, or why
			    the server is down. Keeps its value from the last
			    step; NULL before the first. */
	int code;        /* the protocol's own number (404, 550), or 0 */
	int weight;      /* with UP: percent of the configured weight, 1 to
			    CHECKER_WEIGHT_MAX; 0 = not said, means 100. Another
			    number ends the probe: down, checker's fault. */

	uint64_t reserved[2]; /* 0 */
};

struct checker {
	uint16_t abi;        /* CHECKER_ABI */
	uint16_t conf_size;  /* bytes for configure, per distinct vector */
	uint16_t state_size; /* bytes for step, zeroed when a probe begins */
	uint16_t window;     /* bytes of unused input that lvsmon must hold */
	enum checker_transport transport; /* unless transport_of is set */
	/*
	 * true: if the deadline passes after the transport has connected,
	 * lvsmon calls step once more, with io->expired true and the unused
	 * input. The checker can then return UP or DOWN. Any other return
	 * value is down with io->why. false: the probe is down with io->why
	 * without that step.
	 */
	bool deadline;
	const char *summary; /* one line: "HTTP/1.x request, status and body" */
	const char *usage;   /* one line: "[-u path] [-s codes] ..." */
	/*
	 * Reads the vector into conf, which is zeroed, conf_size bytes long
	 * and aligned for any object. argv[0] is the checker's name and
	 * argv[argc] is NULL. argv and its strings live as long as conf.
	 * optind and opterr are reset, so getopt(3) may be used. Returns 0. On
	 * failure returns -1 with one line of text without a newline in err
	 * (errsz bytes); lvsmon does not call release then. NULL = the checker
	 * takes no arguments and lvsmon refuses any.
	 */
	int (*configure)(
		void *conf, int argc, char **argv, char *err, size_t errsz);
	/* Frees what configure allocated, but not conf itself. May be NULL. */
	void (*release)(void *conf);
	/*
	 * The functions below are called once after configure has succeeded.
	 * Each may be NULL. Returned pointers must stay valid until release.
	 */
	/*
	 * Returns the port that the vector names, or 0 for the real server's
	 * port. A configured check-port takes precedence.
	 */
	uint16_t (*port)(const void *conf);
	/* Returns the transport that the vector needs (an https URL). Takes
	 * precedence over the member transport. */
	enum checker_transport (*transport_of)(const void *conf);
	/* For TLS: returns the host name for SNI and verification, or NULL.
	 */
	const char *(*host)(const void *conf);
	/* CHECKER_EXEC, required there: returns the command's words, the first
	 * an absolute path, ended by NULL. */
	char *const *(*command)(const void *conf);
	/*
	 * Makes one step of a probe. conf is constant; state belongs to this
	 * probe. Must not block, allocate, read a clock or do I/O. Required.
	 */
	enum checker_next (*step)(
		const void *conf, void *state, struct checker_io *io);

	/* CHECKER_TCP: returns whether step may return CHECKER_STARTTLS. May
	 * be NULL, which means that it never does. */
	bool (*starttls)(const void *conf);

	const void *reserved[3]; /* NULL */
};

__attribute__((
	visibility("default"))) extern const struct checker lvsmon_checker;

#ifdef __cplusplus
}
#endif

#endif
