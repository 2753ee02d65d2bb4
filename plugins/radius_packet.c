// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets of RADIUS. */
#include "radius_packet.h"

#include "digest.h"

#define HEADER_SIZE 20
#define ID_AT 1
#define LENGTH_AT 2
#define AUTHENTICATOR_AT 4
#define MD5_SIZE 16

/* Attributes: RFC 2865, 5, and RFC 2869, 5.14. */
#define USER_NAME 1
#define USER_PASSWORD 2
#define NAS_IDENTIFIER 32
#define MESSAGE_AUTHENTICATOR 80

_Static_assert(HEADER_SIZE + 2 + MD5_SIZE + 2 * (2 + RADIUS_TEXT_MAX) + 2 +
			       RADIUS_PASSWORD_MAX <=
		       RADIUS_REQUEST_MAX,
	"request");

/* HMAC-MD5 (RFC 2104). */
struct mac {
	struct digest digest;
	uint8_t key[DIGEST_BLOCK];
};

static void mac_pad(struct mac *mac, uint8_t pad)
{
	uint8_t block[DIGEST_BLOCK];

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = mac->key[i] ^ pad;
	digest_begin(&mac->digest, DIGEST_MD5);
	digest_add(&mac->digest, block, sizeof(block));
}

static void mac_begin(struct mac *mac, const struct radius_text *secret)
{
	memset(mac->key, 0, sizeof(mac->key));
	if (secret->len > sizeof(mac->key))
		digest_of(DIGEST_MD5, secret->bytes, secret->len, mac->key);
	else
		memcpy(mac->key, secret->bytes, secret->len);
	mac_pad(mac, 0x36);
}

static void mac_end(struct mac *mac, uint8_t out[MD5_SIZE])
{
	digest_end(&mac->digest, out);
	mac_pad(mac, 0x5c);
	digest_add(&mac->digest, out, MD5_SIZE);
	digest_end(&mac->digest, out);
}

static uint8_t *attribute_add(
	struct radius_request *request, uint8_t type, size_t len)
{
	uint8_t *at = request->bytes + request->len;

	at[0] = type;
	at[1] = (uint8_t)(len + 2);
	request->len = (uint16_t)(request->len + len + 2);
	return at + 2;
}

static void value_add(struct radius_request *request, uint8_t type,
	const struct radius_text *text)
{
	memcpy(attribute_add(request, type, text->len), text->bytes, text->len);
}

/* RFC 2865, 5.2: each 16 bytes are hidden by a digest of the secret and of the
 * 16 bytes before them, first the authenticator. */
static void password_add(
	struct radius_request *request, const struct radius_conf *conf)
{
	const struct radius_text *password = &conf->password;
	size_t blocks = (password->len + MD5_SIZE - 1U) / MD5_SIZE;
	size_t size = blocks * MD5_SIZE;
	const uint8_t *before = request->bytes + AUTHENTICATOR_AT;
	uint8_t *to = attribute_add(request, USER_PASSWORD, size);

	memset(to, 0, size);
	memcpy(to, password->bytes, password->len);
	for (size_t i = 0; i < size; i += MD5_SIZE) {
		struct digest digest;
		uint8_t mask[MD5_SIZE];

		digest_begin(&digest, DIGEST_MD5);
		digest_add(&digest, conf->secret.bytes, conf->secret.len);
		digest_add(&digest, before, MD5_SIZE);
		digest_end(&digest, mask);
		for (size_t k = 0; k < MD5_SIZE; k++)
			to[i + k] ^= mask[k];
		before = to + i;
	}
}

/* The authenticator must be unique and hard to predict (RFC 2865, 3): a digest
 * that only somebody with the secret can compute from the number. */
static void header_write(const struct radius_conf *conf, uint64_t random,
	struct radius_request *request)
{
	static const char purpose[] = "authenticator";
	struct digest digest;
	uint8_t number[8];

	digest_number(DIGEST_SHA1, number, random, sizeof(number));
	request->bytes[0] = conf->user.len > 0 ? RADIUS_ACCESS_REQUEST
					       : RADIUS_STATUS_SERVER;
	request->bytes[ID_AT] = (uint8_t)(random & 0xff);
	digest_begin(&digest, DIGEST_MD5);
	digest_add(&digest, purpose, sizeof(purpose));
	digest_add(&digest, conf->secret.bytes, conf->secret.len);
	digest_add(&digest, number, sizeof(number));
	digest_end(&digest, request->bytes + AUTHENTICATOR_AT);
	request->len = HEADER_SIZE;
}

