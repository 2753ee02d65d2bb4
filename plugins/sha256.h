/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of bytes that arrive in pieces: FIPS 180-4. */
#ifndef LVSMON_PLUGINS_SHA256_H
#define LVSMON_PLUGINS_SHA256_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SHA256_SIZE 32 /* bytes of a digest */
#define SHA256_BLOCK 64

struct sha256 {
	uint64_t size; /* bytes so far */
	uint32_t hash[8];
	uint8_t block[SHA256_BLOCK]; /* the last size % 64 bytes */
};

static inline void sha256_begin(struct sha256 *sha)
{
	/* 5.3.3 */
	static const uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
		0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(sha->hash, hash, sizeof(hash));
	sha->size = 0;
}

static inline uint32_t sha256_turn(uint32_t x, unsigned int bits)
{
	return x >> bits | x << (32 - bits);
}

static inline uint32_t sha256_read(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static inline void sha256_write(uint8_t *at, uint32_t x)
{
	for (unsigned int i = 0; i < 4; i++)
		at[i] = (uint8_t)(x >> (24 - 8 * i));
}

/* 6.2.2, step 1. */
static inline void sha256_schedule(uint32_t *words, const uint8_t *block)
{
	for (unsigned int i = 0; i < 16; i++)
		words[i] = sha256_read(block + (size_t)4 * i);
	for (unsigned int i = 16; i < 64; i++) {
		uint32_t a = words[i - 15];
		uint32_t b = words[i - 2];

		words[i] = words[i - 16] + words[i - 7] +
			   (sha256_turn(a, 7) ^ sha256_turn(a, 18) ^ a >> 3) +
			   (sha256_turn(b, 17) ^ sha256_turn(b, 19) ^ b >> 10);
	}
}

/* 6.2.2, one turn of step 3. v holds the variables a to h. */
static inline void sha256_round(uint32_t *v, uint32_t word)
{
	uint32_t a = v[0];
	uint32_t e = v[4];
	uint32_t first =
		v[7] + word +
		(sha256_turn(e, 6) ^ sha256_turn(e, 11) ^ sha256_turn(e, 25)) +
		((e & v[5]) ^ (~e & v[6]));
	uint32_t second =
		(sha256_turn(a, 2) ^ sha256_turn(a, 13) ^ sha256_turn(a, 22)) +
		((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

	memmove(v + 1, v, 7 * sizeof(*v));
	v[4] += first;
	v[0] = first + second;
}

static inline void sha256_take_block(struct sha256 *sha, const uint8_t *block)
{
	/* 4.2.2 */
	static const uint32_t constants[64] = {0x428a2f98, 0x71374491,
		0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
		0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
		0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1,
		0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
		0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
		0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
		0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354,
		0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
		0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
		0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
		0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
		0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
		0xbef9a3f7, 0xc67178f2};
	uint32_t words[64];
	uint32_t v[8];

	sha256_schedule(words, block);
	memcpy(v, sha->hash, sizeof(v));
	for (unsigned int i = 0; i < 64; i++)
		sha256_round(v, words[i] + constants[i]);
	for (unsigned int i = 0; i < 8; i++)
		sha->hash[i] += v[i];
}

static inline void sha256_add(struct sha256 *sha, const void *data, size_t len)
{
	const uint8_t *at = data;
	size_t fill = sha->size % SHA256_BLOCK;

	sha->size += len;
	while (len > 0) {
		size_t part = SHA256_BLOCK - fill;

		part = part < len ? part : len;
		memcpy(sha->block + fill, at, part);
		at += part;
		len -= part;
		fill += part;
		if (fill < SHA256_BLOCK)
			return;
		sha256_take_block(sha, sha->block);
		fill = 0;
	}
}

/* Writes SHA256_SIZE bytes. No byte may be added after that. */
static inline void sha256_end(struct sha256 *sha, uint8_t *digest)
{
	/* 5.1.1 */
	static const uint8_t padding[SHA256_BLOCK] = {0x80};
	uint64_t bits = sha->size * 8;
	size_t fill = sha->size % SHA256_BLOCK;
	uint8_t length[8];

	sha256_add(sha, padding, (fill < 56 ? 56 : 120) - fill);
	sha256_write(length, (uint32_t)(bits >> 32));
	sha256_write(length + 4, (uint32_t)bits);
	sha256_add(sha, length, sizeof(length));
	for (unsigned int i = 0; i < 8; i++)
		sha256_write(digest + (size_t)4 * i, sha->hash[i]);
}

#endif
