// SPDX-License-Identifier: GPL-2.0-or-later
/* dns: vectors that it accepts, vectors that it refuses, and why; addresses as
 * text. */
#include "checker_vectors.h"

#include "inet.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-n", "."}, NULL},
	{{"-n", "example.org", "-t", "soa", "-T"}, NULL},
	{{"-n", "_sip._udp.example.org.", "-t", "SRV", "-a",
		 "0 5 5060 sip.example.org"},
		NULL},
	{{"-t", "MX", "-a", "65535 ."}, NULL},
	{{"-t", "TXT", "-a", ""}, NULL},
	{{"-t", "PTR", "-n", "2001:db8::1"}, NULL},
	{{"-t", "PTR", "-n", "1.2.0.192.in-addr.arpa"}, NULL},
	{{"-r", "NOERROR,nxdomain,15", "-e"}, NULL},
	{{"-r", "0", "-a", "ns.example"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-n"}, "-n needs an argument"},
	{{"53"}, "unexpected argument '53'"},
	{{"-n", ""}, "-n: '' is not a name"},
	{{"-n", "a..b"}, "-n: 'a..b' is not a name"},
	{{"-n", ".."}, "-n: '..' is not a name"},
	{{"-n", ".a"}, "-n: '.a' is not a name"},
	{{"-n", "a b"}, "-n: 'a b' is not a name"},
	{{"-n", "a\nb"}, "-n: 'a?b' is not a name"},
	{{"-n", "\xc3\xa4.example"}, "-n: '\xc3\xa4.example' is not a name"},
	{{"-t", "ANY"}, "-t: 'ANY' is not one of A, AAAA, MX, NS, PTR, SOA, "
			"SRV, TXT"},
	{{"-r", ""}, "-r: bad list of codes ''"},
	{{"-r", "16"}, "-r: bad list of codes '16'"},
	{{"-r", "NOERROR,"}, "-r: bad list of codes 'NOERROR,'"},
	{{"-r", "NXDOMAINXDOMAINX"},
		"-r: bad list of codes 'NXDOMAINXDOMAINX'"},
	{{"-e", "-a", "ns.example"}, "-e: an empty answer cannot have -a"},
	{{"-r", "3", "-e"}, "-e needs NOERROR in -r"},
	{{"-r", "3", "-a", "ns.example"}, "-a needs NOERROR in -r"},
	{{"-t", "A", "-a", "192.0.2.256"},
		"-a: '192.0.2.256' is not data of the type"},
	{{"-t", "A", "-a", "::1"}, "-a: '::1' is not data of the type"},
	{{"-t", "AAAA", "-a", "1::2::3"},
		"-a: '1::2::3' is not data of the type"},
	{{"-t", "MX", "-a", "mail.example"},
		"-a: 'mail.example' is not data of the type"},
	{{"-t", "MX", "-a", "10 "}, "-a: '10 ' is not data of the type"},
	{{"-t", "MX", "-a", "65536 a"},
		"-a: '65536 a' is not data of the type"},
	{{"-t", "SRV", "-a", "0 5 sip"},
		"-a: '0 5 sip' is not data of the type"},
	{{"-t", "NS", "-a", ""}, "-a: '' is not data of the type"},
};

VECTOR_TESTS

static int configure(const char *option, const char *text)
{
	const char *const words[] = {"-t", "TXT", option, text, NULL};
	char err[1024];

	return vector_configure(words, err, sizeof(err));
}

/* RFC 1035, 2.3.4: 63 bytes in a label, 255 in a name. */
static void test_lengths(void **state)
{
	char text[520];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[513] = '\0';
	assert_int_equal(configure("-a", text), -1);
	text[512] = '\0';
	assert_int_equal(configure("-a", text), 0);
	text[64] = '\0';
	assert_int_equal(configure("-n", text), -1);
	text[63] = '\0';
	assert_int_equal(configure("-n", text), 0);
	memset(text, 'a', sizeof(text));
	text[63] = text[127] = text[191] = '.';
	text[254] = '\0';
	assert_int_equal(configure("-n", text), -1);
	text[253] = '\0';
	assert_int_equal(configure("-n", text), 0);
}

static void test_counts(void **state)
{
	const char *words[VECTOR_WORDS_MAX + 1] = {NULL};
	char err[64] = "";

	(void)state;
	for (size_t i = 0; i < VECTOR_WORDS_MAX; i++)
		words[i] = "-a.";
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
}

static const struct {
	const char *text;
	bool well;
	uint8_t bytes[16];
} addresses[] = {
	{"::", true, {0}},
	{"::1", true, {[15] = 1}},
	{"1::", true, {[1] = 1}},
	{"2001:db8::a:B", true, {0x20, 1, 0xd, 0xb8, [13] = 0xa, [15] = 0xb}},
	{"1:2:3:4:5:6:7:8", true,
		{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
	{"1:2:3:4:5:6:7::", true,
		{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}},
	{"::2:3:4:5:6:7:8", true,
		{0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
	{"::ffff:192.0.2.1", true, {[10] = 255, 255, 192, 0, 2, 1}},
	{"1:2:3:4:5:6:1.2.3.4", true,
		{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4}},
	{"", false, {0}},
	{":", false, {0}},
	{":::", false, {0}},
	{":1", false, {0}},
	{"1:", false, {0}},
	{"1", false, {0}},
	{"1::2::3", false, {0}},
	{"1:2:3:4:5:6:7", false, {0}},
	{"1:2:3:4:5:6:7:8:9", false, {0}},
	{"1:2:3:4:5:6:7:8::", false, {0}},
	{"12345::", false, {0}},
	{"::g", false, {0}},
	{"::1%lo", false, {0}},
	{"::1 ", false, {0}},
	{"1:2:3:4:5:6:7:1.2.3.4", false, {0}},
	{"1.2.3.4", false, {0}},
	{"::1.2.3", false, {0}},
	{"::1.2.3.4:5", false, {0}},
};

static void test_addresses(void **state)
{
	uint8_t bytes[16];

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		if (inet6_read(addresses[i].text, bytes) != addresses[i].well)
			fail_msg("'%s'", addresses[i].text);
		if (addresses[i].well)
			assert_memory_equal(bytes, addresses[i].bytes, 16);
	}
	assert_true(inet4_read("192.0.2.255", bytes));
	assert_false(inet4_read("192.0.2", bytes));
	assert_false(inet4_read("192.0.2.1.1", bytes));
	assert_false(inet4_read("192.0.02.1", bytes));
	assert_false(inet4_read("192.0.2.1 ", bytes));
	assert_false(inet4_read("192..2.1", bytes));
	assert_false(inet4_read("1920.0.2.1", bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
