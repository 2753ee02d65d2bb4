/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions of TLS: one of each check, so that its next probe resumes it. A
 * resumed handshake does not verify the certificate again. So a session is used
 * until a certificate of its chain ends, and not longer than
 * TLS_SESSIONS_USE_S.
 */
#ifndef LVSMON_TLS_TLS_SESSIONS_H
#define LVSMON_TLS_TLS_SESSIONS_H

#include <openssl/ssl.h>
#include <stdint.h>

/* A check makes a full handshake at least this often, in seconds. */
#define TLS_SESSIONS_USE_S 300
/* The checks that have a session, at most; the others do not resume. */
#define TLS_SESSIONS_MAX 65536
/* Bytes of a session without the server's certificate. A larger one is not
 * kept. */
#define TLS_SESSION_SIZE 1012

/* Maps memory for so many checks. Returns its size, or 0. */
size_t tls_sessions_seal(uint32_t checks);

/* Lets a context keep the sessions of its links; see tls_sessions_bind. */
void tls_sessions_follow(SSL_CTX *ctx);

/* Says which check a link is of, and resumes the check's session if it has
 * one. *check must live as long as the link. */
void tls_sessions_bind(SSL *ssl, uint32_t *check);

/* Notes that a full handshake has verified the peer now. */
void tls_sessions_verified(SSL *ssl, uint32_t check);

/* Forgets the session of a check. */
void tls_sessions_forget(uint32_t check);

#endif
