// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors about addresses, and about words that do not fit together. */
#include "memory_system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A virtual service in which only this line can be wrong. */
#define WITH(line)                                                             \
	"virtual a 192.0.2.1:80 {\n"                                           \
	"check none\n"                                                         \
	"real 10.0.0.1\n" line "\n}\n"

static struct config_reports reports;

/* Texts, and all reports about each. */
static const struct {
	const char *text, *said;
} addresses[] = {
	{"virtual a 192.0.2.1 {\n"
	 "}\n",
		"c:1:11: a virtual service needs a port: 192.0.2.1:80\n"
		"virtual a 192.0.2.1 {\n"
		"          ^\n"},
	{"virtual a 192.0.2.1:80/icmp {\n"
	 "}\n",
		"c:1:11: 'icmp' is not a protocol (tcp, udp, sctp)\n"
		"virtual a 192.0.2.1:80/icmp {\n"
		"          ^\n"},
	{"virtual a 192.0.2.1:domain {\n"
	 "}\n",
		"c:1:11: port 'domain': not known\n"
		"virtual a 192.0.2.1:domain {\n"
		"          ^\n"},
	{"virtual a [2001:db8::1:80 {\n"
	 "}\n",
		"c:1:11: '[2001:db8::1:80' is not an address\n"
		"virtual a [2001:db8::1:80 {\n"
		"          ^\n"},
	{"virtual a [2001:db8::1]80 {\n"
	 "}\n",
		"c:1:11: '[2001:db8::1]80' is not an address\n"
		"virtual a [2001:db8::1]80 {\n"
		"          ^\n"},
	{"virtual a :80 {\n"
	 "}\n",
		"c:1:11: ':80' is not an address\n"
		"virtual a :80 {\n"
		"          ^\n"},
	{"virtual a 2001:db8:::1 {\n"
	 "}\n",
		"c:1:11: '2001:db8:::1' is not an address\n"
		"virtual a 2001:db8:::1 {\n"
		"          ^\n"},
	{"virtual a 192.0.2.1: {\n"
	 "}\n",
		"c:1:11: port '': no such service\n"
		"virtual a 192.0.2.1: {\n"
		"          ^\n"},
	{"virtual a 192.0.2.1:0 {\n"
	 "}\n",
		"c:1:11: '0' is not a port (1 to 65535)\n"
		"virtual a 192.0.2.1:0 {\n"
		"          ^\n"},
	{"virtual a 192.0.2.1:http/udp {\n"
	 "}\n",
		"c:1:11: port 'http': not known\n"
		"virtual a 192.0.2.1:http/udp {\n"
		"          ^\n"},
	{"virtual a fwmark:0 {\n"
	 "}\n",
		"c:1:11: '0' is not a firewall mark (1 to 4294967295)\n"
		"virtual a fwmark:0 {\n"
		"          ^\n"},
	{"virtual a fwmark:4294967296 {\n"
	 "}\n",
		"c:1:11: '4294967296' is not a firewall mark (1 to "
		"4294967295)\n"
		"virtual a fwmark:4294967296 {\n"
		"          ^\n"},
	{"virtual a fwmark:1/ipv6 {\n"
	 "}\n",
		"c:1:11: 'ipv6' is not the family of a firewall mark (inet, "
		"inet6)\n"
		"virtual a fwmark:1/ipv6 {\n"
		"          ^\n"},
	{"virtual a nowhere:80 {\n"
	 "}\n",
		"c:1:11: 'nowhere': not known\n"
		"virtual a nowhere:80 {\n"
		"          ^\n"},
	{WITH("real 10.0.0.[4-2]"), "c:4:6: the range [4-2] is empty\n"
				    "real 10.0.0.[4-2]\n"
				    "     ^\n"},
	{WITH("real 10.[0-255].[0-255].[1-2]"),
		"c:4:6: more than 65536 real servers on one line\n"
		"real 10.[0-255].[0-255].[1-2]\n"
		"     ^\n"},
	{WITH("real 10.0.0.[250-260]"),
		"c:4:6: '10.0.0.256' is not an address\n"
		"real 10.0.0.[250-260]\n"
		"     ^\n"},
	{WITH("real [x-y]"), "c:4:6: 'x-y': not known\n"
			     "real [x-y]\n"
			     "     ^\n"},
	{WITH("real 10.0.0.1:99999"),
		"c:4:6: '99999' is not a port (1 to 65535)\n"
		"real 10.0.0.1:99999\n"
		"     ^\n"},
	{WITH("also fwmark:x"),
		"c:4:6: 'x' is not a firewall mark (1 to 4294967295)\n"
		"also fwmark:x\n"
		"     ^\n"},
	{WITH("real web.example.org:domain"),
		"c:4:6: port 'domain': not known\n"
		"real web.example.org:domain\n"
		"     ^\n"},
	{WITH("real two.example.org"),
		"c:4:6: 'two.example.org': has more than one address\n"
		"real two.example.org\n"
		"     ^\n"},
	{WITH("fallback 10.0.0.8\n"
	      "fallback 10.0.0.9"),
		"c:5:1: a virtual service can have only one fallback\n"
		"fallback 10.0.0.9\n"
		"^\n"},
	{WITH("fallback 10.0.0.[8-9]"),
		"c:4:1: a virtual service can have only one fallback\n"
		"fallback 10.0.0.[8-9]\n"
		"^\n"},
};

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		const char *text = addresses[i].text;

		assert_null(config_of(text, strlen(text), &reports));
		assert_string_equal(reports.text, addresses[i].said);
		memory_system_clear();
	}
}

