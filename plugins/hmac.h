/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HMAC-SHA-256, RFC 2104, with a key that is prepared once. */
#ifndef LVSMON_PLUGINS_HMAC_H
#define LVSMON_PLUGINS_HMAC_H

#include "digest.h"

#define HMAC_SIZE 32 /* bytes of a result */
#define HMAC_WORDS 8

/* The states behind the first block of both hashes. */
struct hmac_key {
	uint32_t inner[HMAC_WORDS];
	uint32_t outer[HMAC_WORDS];
};

static inline void hmac_pad(
	uint32_t state[HMAC_WORDS], const uint8_t *key, uint8_t pad)
{
	struct digest digest;
	uint8_t block[DIGEST_BLOCK];

	for (size_t i = 0; i < DIGEST_BLOCK; i++)
		block[i] = key[i] ^ pad;
	digest_begin(&digest, DIGEST_SHA256);
	digest_compress(&digest, block);
	memcpy(state, digest.state, sizeof(digest.state));
}

static inline void hmac_key_set(
	struct hmac_key *key, const void *data, size_t len)
{
	uint8_t block[DIGEST_BLOCK] = {0};

	if (len > DIGEST_BLOCK)
		digest_of(DIGEST_SHA256, data, len, block);
	else
		memcpy(block, data, len);
	hmac_pad(key->inner, block, 0x36);
	hmac_pad(key->outer, block, 0x5c);
}

/* The message follows, by digest_add, and hmac_end. */
static inline void hmac_begin(struct digest *digest, const struct hmac_key *key)
{
	digest->kind = DIGEST_SHA256;
	digest->size = DIGEST_BLOCK;
	memcpy(digest->state, key->inner, sizeof(key->inner));
}

static inline void hmac_end(
	struct digest *digest, const struct hmac_key *key, uint8_t *out)
{
	uint8_t inner[HMAC_SIZE];

	digest_end(digest, inner);
	digest->size = DIGEST_BLOCK;
	memcpy(digest->state, key->outer, sizeof(key->outer));
	digest_add(digest, inner, sizeof(inner));
	digest_end(digest, out);
}

static inline void hmac_of(
	const struct hmac_key *key, const void *data, size_t len, uint8_t *out)
{
	struct digest digest;

	hmac_begin(&digest, key);
	digest_add(&digest, data, len);
	hmac_end(&digest, key, out);
}

#endif
