/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4) of bytes in pieces. They need
 * no memory but the caller's. */
#ifndef LVSMON_PLUGINS_DIGEST_H
#define LVSMON_PLUGINS_DIGEST_H

#include "md5.h"
#include "sha.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGEST_MAX 32 /* bytes of the longest result */
#define DIGEST_BLOCK 64

enum digest_kind {
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA256,
};

struct digest {
	enum digest_kind kind;
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	uint8_t block[DIGEST_BLOCK];
};

/* Returns the bytes of a result: 16, 20 or 32. */
static inline size_t digest_size(enum digest_kind kind)
{
	if (kind == DIGEST_SHA256)
		return 32;
	return kind == DIGEST_SHA1 ? 20 : 16;
}

static inline void digest_begin(struct digest *digest, enum digest_kind kind)
{
	/* MD5 begins with the first four words of SHA-1. */
	static const uint32_t old[8] = {
		0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	static const uint32_t sha256[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
		0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	digest->kind = kind;
	digest->size = 0;
	memcpy(digest->state, kind == DIGEST_SHA256 ? sha256 : old,
		sizeof(digest->state));
}

static inline void digest_compress(struct digest *digest, const uint8_t *block)
{
	switch (digest->kind) {
	case DIGEST_MD5:
		md5_compress(digest->state, block);
		break;
	case DIGEST_SHA1:
		sha1_compress(digest->state, block);
		break;
	case DIGEST_SHA256:
		sha256_compress(digest->state, block);
		break;
	}
}

static inline void digest_add(
	struct digest *digest, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		size_t filled = (size_t)(digest->size % DIGEST_BLOCK);
		size_t part = DIGEST_BLOCK - filled;

		if (part > len)
			part = len;
		memcpy(digest->block + filled, at, part);
		digest->size += part;
		at += part;
		len -= part;
		if (filled + part == DIGEST_BLOCK)
			digest_compress(digest, digest->block);
	}
}

/* Writes `count` bytes of a number; MD5 has the lowest byte first. */
static inline void digest_number(
	enum digest_kind kind, uint8_t *to, uint64_t number, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		unsigned int place = kind == DIGEST_MD5 ? i : count - 1 - i;

		to[i] = (uint8_t)(number >> 8 * place);
	}
}

/* Writes digest_size() bytes to out. The digest must begin again then. */
static inline void digest_end(struct digest *digest, uint8_t *out)
{
	static const uint8_t padding[DIGEST_BLOCK] = {0x80};
	size_t filled = (size_t)(digest->size % DIGEST_BLOCK);
	size_t room = filled < 56 ? 56 - filled : 120 - filled;
	uint8_t bits[8];

	digest_number(digest->kind, bits, digest->size * 8, 8);
	digest_add(digest, padding, room);
	digest_add(digest, bits, sizeof(bits));
	for (size_t i = 0; i < digest_size(digest->kind) / 4; i++)
		digest_number(digest->kind, out + i * 4, digest->state[i], 4);
}

/* Writes the result for data to out. */
static inline void digest_of(
	enum digest_kind kind, const void *data, size_t len, uint8_t *out)
{
	struct digest digest;

	digest_begin(&digest, kind);
	digest_add(&digest, data, len);
	digest_end(&digest, out);
}

#endif
