/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The block function of MD5, RFC 1321. */
#ifndef LVSMON_PLUGINS_MD5_H
#define LVSMON_PLUGINS_MD5_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t md5_rotate(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static inline uint32_t md5_word(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* RFC 1321, 3.4. */
static const uint32_t md5_sines[64] = {0xd76aa478, 0xe8c7b756, 0x242070db,
	0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
	0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
	0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
	0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60,
	0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7,
	0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f,
	0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391};

/* RFC 1321, 3.4: the value that round `step` adds to the first word. */
static inline uint32_t md5_mix(
	const uint32_t s[4], const uint8_t *block, unsigned int step)
{
	uint32_t mixed;
	unsigned int word;

	switch (step / 16) {
	case 0:
		mixed = (s[1] & s[2]) | (~s[1] & s[3]);
		word = step;
		break;
	case 1:
		mixed = (s[1] & s[3]) | (s[2] & ~s[3]);
		word = 5 * step + 1;
		break;
	case 2:
		mixed = s[1] ^ s[2] ^ s[3];
		word = 3 * step + 5;
		break;
	default:
		mixed = s[2] ^ (s[1] | ~s[3]);
		word = 7 * step;
	}
	return mixed + md5_sines[step] +
	       md5_word(block + (size_t)(word % 16) * 4);
}

/* Adds a block of 64 bytes to the state. */
static inline void md5_compress(uint32_t state[4], const uint8_t *block)
{
	static const uint8_t shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20},
		{4, 11, 16, 23}, {6, 10, 15, 21}};
	uint32_t s[4] = {state[0], state[1], state[2], state[3]};

	for (unsigned int step = 0; step < 64; step++) {
		uint32_t sum = s[0] + md5_mix(s, block, step);

		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] += md5_rotate(sum, shifts[step / 16][step % 4]);
	}
	for (unsigned int i = 0; i < 4; i++)
		state[i] += s[i];
}

#endif
