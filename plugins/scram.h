/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel
 * binding and without a user name of its own. The key of the password is
 * prepared once. The iterations are computed in slices.
 */
#ifndef LVSMON_PLUGINS_SCRAM_H
#define LVSMON_PLUGINS_SCRAM_H

#include "base64.h"
#include "hmac.h"

#include <stdbool.h>

/* The salt in base64, and the nonce of both sides, in bytes. */
#define SCRAM_SALT_MAX 256
#define SCRAM_NONCE_MAX 192
/* RFC 7677, 4 asks for 4096 iterations or more. A hostile server may ask for
 * 2^31. */
#define SCRAM_ITERATIONS_MAX 100000
#define SCRAM_RANDOM 11 /* bytes of the client's nonce, 64 bits in base64 */

/* RFC 5802, 7: the beginnings of both messages of the client. */
#define SCRAM_HEADER "n,,"
#define SCRAM_FIRST "n=,r="
#define SCRAM_FINAL "c=biws,r="
#define SCRAM_PROOF ",p="

/* The sum of U1 to Ui, and Ui itself (RFC 5802, 2.2). */
struct scram_state {
	uint32_t sum[HMAC_WORDS];
	uint32_t last[HMAC_WORDS];
};

/* The first message of the server, taken apart. */
struct scram_first {
	const char *text;
	size_t len;
	const char *nonce;
	size_t nonce_len;
	const char *salt; /* in base64 */
	size_t salt_len;
	uint32_t iterations;
};

/* Writes the client's nonce, without a 0 at the end. */
static inline void scram_nonce(char to[SCRAM_RANDOM], uint64_t random)
{
	uint8_t bytes[sizeof(random)];
	char text[BASE64_SIZE(sizeof(bytes))];

	digest_number(DIGEST_SHA256, bytes, random, sizeof(bytes));
	base64_write(text, bytes, sizeof(bytes));
	memcpy(to, text, SCRAM_RANDOM);
}

/* Takes the attribute `name`, which must be the next one. Returns its value and
 * sets *len, or returns NULL. */
static inline const char *scram_attribute(
	const char **at, const char *end, char name, size_t *len)
{
	const char *value = *at + 2;
	const char *comma;

	if (end - *at < 3 || (*at)[0] != name || (*at)[1] != '=')
		return NULL;
	comma = memchr(value, ',', (size_t)(end - value));
	*len = (size_t)((comma ? comma : end) - value);
	*at = comma ? comma + 1 : end;
	return *len > 0 ? value : NULL;
}

/* Returns a decimal number up to SCRAM_ITERATIONS_MAX, more if it is larger, or
 * 0 if the text is not a number. */
static inline uint32_t scram_number(const char *text, size_t len)
{
	uint32_t number = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		if (number <= SCRAM_ITERATIONS_MAX)
			number = number * 10 + (uint32_t)(text[i] - '0');
	}
	return number;
}

/* RFC 5802, 5: the server's nonce begins with the client's and is longer. */
static inline bool scram_continues(
	const struct scram_first *first, uint64_t random)
{
	char own[SCRAM_RANDOM];

	scram_nonce(own, random);
	if (first->nonce_len <= SCRAM_RANDOM ||
		first->nonce_len > SCRAM_NONCE_MAX ||
		memcmp(first->nonce, own, SCRAM_RANDOM) != 0)
		return false;
	for (size_t i = 0; i < first->nonce_len; i++)
		if (first->nonce[i] < '!' || first->nonce[i] > '~')
			return false;
	return true;
}

/* Takes the server's first message apart, which must stay as it is while first
 * is used. Returns NULL, or why it is refused. */
static inline const char *scram_first_read(struct scram_first *first,
	const char *text, size_t len, uint64_t random)
{
	const char *at = text, *end = text + len;
	const char *count;
	size_t digits;

	first->text = text;
	first->len = len;
	first->nonce = scram_attribute(&at, end, 'r', &first->nonce_len);
	if (!first->nonce || !scram_continues(first, random))
		return "bad nonce in the SCRAM challenge";
	first->salt = scram_attribute(&at, end, 's', &first->salt_len);
	if (!first->salt || first->salt_len > SCRAM_SALT_MAX)
		return "bad salt in the SCRAM challenge";
	count = scram_attribute(&at, end, 'i', &digits);
	first->iterations = count ? scram_number(count, digits) : 0;
	if (first->iterations == 0)
		return "bad SCRAM challenge";
	if (first->iterations > SCRAM_ITERATIONS_MAX)
		return "too many SCRAM iterations";
	return NULL;
}

/* One HMAC of 32 bytes: both hashes have a single block then. */
static inline void scram_hash(const uint32_t key[HMAC_WORDS],
	const uint32_t in[HMAC_WORDS], uint32_t out[HMAC_WORDS])
{
	uint8_t block[DIGEST_BLOCK] = {0};

	for (size_t i = 0; i < HMAC_WORDS; i++)
		digest_number(DIGEST_SHA256, block + i * 4, in[i], 4);
	block[HMAC_SIZE] = 0x80;
	digest_number(DIGEST_SHA256, block + 56,
		(uint64_t)(DIGEST_BLOCK + HMAC_SIZE) * 8, 8);
	memcpy(out, key, HMAC_SIZE);
	sha256_compress(out, block);
}

