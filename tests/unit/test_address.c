// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses: reading, writing and comparing. */
#include "base/address.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void reads_what_it_writes(void **state)
{
	static const struct {
		const char *text;
		uint16_t port;
		const char *full;
	} good[] = {
		{"10.0.0.1", 0, "10.0.0.1"},
		{"10.0.0.1", 80, "10.0.0.1:80"},
		{"2001:db8::1", 0, "2001:db8::1"},
		{"2001:db8::1", 65535, "[2001:db8::1]:65535"},
		{"::ffff:1.2.3.4", 1, "[::ffff:1.2.3.4]:1"},
		{"2001:db8:1111:2222:3333:4444:5555:6666", 65535,
			"[2001:db8:1111:2222:3333:4444:5555:6666]:65535"},
	};
	char buf[ADDRESS_TEXT_MAX];
	struct address address;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		memset(&address, 0xff, sizeof(address));
		assert_int_equal(address_parse(&address, good[i].text), 0);
		assert_int_equal(address.port, 0);
		address.port = good[i].port;
		assert_string_equal(
			address_format(&address, buf), good[i].full);
	}
}

static void refuses_what_is_none(void **state)
{
	static const char *const bad[] = {"", "10.0.0", "10.0.0.256",
		"10.0.0.1:80", "[::1]", "::1%lo", "localhost", " 1.2.3.4",
		"1.2.3.4 ", ":::"};
	struct address address = {.family = 99};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(address_parse(&address, bad[i]), -1);
	assert_int_equal(address.family, 99);
}

static void leaves_no_rest_in_an_ipv4_address(void **state)
{
	static const uint8_t bytes[16] = {192, 0, 2, 1};
	struct address address;

	(void)state;
	memset(&address, 0xff, sizeof(address));
	assert_int_equal(address_parse(&address, "192.0.2.1"), 0);
	assert_memory_equal(address.bytes, bytes, 16);
	assert_int_equal(address_size(&address), 4);
}

static void becomes_a_sockaddr(void **state)
{
	struct sockaddr_storage to;
	const struct sockaddr_in *in = (const void *)&to;
	const struct sockaddr_in6 *in6 = (const void *)&to;
	struct address address;

	(void)state;
	address_parse(&address, "192.0.2.1");
	address.port = 80;
	assert_int_equal(address_sockaddr(&address, &to), sizeof(*in));
	assert_int_equal(in->sin_family, AF_INET);
	assert_int_equal(in->sin_port, htons(80));
	assert_int_equal(in->sin_addr.s_addr, htonl(0xc0000201));
	address_parse(&address, "::1");
	address.port = 443;
	assert_int_equal(address_sockaddr(&address, &to), sizeof(*in6));
	assert_int_equal(in6->sin6_port, htons(443));
	assert_int_equal(in6->sin6_addr.s6_addr[15], 1);
	address.family = AF_UNSPEC;
	assert_int_equal(address_sockaddr(&address, &to), 0);
	assert_int_equal(address_size(&address), 0);
}

static void has_a_total_order(void **state)
{
	static const struct {
		const char *text;
		uint16_t port;
	} order[] = {{"1.2.3.4", 80}, {"1.2.3.4", 443}, {"1.2.3.5", 1},
		{"200.0.0.1", 0}, {"::1", 0}, {"::1", 1}, {"ff::", 0}};
	struct address all[sizeof(order) / sizeof(order[0])];
	int n = sizeof(order) / sizeof(order[0]);

	(void)state;
	for (int i = 0; i < n; i++) {
		address_parse(&all[i], order[i].text);
		all[i].port = order[i].port;
	}
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++) {
			int sign = address_compare(&all[i], &all[j]);

			assert_int_equal(
				(sign > 0) - (sign < 0), (i > j) - (i < j));
		}
}

/* The scope goes into a sockaddr and into the text. The order leaves it out. */
static void test_scope(void **state)
{
	char buf[ADDRESS_TEXT_MAX];
	struct sockaddr_storage to;
	struct address address, other;

	(void)state;
	assert_int_equal(address_parse(&address, "fe80::1"), 0);
	assert_true(address_is_link_local(&address));
	other = address;
	other.scope = 4000000000U;
	assert_int_equal(address_compare(&address, &other), 0);
	assert_int_equal(address_hash(HASH_SEED, &address),
		address_hash(HASH_SEED, &other));
	assert_string_equal(address_format(&other, buf), "fe80::1%4000000000");
	address_name_scope(other.scope, "eth0");
	assert_string_equal(address_format(&other, buf), "fe80::1%eth0");
	address_name_scope(other.scope, "fifteen-letters");
	other.port = 80;
	assert_string_equal(
		address_format(&other, buf), "[fe80::1%fifteen-letters]:80");
	assert_true(address_sockaddr(&other, &to) > 0);
	assert_int_equal(
		((struct sockaddr_in6 *)&to)->sin6_scope_id, other.scope);
	assert_int_equal(address_parse(&address, "2001:db8::1"), 0);
	assert_false(address_is_link_local(&address));
}

static void test_hash(void **state)
{
	struct address a, b;
	uint64_t key;

	(void)state;
	assert_int_equal(address_parse(&a, "10.0.0.1"), 0);
	b = a;
	key = address_hash(HASH_SEED, &a);
	assert_true(address_hash(HASH_SEED, &b) == key);
	b.port = 80;
	assert_true(address_hash(HASH_SEED, &b) != key);
	assert_int_equal(address_parse(&b, "10.0.0.2"), 0);
	assert_true(address_hash(HASH_SEED, &b) != key);
	/* The bytes that IPv4 does not use have no effect. */
	b = a;
	b.bytes[15] = 1;
	assert_int_equal(address_compare(&a, &b), 0);
	assert_true(address_hash(HASH_SEED, &b) == key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(leaves_no_rest_in_an_ipv4_address),
		cmocka_unit_test(becomes_a_sockaddr),
		cmocka_unit_test(has_a_total_order),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_scope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
