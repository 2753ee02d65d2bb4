/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface between lvsmon and its checkers; the only installed header.
 *
 * A checker is a protocol state machine that never touches a socket. lvsmon
 * connects, sends, receives, keeps time and closes; the checker is shown what
 * arrived and says what to do next. It imports no symbol of lvsmon, only libc.
 * lvsmon-checker(3) is the manual.
 *
 * A probe, as the checker sees it: state is zeroed, step is called once with
 * no input (in_len 0, eof false), and then after each thing it asked for:
 *
 *   - CHECKER_READ: called again when there is more input, or at eof. READ
 *     again at eof ends the probe: down, "connection closed". At the deadline
 *     the probe is down with io->why as its reason.
 *   - CHECKER_WRITE: io->out is sent whole, then step is called again at once,
 *     with whatever input is held (maybe none).
 *   - CHECKER_UP, CHECKER_DOWN: the verdict; step is not called again.
 *
 * Input not marked used is shown again, with what came after it. A step that
 * leaves `window` bytes unused and still wants to read is ended: down, "answer
 * too long". A probe that takes more than CHECKER_TURNS_MAX steps is ended.
 */
#ifndef LVSMON_CHECKER_H
#define LVSMON_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHECKER_ABI 1
/* Bytes, the most that state_size, conf_size and window may say. */
#define CHECKER_STATE_MAX 128
#define CHECKER_CONF_MAX 32768
#define CHECKER_WINDOW_MAX 16384
/* Steps, the most that one probe may take. */
#define CHECKER_TURNS_MAX 100000

enum checker_transport {
	CHECKER_TCP,
	/*
	 * The TCP handshake alone: the last ACK is held back where the kernel
	 * allows it and the connection is reset, so that the real's
	 * application sees no connection. step is called once, connected,
	 * without input, and has to give the verdict.
	 */
	CHECKER_CONNECT,
	CHECKER_UDP,  /* reserved: refused when loaded */
	CHECKER_ICMP, /* reserved: refused when loaded */
	CHECKER_EXEC, /* reserved: refused when loaded */
};

enum checker_next {
	CHECKER_READ,     /* undecided: call again when there is more */
	CHECKER_WRITE,    /* send io->out, then call again */
	CHECKER_STARTTLS, /* reserved: ends the probe as a checker's fault */
	CHECKER_UP,
	CHECKER_DOWN,
};

struct checker_io {
	/* lvsmon's half. */
	const char *in; /* received and not yet used; never NULL */
	size_t in_len;
	bool eof;   /* and nothing follows it */
	int status; /* CHECKER_EXEC at eof: as from waitpid(2) */

	/* The checker's half, zero on entry but for why. */
	size_t used;     /* bytes of in[] done with; the rest comes again */
	const void *out; /* in conf, in state, or constant: never copied */
	size_t out_len;
	const char *why; /* constant: what it waits for, or why it is down */
	int code;        /* the protocol's own number (404, 550), or 0 */
	int weight;      /* with UP: percent of the configured weight; 0 = not
			    said. Reserved: not acted on yet. */
};

struct checker {
	uint16_t abi;        /* CHECKER_ABI */
	uint16_t conf_size;  /* bytes for configure; one per distinct vector */
	uint16_t state_size; /* bytes for step; zeroed when a probe begins */
	uint16_t window;     /* unused input lvsmon must be able to hold */
	enum checker_transport transport;
	const char *summary; /* "HTTP/1.x request, status and body" */
	const char *usage;   /* "[-u path] [-s codes] ..." */
	/*
	 * Reads the vector into conf (zeroed, conf_size bytes, aligned for any
	 * object). argv[0] is the checker's name, argv[argc] is NULL; argv and
	 * its strings live as long as conf. optind and opterr have been reset,
	 * so getopt(3) may be used. Returns 0, or -1 with one line of text and
	 * no newline in err; release is not called then. May be NULL for a
	 * checker without options: then any argument is an error.
	 */
	int (*configure)(
		void *conf, int argc, char **argv, char *err, size_t errsz);
	/* Gives back what configure took; may be NULL. */
	void (*release)(void *conf);
	/*
	 * The TCP port that the vector names, or 0 for the real's own; may be
	 * NULL. A configured check-port goes before it.
	 */
	uint16_t (*port)(const void *conf);
	enum checker_next (*step)(
		const void *conf, void *state, struct checker_io *io);
};

__attribute__((
	visibility("default"))) extern const struct checker lvsmon_checker;

#ifdef __cplusplus
}
#endif

#endif