static inline void scram_words(
	uint32_t words[HMAC_WORDS], const uint8_t bytes[HMAC_SIZE])
{
	for (size_t i = 0; i < HMAC_WORDS; i++)
		words[i] = sha_word(bytes + i * 4);
}

static inline void scram_bytes(
	uint8_t bytes[HMAC_SIZE], const uint32_t words[HMAC_WORDS])
{
	for (size_t i = 0; i < HMAC_WORDS; i++)
		digest_number(DIGEST_SHA256, bytes + i * 4, words[i], 4);
}

/* Computes U1. Returns 0, or -1 if the salt is not base64. */
static inline int scram_begin(struct scram_state *state,
	const struct hmac_key *password, const struct scram_first *first)
{
	static const uint8_t one[4] = {0, 0, 0, 1};
	uint8_t salt[SCRAM_SALT_MAX], bytes[HMAC_SIZE];
	struct digest digest;
	long len =
		base64_read(first->salt, first->salt_len, salt, sizeof(salt));

	if (len <= 0)
		return -1;
	hmac_begin(&digest, password);
	digest_add(&digest, salt, (size_t)len);
	digest_add(&digest, one, sizeof(one));
	hmac_end(&digest, password, bytes);
	scram_words(state->last, bytes);
	scram_words(state->sum, bytes);
	return 0;
}

/* Computes `count` more of the values U2 to Ui. */
static inline void scram_iterate(struct scram_state *state,
	const struct hmac_key *password, uint32_t count)
{
	uint32_t inner[HMAC_WORDS];

	for (; count > 0; count--) {
		scram_hash(password->inner, state->last, inner);
		scram_hash(password->outer, inner, state->last);
		for (size_t i = 0; i < HMAC_WORDS; i++)
			state->sum[i] ^= state->last[i];
	}
}

/* RFC 5802, 3: adds the three messages that both sides sign. */
static inline void scram_sign(
	struct digest *digest, const struct scram_first *first)
{
	digest_add(digest, SCRAM_FIRST, sizeof(SCRAM_FIRST) - 1);
	digest_add(digest, first->nonce, SCRAM_RANDOM);
	digest_add(digest, ",", 1);
	digest_add(digest, first->text, first->len);
	digest_add(digest, "," SCRAM_FINAL, sizeof("," SCRAM_FINAL) - 1);
	digest_add(digest, first->nonce, first->nonce_len);
}

/* RFC 5802, 3: derives a key from the salted password, which is the sum after
 * all iterations. */
static inline void scram_derive(const uint32_t sum[HMAC_WORDS],
	const char *name, uint8_t out[HMAC_SIZE])
{
	struct hmac_key key;
	uint8_t salted[HMAC_SIZE];

	scram_bytes(salted, sum);
	hmac_key_set(&key, salted, sizeof(salted));
	hmac_of(&key, name, strlen(name), out);
}

static inline void scram_signature(const uint8_t secret[HMAC_SIZE],
	const struct scram_first *first, uint8_t out[HMAC_SIZE])
{
	struct hmac_key key;
	struct digest digest;

	hmac_key_set(&key, secret, HMAC_SIZE);
	hmac_begin(&digest, &key);
	scram_sign(&digest, first);
	hmac_end(&digest, &key, out);
}

/* Computes the proof of the client. */
static inline void scram_proof(const uint32_t sum[HMAC_WORDS],
	const struct scram_first *first, uint8_t proof[HMAC_SIZE])
{
	uint8_t client[HMAC_SIZE], stored[HMAC_SIZE];

	scram_derive(sum, "Client Key", client);
	digest_of(DIGEST_SHA256, client, sizeof(client), stored);
	scram_signature(stored, first, proof);
	for (size_t i = 0; i < HMAC_SIZE; i++)
		proof[i] ^= client[i];
}

/* Computes the signature that the server must show. */
static inline void scram_server(const uint32_t sum[HMAC_WORDS],
	const struct scram_first *first, uint8_t signature[HMAC_SIZE])
{
	uint8_t server[HMAC_SIZE];

	scram_derive(sum, "Server Key", server);
	scram_signature(server, first, signature);
}

/* Whether the server's last message, "v=...", has the signature, whose first
 * `known` bytes are known. */
static inline bool scram_verify(
	const char *text, size_t len, const uint8_t *signature, size_t known)
{
	const char *at = text;
	uint8_t shown[HMAC_SIZE];
	size_t digits;
	const char *value = scram_attribute(&at, text + len, 'v', &digits);

	return value &&
	       base64_read(value, digits, shown, sizeof(shown)) == HMAC_SIZE &&
	       memcmp(shown, signature, known) == 0;
}

#endif
