/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The block functions of SHA-1 and SHA-256, FIPS 180-4. */
#ifndef LVSMON_PLUGINS_SHA_H
#define LVSMON_PLUGINS_SHA_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t sha_left(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static inline uint32_t sha_right(uint32_t word, unsigned int bits)
{
	return word >> bits | word << (32 - bits);
}

static inline uint32_t sha_word(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* FIPS 180-4, 4.1.1 and 4.2.1: the function and the constant of a step. */
static inline uint32_t sha1_mix(const uint32_t s[5], unsigned int step)
{
	if (step < 20)
		return ((s[1] & s[2]) ^ (~s[1] & s[3])) + 0x5a827999;
	if (step < 40)
		return (s[1] ^ s[2] ^ s[3]) + 0x6ed9eba1;
	if (step < 60)
		return ((s[1] & s[2]) ^ (s[1] & s[3]) ^ (s[2] & s[3])) +
		       0x8f1bbcdc;
	return (s[1] ^ s[2] ^ s[3]) + 0xca62c1d6;
}

/* FIPS 180-4, 6.1.2: adds a block of 64 bytes to the state. */
static inline void sha1_compress(uint32_t state[5], const uint8_t *block)
{
	uint32_t s[5] = {state[0], state[1], state[2], state[3], state[4]};
	uint32_t words[80];

	for (unsigned int i = 0; i < 16; i++)
		words[i] = sha_word(block + (size_t)i * 4);
	for (unsigned int i = 16; i < 80; i++)
		words[i] = sha_left(words[i - 3] ^ words[i - 8] ^
					    words[i - 14] ^ words[i - 16],
			1);
	for (unsigned int i = 0; i < 80; i++) {
		uint32_t sum =
			sha_left(s[0], 5) + sha1_mix(s, i) + s[4] + words[i];

		s[4] = s[3];
		s[3] = s[2];
		s[2] = sha_left(s[1], 30);
		s[1] = s[0];
		s[0] = sum;
	}
	for (unsigned int i = 0; i < 5; i++)
		state[i] += s[i];
}

/* FIPS 180-4, 4.2.2. */
static const uint32_t sha256_constants[64] = {0x428a2f98, 0x71374491,
	0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb,
	0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
	0xbef9a3f7, 0xc67178f2};

/* FIPS 180-4, 4.2.2 and 6.2.2: one step with its word of the schedule. */
static inline void sha256_step(uint32_t s[8], uint32_t word, unsigned int step)
{
	uint32_t sum = s[7] + sha256_constants[step] + word +
		       (sha_right(s[4], 6) ^ sha_right(s[4], 11) ^
			       sha_right(s[4], 25)) +
		       ((s[4] & s[5]) ^ (~s[4] & s[6]));
	uint32_t other = (sha_right(s[0], 2) ^ sha_right(s[0], 13) ^
				 sha_right(s[0], 22)) +
			 ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

	s[7] = s[6];
	s[6] = s[5];
	s[5] = s[4];
	s[4] = s[3] + sum;
	s[3] = s[2];
	s[2] = s[1];
	s[1] = s[0];
	s[0] = sum + other;
}

/* FIPS 180-4, 6.2.2: adds a block of 64 bytes to the state. */
static inline void sha256_compress(uint32_t state[8], const uint8_t *block)
{
	uint32_t s[8], words[64];

	for (unsigned int i = 0; i < 8; i++)
		s[i] = state[i];
	for (unsigned int i = 0; i < 16; i++)
		words[i] = sha_word(block + (size_t)i * 4);
	for (unsigned int i = 16; i < 64; i++) {
		uint32_t a = words[i - 15], b = words[i - 2];

		words[i] = words[i - 16] + words[i - 7] +
			   (sha_right(a, 7) ^ sha_right(a, 18) ^ a >> 3) +
			   (sha_right(b, 17) ^ sha_right(b, 19) ^ b >> 10);
	}
	for (unsigned int i = 0; i < 64; i++)
		sha256_step(s, words[i], i);
	for (unsigned int i = 0; i < 8; i++)
		state[i] += s[i];
}

#endif
