/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface between the transport TLS and the module that has the library
 * of TLS. The engine loads the module only if a check needs TLS, so that no
 * other process has the library. The module has no descriptor: it calls the
 * functions of struct tls_below.
 *
 * Order of the calls: open; context for each distinct set of files; seal, after
 * which the module takes no memory from the system; begin, handshake until it
 * is done, send and receive, end for each probe.
 */
#ifndef LVSMON_ENGINE_TRANSPORT_TLS_MODULE_H
#define LVSMON_ENGINE_TRANSPORT_TLS_MODULE_H

#include "engine/transport/transport.h"

#define TLS_MODULE_VERSION 1
/* The name of the module's file, without ".so". No checker can have it. */
#define TLS_MODULE_NAME "lvsmon-tls"

/* The connection below TLS. arg is the probe's transport_state. The answers
 * are those of struct transport; the bytes are counted in *count. */
struct tls_below {
	enum transport_answer (*receive)(
		void *arg, void *data, size_t size, size_t *count);
	enum transport_answer (*send)(
		void *arg, const void *data, size_t len, size_t *count);
};

/* The content of a file; text is NULL if there is none. */
struct tls_text {
	const char *text;
	size_t len;
};

/* Checks with equal wishes share a context. */
struct tls_wish {
	bool verifies;        /* the peer's certificate */
	bool only_tls13;      /* else 1.2 and 1.3 */
	const char *alpn;     /* "h2,http/1.1", or NULL */
	struct tls_text ca;   /* PEM; for verifies only */
	struct tls_text cert; /* PEM: the certificate, then its chain */
	struct tls_text key;  /* PEM, without a passphrase */
};

/* The part of a wish that is wrong. */
enum tls_part { TLS_PART_CA, TLS_PART_CERT, TLS_PART_KEY, TLS_PART_OTHER };

struct tls_fault {
	enum tls_part part;
	const char *why; /* constant */
};

struct tls_context;
struct tls_link;

/* The peer of a check. Lives as long as the engine. */
struct tls_peer {
	const struct tls_context *context;
	const char *host;   /* NULL = unknown: no SNI */
	bool host_address;  /* host is an address and no name: no SNI */
	bool host_verifies; /* the certificate must be for host */
};

/* The result of a call that did not answer DONE or WANT. */
struct tls_result {
	/* The reason for a verdict, constant; NULL = the connection below says
	 * why. */
	const char *why;
	int code; /* the alert, or the number of X509_V_ERR_*; 0 = none */
	/* Answers WANT_INPUT, but the call is to be repeated in the next turn
	 * of the loop: there may be more input already. */
	bool again;
	size_t count; /* bytes that send and receive moved */
};

struct tls_module {
	uint32_t version; /* TLS_MODULE_VERSION */
	/* Takes the module's memory and seeds its random numbers. Returns NULL,
	 * or why not. */
	const char *(*open)(const struct tls_below *below);
	/* Returns a context, or NULL with *fault. */
	const struct tls_context *(*context)(
		const struct tls_wish *wish, struct tls_fault *fault);
	/* Fixes the memory: that of so many probes at once, and of one session
	 * for each of so many checks. Returns the size of all in bytes, or 0
	 * if there is no memory. */
	size_t (*seal)(uint32_t probes, uint32_t checks);
	/* Returns a link for a connection that is established, or NULL if all
	 * probes are in use. check is less than seal's checks. */
	struct tls_link *(*begin)(
		const struct tls_peer *peer, uint32_t check, void *arg);
	/* As proceed, send and receive of struct transport. */
	enum transport_answer (*handshake)(
		struct tls_link *link, struct tls_result *result);
	enum transport_answer (*send)(struct tls_link *link, const void *data,
		size_t len, struct tls_result *result);
	enum transport_answer (*receive)(struct tls_link *link, void *data,
		size_t size, struct tls_result *result);
	/* Ends a link; sends a close_notify if the handshake was done. */
	void (*end)(struct tls_link *link);
};

#endif
