// SPDX-License-Identifier: GPL-2.0-or-later
/* Links. */
#include "tls/tls_link.h"

#include "tls/tls_context.h"
#include "tls/tls_memory.h"
#include "tls/tls_reason.h"
#include "tls/tls_sessions.h"

#include <assert.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

struct tls_link {
	struct tls_link *next; /* while it is free */
	SSL *ssl;
	void *arg;      /* of the functions below */
	uint32_t check; /* see tls_sessions_bind */
	bool done;      /* the handshake */
	/* Of the present call. */
	size_t budget; /* bytes that it may still receive */
	bool waits;    /* the connection below has nothing now */
	bool ended;    /* the peer has closed the connection */
	bool broken;   /* the connection below has failed */
};

static const struct tls_below *below;
static BIO_METHOD *method;
static struct tls_link *links, *free_links;

static int bio_read(BIO *bio, char *data, int size)
{
	struct tls_link *link = BIO_get_data(bio);
	size_t most = size > 0 ? (size_t)size : 0, count = 0;
	enum transport_answer answer;

	BIO_clear_retry_flags(bio);
	if (most > link->budget)
		most = link->budget;
	if (!most) {
		BIO_set_retry_read(bio);
		return -1;
	}
	answer = below->receive(link->arg, data, most, &count);
	if (answer == TRANSPORT_DONE) {
		link->budget -= count;
		return (int)count;
	}
	link->ended = answer == TRANSPORT_END;
	link->broken = answer == TRANSPORT_FAILED;
	link->waits = !link->ended && !link->broken;
	if (answer == TRANSPORT_END)
		return 0;
	if (answer != TRANSPORT_FAILED)
		BIO_set_retry_read(bio);
	return -1;
}

static int bio_write(BIO *bio, const char *data, int len)
{
	struct tls_link *link = BIO_get_data(bio);
	size_t count = 0;
	enum transport_answer answer;

	BIO_clear_retry_flags(bio);
	if (len <= 0)
		return 0;
	answer = below->send(link->arg, data, (size_t)len, &count);
	if (answer == TRANSPORT_DONE)
		return (int)count;
	link->broken = answer == TRANSPORT_FAILED;
	if (answer != TRANSPORT_FAILED)
		BIO_set_retry_write(bio);
	return -1;
}

static long bio_ctrl(BIO *bio, int command, long number, void *arg)
{
	const struct tls_link *link = BIO_get_data(bio);

	(void)number;
	(void)arg;
	if (command == BIO_CTRL_FLUSH)
		return 1;
	return command == BIO_CTRL_EOF && link && link->ended;
}

const char *tls_link_open(const struct tls_below *functions)
{
	below = functions;
	method = BIO_meth_new(
		BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lvsmon");
	if (!method || !BIO_meth_set_read(method, bio_read) ||
		!BIO_meth_set_write(method, bio_write) ||
		!BIO_meth_set_ctrl(method, bio_ctrl))
		return "no memory for TLS";
	return NULL;
}

size_t tls_link_seal(uint32_t probes)
{
	links = tls_memory_map(probes * sizeof(*links));
	if (!links)
		return 0;
	for (uint32_t i = probes; i > 0; i--) {
		links[i - 1].next = free_links;
		free_links = &links[i - 1];
	}
	return probes * sizeof(*links);
}

/* Every call into the library is between enter and leave. */
static void library_enter(struct tls_link *link)
{
	tls_memory_enter((uint32_t)(link - links));
	link->budget = TLS_LINK_BYTES;
	link->waits = link->ended = link->broken = false;
}

static void library_leave(void)
{
	ERR_clear_error();
	tls_memory_leave();
}

/* The library's macro would drop a const. */
static bool set_name(SSL *ssl, const char *host)
{
	return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
		       TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host) == 1;
}

/* RFC 6066, 3: an address is no name for SNI. */
static bool set_host(SSL *ssl, const struct tls_peer *peer)
{
	if (!peer->host)
		return true;
	if (!peer->host_address && !set_name(ssl, peer->host))
		return false;
	if (!peer->host_verifies)
		return true;
	if (peer->host_address)
		return X509_VERIFY_PARAM_set1_ip_asc(
			       SSL_get0_param(ssl), peer->host) == 1;
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(ssl, peer->host) == 1;
}

static bool link_connect(struct tls_link *link, const struct tls_peer *peer)
{
	BIO *bio;

	link->ssl = SSL_new(tls_context_of(peer->context));
	bio = link->ssl ? BIO_new(method) : NULL;
	if (!bio)
		return false;
	BIO_set_data(bio, link);
	BIO_set_init(bio, 1);
	SSL_set_bio(link->ssl, bio, bio);
	SSL_set_connect_state(link->ssl);
	if (!set_host(link->ssl, peer))
		return false;
	tls_sessions_bind(link->ssl, &link->check);
	return true;
}

