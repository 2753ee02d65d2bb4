/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reasons for verdicts: constant texts for the library's errors. */
#ifndef LVSMON_TLS_TLS_REASON_H
#define LVSMON_TLS_TLS_REASON_H

#include "engine/transport/tls_module.h"

#include <openssl/ssl.h>

/* Sets why and code of *result for the failed call of a link: of its
 * certificate, of an alert, or of the library's first error in its queue. */
void tls_reason_find(const SSL *ssl, struct tls_result *result);

#endif
