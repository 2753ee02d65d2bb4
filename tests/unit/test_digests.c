// SPDX-License-Identifier: GPL-2.0-or-later
/* SHA-256 and MD5: the vectors of FIPS 180-4 and RFC 1321, in all pieces. */
#include "md5.h"
#include "sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct vector {
	const char *text;
	const char *digest;
};

static void to_hex(char *hex, const uint8_t *digest, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

/* Adds the text in pieces of `piece` bytes. */
static void sha256_hex(char *hex, const char *text, size_t len, size_t piece)
{
	uint8_t digest[SHA256_SIZE];
	struct sha256 sha;

	sha256_begin(&sha);
	for (; len > piece; len -= piece, text += piece)
		sha256_add(&sha, text, piece);
	sha256_add(&sha, text, len);
	sha256_end(&sha, digest);
	to_hex(hex, digest, sizeof(digest));
}

static void md5_hex(char *hex, const char *text, size_t len, size_t piece)
{
	uint8_t digest[MD5_SIZE];
	struct md5 md5;

	md5_begin(&md5);
	for (; len > piece; len -= piece, text += piece)
		md5_add(&md5, text, piece);
	md5_add(&md5, text, len);
	md5_end(&md5, digest);
	to_hex(hex, digest, sizeof(digest));
}

/* The examples for FIPS 180-4. */
static void test_sha256(void **state)
{
	static const struct vector vectors[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		     "7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410f"
			"f61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ece"
			"dd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		 "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
			"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac4"
			"5037afee9d1"},
	};
	char hex[2 * SHA256_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const char *text = vectors[i].text;

		for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
			sha256_hex(hex, text, strlen(text), piece);
			assert_string_equal(hex, vectors[i].digest);
		}
	}
}

/* RFC 1321, A.5. */
static void test_md5(void **state)
{
	static const struct vector vectors[] = {
		{"", "d41d8cd98f00b204e9800998ecf8427e"},
		{"a", "0cc175b9c0f1b6a831c399e269772661"},
		{"abc", "900150983cd24fb0d6963f7d28e17f72"},
		{"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
		{"abcdefghijklmnopqrstuvwxyz",
			"c3fcd3d76192e4007dfb496cca67e13b"},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		 "0123456789",
			"d174ab98d277d9f5a5611c2c9f419d9f"},
		{"1234567890123456789012345678901234567890123456789012345678"
		 "9012345678901234567890",
			"57edf4a22be3c955ac49da2e2107b67a"},
	};
	char hex[2 * MD5_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const char *text = vectors[i].text;

		for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
			md5_hex(hex, text, strlen(text), piece);
			assert_string_equal(hex, vectors[i].digest);
		}
	}
}

/* A million times "a": the last example for FIPS 180-4. */
static void test_million(void **state)
{
	static char text[1000000];
	char hex[2 * SHA256_SIZE + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	sha256_hex(hex, text, sizeof(text), 8191);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a4972"
				 "00e046d39ccc7112cd0");
	md5_hex(hex, text, sizeof(text), 8191);
	assert_string_equal(hex, "7707d6ae4e027c70eea2a935c2296f21");
}

/* Each length around the padding, whole and byte by byte. */
static void test_lengths(void **state)
{
	char text[200], whole[2 * SHA256_SIZE + 1], bytes[2 * SHA256_SIZE + 1];
	size_t padded = 0;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t len = 0; len < sizeof(text); len++) {
		sha256_hex(whole, text, len, sizeof(text));
		sha256_hex(bytes, text, len, 1);
		padded += strcmp(whole, bytes) != 0;
		md5_hex(whole, text, len, sizeof(text));
		md5_hex(bytes, text, len, 1);
		padded += strcmp(whole, bytes) != 0;
	}
	assert_int_equal(padded, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_md5),
		cmocka_unit_test(test_million),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
