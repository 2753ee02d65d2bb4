/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of RADIUS (RFC 2865, 3): requests written, answers verified. */
#ifndef LVSMON_PLUGINS_RADIUS_PACKET_H
#define LVSMON_PLUGINS_RADIUS_PACKET_H

#include "secret.h"

#define RADIUS_TEXT_MAX 253     /* bytes of an attribute (RFC 2865, 5) */
#define RADIUS_PASSWORD_MAX 128 /* RFC 2865, 5.2 */
#define RADIUS_REQUEST_MAX 704
#define RADIUS_ANSWER_MAX 4096 /* RFC 2865, 3 */

/* RFC 2865, 3; RFC 2866, 3; RFC 5997, 3. */
enum radius_code {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCOUNTING_RESPONSE = 5,
	RADIUS_ACCESS_CHALLENGE = 11,
	RADIUS_STATUS_SERVER = 12,
};

struct radius_text {
	uint16_t len;
	char bytes[SECRET_MAX + 1];
};

struct radius_conf {
	bool rejected; /* -R: a refusal is up */
	struct radius_text secret;
	struct radius_text user; /* no bytes: Status-Server */
	struct radius_text password;
	struct radius_text nas;
};

struct radius_request {
	uint16_t len;
	uint8_t bytes[RADIUS_REQUEST_MAX];
};

/* Writes the request that conf describes. */
void radius_write(const struct radius_conf *conf, uint64_t random,
	struct radius_request *request);

/*
 * Verifies an answer to the request. Returns its code, 0 if it is no answer to
 * the request, or -1 if it was not made with the secret. RFC 2865, 3 demands to
 * discard both.
 */
int radius_verify(const struct radius_conf *conf,
	const struct radius_request *request, const uint8_t *answer,
	size_t len);

#endif