void radius_write(const struct radius_conf *conf, uint64_t random,
	struct radius_request *request)
{
	struct mac mac;
	uint8_t *seal;

	header_write(conf, random, request);
	seal = attribute_add(request, MESSAGE_AUTHENTICATOR, MD5_SIZE);
	memset(seal, 0, MD5_SIZE);
	if (conf->user.len > 0) {
		value_add(request, USER_NAME, &conf->user);
		password_add(request, conf);
	}
	value_add(request, NAS_IDENTIFIER, &conf->nas);
	request->bytes[LENGTH_AT] = (uint8_t)(request->len >> 8);
	request->bytes[LENGTH_AT + 1] = (uint8_t)(request->len & 0xff);
	mac_begin(&mac, &conf->secret);
	digest_add(&mac.digest, request->bytes, request->len);
	mac_end(&mac, seal);
}

/* RFC 2865, 3: the authenticator of an answer. */
static bool is_authentic(const struct radius_conf *conf,
	const uint8_t *authenticator, const uint8_t *answer, size_t len)
{
	struct digest digest;
	uint8_t sum[MD5_SIZE];

	digest_begin(&digest, DIGEST_MD5);
	digest_add(&digest, answer, AUTHENTICATOR_AT);
	digest_add(&digest, authenticator, MD5_SIZE);
	digest_add(&digest, answer + HEADER_SIZE, len - HEADER_SIZE);
	digest_add(&digest, conf->secret.bytes, conf->secret.len);
	digest_end(&digest, sum);
	return memcmp(sum, answer + AUTHENTICATOR_AT, MD5_SIZE) == 0;
}

/* RFC 2869, 5.14: the sum is made over the answer with the authenticator of the
 * request, and with zeros in place of the sum, which is at seal. */
static bool is_sealed(const struct radius_conf *conf,
	const uint8_t *authenticator, const uint8_t *answer, size_t len,
	size_t seal)
{
	static const uint8_t zeros[MD5_SIZE];
	struct mac mac;
	uint8_t sum[MD5_SIZE];

	mac_begin(&mac, &conf->secret);
	digest_add(&mac.digest, answer, AUTHENTICATOR_AT);
	digest_add(&mac.digest, authenticator, MD5_SIZE);
	digest_add(&mac.digest, answer + HEADER_SIZE, seal - HEADER_SIZE);
	digest_add(&mac.digest, zeros, sizeof(zeros));
	digest_add(
		&mac.digest, answer + seal + MD5_SIZE, len - seal - MD5_SIZE);
	mac_end(&mac, sum);
	return memcmp(sum, answer + seal, MD5_SIZE) == 0;
}

/* Whether the attributes are well-formed. Sets *seal to the value of the first
 * Message-Authenticator, or leaves it alone. */
static bool attributes_read(const uint8_t *answer, size_t len, size_t *seal)
{
	size_t at = HEADER_SIZE;

	while (at < len) {
		size_t size = len - at < 2 ? 0 : answer[at + 1];
		bool sealed = answer[at] == MESSAGE_AUTHENTICATOR;

		if (size < 2 || size > len - at)
			return false;
		if (sealed && size != MD5_SIZE + 2)
			return false;
		if (sealed && *seal == 0)
			*seal = at + 2;
		at += size;
	}
	return true;
}

int radius_verify(const struct radius_conf *conf,
	const struct radius_request *request, const uint8_t *answer, size_t len)
{
	const uint8_t *authenticator = request->bytes + AUTHENTICATOR_AT;
	size_t seal = 0;
	size_t said;

	if (len < HEADER_SIZE || answer[ID_AT] != request->bytes[ID_AT])
		return 0;
	said = (size_t)(answer[LENGTH_AT] << 8 | answer[LENGTH_AT + 1]);
	if (said < HEADER_SIZE || said > len ||
		!attributes_read(answer, said, &seal))
		return 0;
	if (!is_authentic(conf, authenticator, answer, said))
		return -1;
	if (seal > 0 && !is_sealed(conf, authenticator, answer, said, seal))
		return -1;
	return answer[0];
}