/* Texts, and all reports about each. */
static const struct {
	const char *text, *said;
} fit[] = {
	{"timeout 1s connect-timeout 2s\n"
	 "virtual a 192.0.2.1:80 {\n"
	 "check connect\n"
	 "real 10.0.0.[1-9]\n"
	 "}\n",
		"c:1:28: connect-timeout 2s is longer than timeout 1s, the "
		"limit of the whole probe\n"
		"timeout 1s connect-timeout 2s\n"
		"                           ^\n"},
	{"connect-timeout 4s\n"
	 "virtual a 192.0.2.1:80 {\n"
	 "real 10.0.0.1 {\n"
	 "\tcheck connect\n"
	 "\tcheck http\n"
	 "}\n"
	 "}\n",
		"c:1:17: connect-timeout 4s is longer than timeout 3s, the "
		"limit of the whole probe\n"
		"connect-timeout 4s\n"
		"                ^\n"},
	{"bind 2001:db8::5\n"
	 "virtual a 192.0.2.1:80 {\n"
	 "check connect\n"
	 "real 10.0.0.[1-9]\n"
	 "}\n",
		"c:3:7: the address families of 'bind' and of the checked "
		"address differ\n"
		"check connect\n"
		"      ^\n"},
	{"check-address 2001:db8::5\n"
	 "virtual a 192.0.2.1:80 {\n"
	 "check connect { \n"
	 "bind 10.0.0.5\n"
	 "}\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:3:7: the address families of 'bind' and of the checked "
		"address differ\n"
		"check connect { \n"
		"      ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1 upper 5 lower 6\n"
	 "\n"
	 "}\n",
		"c:3:29: lower 6 is more than upper 5\n"
		"real 10.0.0.1 upper 5 lower 6\n"
		"                            ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1:81 forward direct\n"
	 "\n"
	 "}\n",
		"c:3:6: 'forward direct' cannot change the port from 80 to 81\n"
		"real 10.0.0.1:81 forward direct\n"
		"     ^\n"},
	{WITH("also 192.0.2.2:81\n"
	      "forward tunnel"),
		"c:3:6: 'forward tunnel' cannot change the port from 81 to 80\n"
		"real 10.0.0.1\n"
		"     ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "\n"
	 "}\n",
		"c:1:11: this virtual service has no real server\n"
		"virtual a 192.0.2.1:80 {\n"
		"          ^\n"},
	{WITH("also [2001:db8::1]:80"),
		"c:4:6: no real server of this virtual service has an IPv6 "
		"address, and only 'forward tunnel' accepts others\n"
		"also [2001:db8::1]:80\n"
		"     ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 2001:db8::2\n"
	 "\n"
	 "}\n",
		"c:1:11: no real server of this virtual service has an IPv4 "
		"address, and only 'forward tunnel' accepts others\n"
		"virtual a 192.0.2.1:80 {\n"
		"          ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "real 10.0.0.[1-9]\n"
	 "}\n",
		"c:2:6: real server 10.0.0.1:80 has no check; write 'check "
		"none' if it is to count as always up\n"
		"real 10.0.0.[1-9]\n"
		"     ^\n"},
	{"virtual a fwmark:1 {\n"
	 "check none\n"
	 "also 192.0.2.1:80\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:4:6: this real server has no port, but an address of its "
		"virtual service has one\n"
		"real 10.0.0.1\n"
		"     ^\n"},
	{WITH("real 10.0.0.1:80\n"), "c:4:6: this real server of the virtual "
				     "service is already used in c, line 3\n"
				     "real 10.0.0.1:80\n"
				     "     ^\n"},
	{WITH("real 10.0.0.2\n"
	      "fallback 10.0.0.1"),
		"c:5:10: this real server of the virtual service is already "
		"used in c, line 3\n"
		"fallback 10.0.0.1\n"
		"         ^\n"},
	{WITH("real 10.0.0.[2-4]\n"
	      "real 10.0.0.[3-9]"),
		"c:5:6: this real server of the virtual service is already "
		"used in c, line 4\n"
		"real 10.0.0.[3-9]\n"
		"     ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "\n"
	 "}\n"
	 "virtual a 192.0.2.2:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:6:9: this name is already used in c, line 1\n"
		"virtual a 192.0.2.2:80 {\n"
		"        ^\n"},
	{WITH("also 192.0.2.1:80"), "c:4:6: this virtual service's address is "
				    "already used in c, line 1\n"
				    "also 192.0.2.1:80\n"
				    "     ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "\n"
	 "}\n"
	 "virtual b 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:6:11: this virtual service's address is already used in c, "
		"line 1\n"
		"virtual b 192.0.2.1:80 {\n"
		"          ^\n"},
	{WITH("also fwmark:1\n"
	      "also fwmark:1/inet"),
		"c:5:6: this virtual service's address is already used in c, "
		"line 4\n"
		"also fwmark:1/inet\n"
		"     ^\n"},
};

