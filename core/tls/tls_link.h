/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links: TLS of one probe each. See struct tls_module for the functions. */
#ifndef LVSMON_TLS_TLS_LINK_H
#define LVSMON_TLS_TLS_LINK_H

#include "engine/transport/tls_module.h"

/* The bytes that one call may receive. The limit keeps a peer that sends tiny
 * records from delaying the other probes. */
#define TLS_LINK_BYTES 32768
/* The messages of TLS itself that one call may take in. */
#define TLS_LINK_MESSAGES 8

/* Returns NULL, or why not. */
const char *tls_link_open(const struct tls_below *below);

/* Maps memory for so many links. Returns its size, or 0. */
size_t tls_link_seal(uint32_t probes);

struct tls_link *tls_link_begin(
	const struct tls_peer *peer, uint32_t check, void *arg);
enum transport_answer tls_link_handshake(
	struct tls_link *link, struct tls_result *result);
enum transport_answer tls_link_send(struct tls_link *link, const void *data,
	size_t len, struct tls_result *result);
enum transport_answer tls_link_receive(struct tls_link *link, void *data,
	size_t size, struct tls_result *result);
void tls_link_end(struct tls_link *link);

#endif