struct tls_link *tls_link_begin(
	const struct tls_peer *peer, uint32_t check, void *arg)
{
	struct tls_link *link = free_links;

	if (!link)
		return NULL;
	free_links = link->next;
	*link = (struct tls_link){.arg = arg, .check = check};
	library_enter(link);
	/* Without memory the handshake fails. */
	if (!link_connect(link, peer)) {
		SSL_free(link->ssl);
		link->ssl = NULL;
	}
	library_leave();
	return link;
}

static enum transport_answer link_fail(
	struct tls_link *link, const char *ended, struct tls_result *result)
{
	if (tls_memory_was_short() || !link->ssl)
		result->why = "TLS needs more memory than a probe has";
	else if (link->broken)
		result->why = NULL;
	else if (link->ended)
		result->why = ended;
	else
		tls_reason_find(link->ssl, result);
	link->done = false;
	tls_sessions_forget(link->check);
	return TRANSPORT_FAILED;
}

/* Turns the return value of a call that has not succeeded into an answer. */
static enum transport_answer link_judge(struct tls_link *link, int returned,
	const char *ended, struct tls_result *result)
{
	switch (SSL_get_error(link->ssl, returned)) {
	case SSL_ERROR_WANT_READ:
		result->again = !link->waits;
		return TRANSPORT_WANT_INPUT;
	case SSL_ERROR_WANT_WRITE:
		return TRANSPORT_WANT_ROOM;
	case SSL_ERROR_ZERO_RETURN:
		return TRANSPORT_END;
	default:
		return link_fail(link, ended, result);
	}
}

static enum transport_answer link_shake(
	struct tls_link *link, struct tls_result *result)
{
	static const char ended[] = "connection closed in the TLS handshake";
	enum transport_answer answer;
	int returned;

	if (!link->ssl)
		return link_fail(link, ended, result);
	returned = SSL_do_handshake(link->ssl);
	if (returned == 1) {
		link->done = true;
		if (!SSL_session_reused(link->ssl))
			tls_sessions_verified(link->ssl, link->check);
		return TRANSPORT_DONE;
	}
	answer = link_judge(link, returned, ended, result);
	return answer == TRANSPORT_END ? link_fail(link, ended, result)
				       : answer;
}

enum transport_answer tls_link_handshake(
	struct tls_link *link, struct tls_result *result)
{
	enum transport_answer answer;

	library_enter(link);
	answer = link_shake(link, result);
	library_leave();
	return answer;
}

enum transport_answer tls_link_send(struct tls_link *link, const void *data,
	size_t len, struct tls_result *result)
{
	enum transport_answer answer = TRANSPORT_DONE;
	int returned;

	assert(link->ssl && len > 0);
	library_enter(link);
	returned =
		SSL_write(link->ssl, data, len < INT_MAX ? (int)len : INT_MAX);
	if (returned > 0)
		result->count = (size_t)returned;
	else
		answer =
			link_judge(link, returned, "connection closed", result);
	/* There is no end of sending but a failure. */
	if (answer == TRANSPORT_END)
		answer = link_fail(link, "connection closed", result);
	library_leave();
	return answer;
}

static enum transport_answer read_once(
	struct tls_link *link, void *data, int size, struct tls_result *result)
{
	int returned = SSL_read(link->ssl, data, size);

	if (returned <= 0)
		return link_judge(link, returned, "connection closed", result);
	result->again = false;
	result->count = (size_t)returned;
	return TRANSPORT_DONE;
}

/* The library returns after each message of TLS itself, such as a ticket. */
enum transport_answer tls_link_receive(struct tls_link *link, void *data,
	size_t size, struct tls_result *result)
{
	enum transport_answer answer = TRANSPORT_DONE;
	int most = size < INT_MAX ? (int)size : INT_MAX;

	assert(link->ssl && size > 0);
	library_enter(link);
	for (int i = 0; i < TLS_LINK_MESSAGES; i++) {
		answer = read_once(link, data, most, result);
		if (answer != TRANSPORT_WANT_INPUT || !result->again)
			break;
	}
	library_leave();
	return answer;
}

/* The close_notify is best effort. */
void tls_link_end(struct tls_link *link)
{
	library_enter(link);
	if (link->ssl && link->done)
		(void)SSL_shutdown(link->ssl);
	SSL_free(link->ssl);
	link->ssl = NULL;
	library_leave();
	link->next = free_links;
	free_links = link;
}