static void test_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fit) / sizeof(fit[0]); i++) {
		const char *text = fit[i].text;

		assert_null(config_of(text, strlen(text), &reports));
		assert_string_equal(reports.text, fit[i].said);
		memory_system_clear();
	}
}

static void assert_too_long(const char *before, size_t len, const char *where)
{
	char text[512];

	assert_true(strlen(before) + len < sizeof(text) - 4);
	strcpy(text, before);
	memset(text + strlen(before), 'x', len);
	strcpy(text + strlen(before) + len, "\n}\n");
	assert_null(config_of(text, strlen(text), &reports));
	assert_int_equal(strncmp(reports.text, where, strlen(where)), 0);
	memory_system_clear();
}

static void test_too_long(void **state)
{
	(void)state;
	assert_too_long("virtual a ", 272, "c:1:11: the address is too long");
	assert_too_long("virtual a ", 260, "c:1:11: the address is too long");
	assert_too_long("virtual a 192.0.2.1:80 {\nreal ", 256,
		"c:2:6: the address is too long");
}

/* A text with one line repeated beyond a limit. */
static void assert_too_many(const char *head, const char *line, size_t times,
	const char *tail, const char *said)
{
	struct arena *arena = arena_create();
	size_t len = strlen(line), before = strlen(head);
	char *text =
		arena_alloc(arena, before + len * times + strlen(tail) + 1);

	memcpy(text, head, before);
	for (size_t i = 0; i < times; i++)
		memcpy(text + before + i * len, line, len);
	strcpy(text + before + len * times, tail);
	assert_null(config_of(text, strlen(text), &reports));
	assert_non_null(strstr(reports.text, said));
	assert_int_equal(reports.count, 1);
	memory_system_clear();
	arena_destroy(arena);
}

static void test_too_many(void **state)
{
	(void)state;
	assert_too_many("virtual a 192.0.2.1:80 {\n", "check connect\n", 65536,
		"real 10.0.0.1\n}\n",
		"c:65538:6: more than 65535 checks of one real server\n");
	assert_too_many("virtual a 192.0.2.1:80 {\n", "check connect\n", 16,
		"real 10.0.[0-255].[0-255]\n}\n",
		"c:2:7: too many checks, or too many different checks\n");
	assert_too_many("virtual a 192.0.2.1:80 {\ncheck none\n",
		"real 10.0.[0-255].[0-255]\n", 16, "}\n",
		"c:18:6: more than 1000000 real servers\n");
	assert_too_many("virtual a 192.0.2.1:80 {\n"
			"also fwmark:1\nalso fwmark:2\nalso fwmark:3\n"
			"also fwmark:4\nalso fwmark:5\nalso fwmark:6\n"
			"also fwmark:7\ncheck none\n",
		"", 0,
		"real 10.0.[0-255].[0-255]\nreal 10.1.[0-255].[0-255]\n}\n",
		"c:8:6: more than 1000000 entries of the kernel's table\n");
	/* The targets after that one are not taken for equal ones. */
	assert_too_many("virtual a 192.0.2.1:80 {\n"
			"also fwmark:1\nalso fwmark:2\nalso fwmark:3\n"
			"also fwmark:4\nalso fwmark:5\nalso fwmark:6\n"
			"also fwmark:7\nalso fwmark:8\nalso fwmark:9\n"
			"also fwmark:10\ncheck none\n",
		"", 0,
		"real 10.0.[0-255].[0-255]\nreal 10.1.[0-255].[0-255]\n}\n",
		"c:8:6: more than 1000000 entries of the kernel's table\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
