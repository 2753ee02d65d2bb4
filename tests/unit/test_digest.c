// SPDX-License-Identifier: GPL-2.0-or-later
/* digest, hmac, base64 and scram: the vectors of their standards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pieces.h"
#include "scram.h"

#include <stdio.h>
#include <string.h>

struct sample {
	enum digest_kind kind;
	const char *text;
	unsigned int repeated;
	const char *result;
};

static const char twice[] = "abcdbcdecdefdefgefghfghighijhijk"
			    "ijkljklmklmnlmnomnopnopq";
static const char digits[] = "0123456701234567012345670123456701234567"
			     "012345670123456701234567";

/* RFC 1321, A.5; RFC 3174, 7.3; the examples of FIPS 180-4. */
static const struct sample samples[] = {
	{DIGEST_MD5, "", 1, "d41d8cd98f00b204e9800998ecf8427e"},
	{DIGEST_MD5, "a", 1, "0cc175b9c0f1b6a831c399e269772661"},
	{DIGEST_MD5, "abc", 1, "900150983cd24fb0d6963f7d28e17f72"},
	{DIGEST_MD5, "message digest", 1, "f96b697d7cb7938d525a2f31aaf161d0"},
	{DIGEST_MD5, "1234567890", 8, "57edf4a22be3c955ac49da2e2107b67a"},
	{DIGEST_SHA1, "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
	{DIGEST_SHA1, twice, 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
	{DIGEST_SHA1, "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
	{DIGEST_SHA1, digits, 10, "dea356a2cddd90c7a7ecedc5ebb563934f460452"},
	{DIGEST_SHA256, "", 1,
		"e3b0c44298fc1c149afbf4c8996fb924"
		"27ae41e4649b934ca495991b7852b855"},
	{DIGEST_SHA256, "abc", 1,
		"ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad"},
	{DIGEST_SHA256, twice, 1,
		"248d6a61d20638b8e5c026930c3e6039"
		"a33ce45964ff2167f6ecedd419db06c1"},
	{DIGEST_SHA256, "a", 1000000,
		"cdc76e5c9914fb9281a1c7e284d73e67"
		"f1809a48a497200e046d39ccc7112cd0"},
};

static void assert_hex(const uint8_t *bytes, size_t len, const char *hex)
{
	char text[2 * DIGEST_MAX + 1] = "";

	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	assert_string_equal(text, hex);
}

static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const struct sample *sample = &samples[i];
		struct digest digest;
		uint8_t out[DIGEST_MAX];

		digest_begin(&digest, sample->kind);
		for (unsigned int n = 0; n < sample->repeated; n++)
			digest_add(&digest, sample->text, strlen(sample->text));
		digest_end(&digest, out);
		assert_hex(out, digest_size(sample->kind), sample->result);
	}
}

/* The result must not depend on the pieces, at each length around a block. */
static void test_pieces_of_a_digest(void **state)
{
	uint8_t data[200], whole[DIGEST_MAX], parts[DIGEST_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof(data); len++) {
		struct digest digest;

		digest_of(DIGEST_SHA256, data, len, whole);
		digest_begin(&digest, DIGEST_SHA256);
		for (size_t at = 0; at < len; at += 3)
			digest_add(&digest, data + at,
				len - at < 3 ? len - at : 3);
		digest_end(&digest, parts);
		assert_memory_equal(whole, parts, DIGEST_MAX);
	}
}

/* RFC 4231, 4.2, 4.3, 4.4 and 4.7. */
static void test_hmac(void **state)
{
	struct hmac_key key;
	uint8_t out[HMAC_SIZE], long_key[131], data[50];

	(void)state;
	memset(long_key, 0x0b, sizeof(long_key));
	hmac_key_set(&key, long_key, 20);
	hmac_of(&key, "Hi There", 8, out);
	assert_hex(out, sizeof(out),
		"b0344c61d8db38535ca8afceaf0bf12b"
		"881dc200c9833da726e9376c2e32cff7");
	hmac_key_set(&key, "Jefe", 4);
	hmac_of(&key, "what do ya want for nothing?", 28, out);
	assert_hex(out, sizeof(out),
		"5bdcc146bf60754e6a042426089575c7"
		"5a003f089d2739839dec58b964ec3843");
	memset(long_key, 0xaa, sizeof(long_key));
	memset(data, 0xdd, sizeof(data));
	hmac_key_set(&key, long_key, 20);
	hmac_of(&key, data, sizeof(data), out);
	assert_hex(out, sizeof(out),
		"773ea91e36800e46854db8ebd09181a7"
		"2959098b3ef8c122d9635514ced565fe");
	hmac_key_set(&key, long_key, sizeof(long_key));
	hmac_of(&key, "Test Using Larger Than Block-Size Key - Hash Key First",
		54, out);
	assert_hex(out, sizeof(out),
		"60e431591ee0b67f0d8a26aacbf5b77f"
		"8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 4648, 10. */
static void test_base64(void **state)
{
	static const char *const texts[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
	static const char *const wrong[] = {"Z", "Zg=", "Zm9vZ",
		"Z===", "====", "Z=g=", "Zm9v\n", "Zm-v", "=g=="};
	char text[8];
	uint8_t bytes[8];

	(void)state;
	for (size_t len = 0; len <= 6; len++) {
		size_t size = BASE64_SIZE(len);

		base64_write(text, (const uint8_t *)"foobar", len);
		assert_int_equal(size, strlen(texts[len]));
		assert_memory_equal(text, texts[len], size);
		assert_int_equal(base64_read(texts[len], size, bytes, 6), len);
		assert_memory_equal(bytes, "foobar", len);
		if (len > 0)
			assert_int_equal(
				base64_read(texts[len], size, bytes, len - 1),
				-1);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(base64_read(wrong[i], strlen(wrong[i]), bytes,
					 sizeof(bytes)),
			-1);
}

/* The salted password of RFC 7677, 3, at any slices; computed with another
 * implementation. */
static void test_iterations(void **state)
{
	static const char text[] = "r=/ty6mHZUMhA%hvYDpWUa2RaTCA,"
				   "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
	struct scram_first first;
	struct hmac_key password;
	uint8_t salted[HMAC_SIZE];

	(void)state;
	hmac_key_set(&password, "pencil", 6);
	assert_null(scram_first_read(
		&first, text, sizeof(text) - 1, 0xfedcba9876543210));
	assert_int_equal(first.iterations, 4096);
	for (uint32_t slice = 1; slice <= 4096; slice += 1365) {
		struct scram_state scram;
		uint32_t left = first.iterations - 1;

		assert_int_equal(scram_begin(&scram, &password, &first), 0);
		while (left > 0) {
			uint32_t count = left < slice ? left : slice;

			scram_iterate(&scram, &password, count);
			left -= count;
		}
		scram_bytes(salted, scram.sum);
		assert_hex(salted, sizeof(salted),
			"c4a49510323ab4f952cac1fa99441939"
			"e78ea74d6be81ddf7096e87513dc615d");
	}
}

static void test_proof(void **state)
{
	static const char text[] = "r=/ty6mHZUMhA%hvYDpWUa2RaTCA,"
				   "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
	struct scram_first first;
	struct hmac_key password;
	struct scram_state scram;
	uint8_t proof[HMAC_SIZE], signature[HMAC_SIZE];
	char shown[2 + BASE64_SIZE(HMAC_SIZE)] = "v=";

	(void)state;
	hmac_key_set(&password, "pencil", 6);
	scram_first_read(&first, text, sizeof(text) - 1, 0xfedcba9876543210);
	scram_begin(&scram, &password, &first);
	scram_iterate(&scram, &password, first.iterations - 1);
	scram_proof(scram.sum, &first, proof);
	assert_hex(proof, sizeof(proof),
		"9830a880aa8bbaf5d87122e0b95b74fa"
		"539eb27aef8d7dd36cc37a4ece10598b");
	scram_server(scram.sum, &first, signature);
	assert_hex(signature, sizeof(signature),
		"649b6e467c23fac1346e9dd6e74273b5"
		"45596ec21f06c4337b43b2e659f36a89");
	base64_write(shown + 2, signature, sizeof(signature));
	assert_true(scram_verify(shown, sizeof(shown), signature, 32));
	shown[10] ^= 1;
	assert_false(scram_verify(shown, sizeof(shown), signature, 32));
	assert_false(scram_verify("v=", 2, signature, 32));
	assert_false(scram_verify("e=other-error", 13, signature, 32));
}

static void test_challenges(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} refused[] = {
		{"", "bad nonce in the SCRAM challenge"},
		{"m=x,r=/ty6mHZUMhAg,s=AAAA,i=1",
			"bad nonce in the SCRAM challenge"},
		{"r=/ty6mHZUMhA,s=AAAA,i=1",
			"bad nonce in the SCRAM challenge"},
		{"r=xty6mHZUMhAg,s=AAAA,i=1",
			"bad nonce in the SCRAM challenge"},
		{"r=/ty6mHZUMhA\x7f,s=AAAA,i=1",
			"bad nonce in the SCRAM challenge"},
		{"r=/ty6mHZUMhAg", "bad salt in the SCRAM challenge"},
		{"r=/ty6mHZUMhAg,s=,i=1", "bad salt in the SCRAM challenge"},
		{"r=/ty6mHZUMhAg,s=AAAA", "bad SCRAM challenge"},
		{"r=/ty6mHZUMhAg,s=AAAA,i=", "bad SCRAM challenge"},
		{"r=/ty6mHZUMhAg,s=AAAA,i=0", "bad SCRAM challenge"},
		{"r=/ty6mHZUMhAg,s=AAAA,i=-1", "bad SCRAM challenge"},
		{"r=/ty6mHZUMhAg,s=AAAA,i=100001", "too many SCRAM iterations"},
		{"r=/ty6mHZUMhAg,s=AAAA,i=2147483648",
			"too many SCRAM iterations"},
		{"r=/ty6mHZUMhAg,s=AAAA,i=18446744073709551617",
			"too many SCRAM iterations"},
	};
	struct scram_first first;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		assert_string_equal(
			scram_first_read(&first, refused[i].text,
				strlen(refused[i].text), 0xfedcba9876543210),
			refused[i].why);
}

/* The buffer's size must not matter. */
static void test_message_in_pieces(void **state)
{
	const struct piece pieces[] = {{"ab", 2}, {"", 0}, {"cdefg", 5}};
	char all[8];

	(void)state;
	assert_int_equal(pieces_size(pieces, 3), 7);
	for (size_t size = 1; size <= 8; size++) {
		size_t at = 0, count;

		while ((count = pieces_copy(pieces, 3, at, all + at, size)) >
				0 &&
			at + size <= 8)
			at += count;
		assert_memory_equal(all, "abcdefg", at < 7 ? at : 7);
		assert_int_equal(pieces_copy(pieces, 3, 7, all, size), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_pieces_of_a_digest),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_iterations),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_challenges),
		cmocka_unit_test(test_message_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
