/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts of TLS: the settings and certificates that checks share. */
#ifndef LVSMON_TLS_TLS_CONTEXT_H
#define LVSMON_TLS_TLS_CONTEXT_H

#include "engine/transport/tls_module.h"

#include <openssl/ssl.h>

/* A peer's certificates may take so many bytes in one message. */
#define TLS_CONTEXT_CHAIN_MAX (64L * 1024)

/* See struct tls_module. Contexts are never freed. */
const struct tls_context *tls_context_make(
	const struct tls_wish *wish, struct tls_fault *fault);

/* Returns the library's object of a context. */
SSL_CTX *tls_context_of(const struct tls_context *context);

#endif
