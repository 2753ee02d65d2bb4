// SPDX-License-Identifier: GPL-2.0-or-later
/* The module of TLS, as the engine sees it. */
#include "engine/transport/tls_module.h"

#include "tls/tls_context.h"
#include "tls/tls_link.h"
#include "tls/tls_memory.h"
#include "tls/tls_sessions.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <time.h>

/* Seeds both generators, the second one being that of private keys. */
static bool is_seeded(void)
{
	unsigned char byte;

	return RAND_bytes(&byte, 1) == 1 && RAND_priv_bytes(&byte, 1) == 1;
}

/* The library loads no configuration of its own: it could name files and
 * engines that a confined process cannot open. gmtime_r reads the time zone at
 * its first call, and the library calls it for certificates. */
static const char *module_open(const struct tls_below *below)
{
	static const OPENSSL_INIT_SETTINGS *const no_settings = NULL;
	const char *why = tls_memory_open();
	time_t now = time(NULL);
	struct tm broken_down;

	if (why)
		return why;
	(void)gmtime_r(&now, &broken_down);
	if (!OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG |
				      OPENSSL_INIT_NO_ATEXIT |
				      OPENSSL_INIT_LOAD_SSL_STRINGS |
				      OPENSSL_INIT_LOAD_CRYPTO_STRINGS,
		    no_settings))
		return "OpenSSL does not start";
	if (!is_seeded())
		return "OpenSSL has no random numbers";
	ERR_clear_error();
	return tls_link_open(below);
}

static size_t module_seal(uint32_t probes, uint32_t checks)
{
	size_t sessions = tls_sessions_seal(checks);
	size_t links = tls_link_seal(probes);
	size_t regions = tls_memory_seal(probes);

	if (!sessions || !links || !regions)
		return 0;
	return sessions + links + regions;
}

extern const struct tls_module lvsmon_tls;

__attribute__((visibility("default"))) const struct tls_module lvsmon_tls = {
	.version = TLS_MODULE_VERSION,
	.open = module_open,
	.context = tls_context_make,
	.seal = module_seal,
	.begin = tls_link_begin,
	.handshake = tls_link_handshake,
	.send = tls_link_send,
	.receive = tls_link_receive,
	.end = tls_link_end,
};
