// SPDX-License-Identifier: GPL-2.0-or-later
/* Sessions of TLS. */
#include "tls/tls_sessions.h"

#include "tls/der.h"
#include "tls/tls_memory.h"

#include <assert.h>
#include <time.h>

/* The member of a session that is the server's certificate. It is large, and
 * resuming does not need it. */
#define PEER_TAG 0xa3
/* The most bytes of a session with the certificate. */
#define WHOLE_MAX 16384

struct session {
	int64_t until; /* seconds since 1970: no use from then on */
	uint32_t len;  /* 0 = none */
	unsigned char bytes[TLS_SESSION_SIZE];
};

static_assert(sizeof(struct session) == 1024, "four on a page");

static struct session *sessions;
static uint32_t session_count;

size_t tls_sessions_seal(uint32_t checks)
{
	session_count = checks < TLS_SESSIONS_MAX ? checks : TLS_SESSIONS_MAX;
	sessions = tls_memory_map(session_count * sizeof(*sessions));
	return sessions ? session_count * sizeof(*sessions) : 0;
}

static struct session *session_of(uint32_t check)
{
	return check < session_count ? &sessions[check] : NULL;
}

void tls_sessions_forget(uint32_t check)
{
	struct session *session = session_of(check);

	if (session)
		session->len = 0;
}

/* The library tells of a session, perhaps several times for a link. The last
 * one counts. */
static int keep(SSL *ssl, SSL_SESSION *new)
{
	static unsigned char whole[WHOLE_MAX];
	const uint32_t *check = SSL_get_app_data(ssl);
	struct session *session = check ? session_of(*check) : NULL;
	int len = i2d_SSL_SESSION(new, NULL);
	unsigned char *end = whole;

	if (!session || len <= 0 || len > WHOLE_MAX)
		return 0;
	len = i2d_SSL_SESSION(new, &end);
	session->len = (uint32_t)der_without(
		session->bytes, TLS_SESSION_SIZE, whole, (size_t)len, PEER_TAG);
	return 0;
}

void tls_sessions_follow(SSL_CTX *ctx)
{
	SSL_CTX_set_session_cache_mode(
		ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(ctx, keep);
}

void tls_sessions_bind(SSL *ssl, uint32_t *check)
{
	struct session *session = session_of(*check);
	const unsigned char *at;
	SSL_SESSION *old;

	SSL_set_app_data(ssl, check);
	if (!session || !session->len || time(NULL) >= session->until)
		return;
	at = session->bytes;
	old = d2i_SSL_SESSION(NULL, &at, session->len);
	/* A ticket of TLS 1.3 is used once (RFC 8446, C.4). */
	if (!old || SSL_SESSION_get_protocol_version(old) >= TLS1_3_VERSION)
		session->len = 0;
	if (old)
		SSL_set_session(ssl, old);
	SSL_SESSION_free(old);
}

/* Returns the time from now until a certificate ends, at most most_s. */
static int64_t rest_of(const X509 *cert, int64_t most_s)
{
	int days, seconds;
	int64_t rest;

	if (!ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(cert)))
		return 0;
	rest = (int64_t)days * 86400 + seconds;
	return rest < most_s ? rest : most_s;
}

void tls_sessions_verified(SSL *ssl, uint32_t check)
{
	const STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
	struct session *session = session_of(check);
	int64_t rest = TLS_SESSIONS_USE_S;

	if (!session)
		return;
	for (int i = 0; chain && i < sk_X509_num(chain); i++)
		rest = rest_of(sk_X509_value(chain, i), rest);
	session->until = time(NULL) + rest;
}
