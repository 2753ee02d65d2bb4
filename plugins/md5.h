/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MD5 of bytes that arrive in pieces: RFC 1321. MD5 protects nothing; some
 * protocols require it. */
#ifndef LVSMON_PLUGINS_MD5_H
#define LVSMON_PLUGINS_MD5_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MD5_SIZE 16 /* bytes of a digest */
#define MD5_BLOCK 64

struct md5 {
	uint64_t size; /* bytes so far */
	uint32_t hash[4];
	uint8_t block[MD5_BLOCK]; /* the last size % 64 bytes */
};

static inline void md5_begin(struct md5 *md5)
{
	/* 3.3 */
	static const uint32_t hash[4] = {
		0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

	memcpy(md5->hash, hash, sizeof(hash));
	md5->size = 0;
}

static inline uint32_t md5_read(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[1] << 8 | at[0];
}

static inline void md5_write(uint8_t *at, uint32_t x)
{
	for (unsigned int i = 0; i < 4; i++)
		at[i] = (uint8_t)(x >> 8 * i);
}

/* 3.4, the functions F, G, H and I; i is the number of the operation. */
static inline uint32_t md5_mix(
	unsigned int i, uint32_t x, uint32_t y, uint32_t z)
{
	switch (i / 16) {
	case 0:
		return (x & y) | (~x & z);
	case 1:
		return (x & z) | (y & ~z);
	case 2:
		return x ^ y ^ z;
	default:
		return y ^ (x | ~z);
	}
}

/* 3.4, one of the 64 operations. v holds the variables a to d. */
static inline void md5_round(uint32_t *v, unsigned int i, const uint8_t *block)
{
	/* 4294967296 * abs(sin(i + 1)) */
	static const uint32_t sines[64] = {0xd76aa478, 0xe8c7b756, 0x242070db,
		0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
		0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122,
		0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
		0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681,
		0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
		0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
		0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9,
		0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085,
		0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
		0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3,
		0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0,
		0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
		0xeb86d391};
	static const uint8_t shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20},
		{4, 11, 16, 23}, {6, 10, 15, 21}};
	static const uint8_t steps[4] = {1, 5, 3, 7};
	static const uint8_t firsts[4] = {0, 1, 5, 0};
	unsigned int word = (firsts[i / 16] + steps[i / 16] * i) % 16;
	unsigned int shift = shifts[i / 16][i % 4];
	uint32_t sum = v[0] + md5_mix(i, v[1], v[2], v[3]) + sines[i] +
		       md5_read(block + (size_t)4 * word);

	v[0] = v[3];
	v[3] = v[2];
	v[2] = v[1];
	v[1] += sum << shift | sum >> (32 - shift);
}

static inline void md5_take_block(struct md5 *md5, const uint8_t *block)
{
	uint32_t v[4];

	memcpy(v, md5->hash, sizeof(v));
	for (unsigned int i = 0; i < 64; i++)
		md5_round(v, i, block);
	for (unsigned int i = 0; i < 4; i++)
		md5->hash[i] += v[i];
}

static inline void md5_add(struct md5 *md5, const void *data, size_t len)
{
	const uint8_t *at = data;
	size_t fill = md5->size % MD5_BLOCK;

	md5->size += len;
	while (len > 0) {
		size_t part = MD5_BLOCK - fill;

		part = part < len ? part : len;
		memcpy(md5->block + fill, at, part);
		at += part;
		len -= part;
		fill += part;
		if (fill < MD5_BLOCK)
			return;
		md5_take_block(md5, md5->block);
		fill = 0;
	}
}

/* Writes MD5_SIZE bytes. No byte may be added after that. */
static inline void md5_end(struct md5 *md5, uint8_t *digest)
{
	/* 3.1 and 3.2 */
	static const uint8_t padding[MD5_BLOCK] = {0x80};
	uint64_t bits = md5->size * 8;
	size_t fill = md5->size % MD5_BLOCK;
	uint8_t length[8];

	md5_add(md5, padding, (fill < 56 ? 56 : 120) - fill);
	md5_write(length, (uint32_t)bits);
	md5_write(length + 4, (uint32_t)(bits >> 32));
	md5_add(md5, length, sizeof(length));
	for (unsigned int i = 0; i < 4; i++)
		md5_write(digest + (size_t)4 * i, md5->hash[i]);
}

#endif
