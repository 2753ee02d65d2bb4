// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors about words and values. */
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
} words[] = {
	{"frobnicate 3\n", "c:1:1: unknown word 'frobnicate'\n"
			   "frobnicate 3\n"
			   "^\n"},
	{"intervall 3s\n",
		"c:1:1: unknown word 'intervall'; did you mean 'interval'?\n"
		"intervall 3s\n"
		"^\n"},
	{"weight\n", "c:1:1: 'weight' needs an argument\n"
		     "weight\n"
		     "^\n"},
	{"interval\n", "c:1:1: 'interval' needs an argument\n"
		       "interval\n"
		       "^\n"},
	{"virtual a\n", "c:1:1: 'virtual' needs a name and an address\n"
			"virtual a\n"
			"^\n"},
	{"virtual a {\n"
	 "}\n",
		"c:1:1: 'virtual' needs a name and an address\n"
		"virtual a {\n"
		"^\n"},
	{"interval {\n", "c:1:1: 'interval' needs an argument\n"
			 "interval {\n"
			 "^\n"},
	{"scheduler rr\n", "c:1:1: 'scheduler' is not allowed here\n"
			   "scheduler rr\n"
			   "^\n"},
	{"}\n", "c:1:1: there is no open block to close\n"
		"}\n"
		"^\n"},
	{"interval 5s }\n", "c:1:13: unknown word '}'\n"
			    "interval 5s }\n"
			    "            ^\n"},
	{"virtual a 192.0.2.1:80\n", "c:1:1: a virtual service needs a block: "
				     "virtual a 192.0.2.1:80 {\n"
				     "virtual a 192.0.2.1:80\n"
				     "^\n"},
	{"virtual a 192.0.2.1:80 b {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:1:24: unexpected 'b'\n"
		"virtual a 192.0.2.1:80 b {\n"
		"                       ^\n"},
	{"virtual a/b 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:1:9: 'a/b' is not a valid name (letters, digits, _ . -, at "
		"most 64)\n"
		"virtual a/b 192.0.2.1:80 {\n"
		"        ^\n"},
	{"virtual '' 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "}\n",
		"c:1:9: '' is not a valid name (letters, digits, _ . -, at "
		"most 64)\n"
		"virtual '' 192.0.2.1:80 {\n"
		"        ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n"
	 "} audit 5s\n",
		"c:4:3: unexpected 'audit' after '}'\n"
		"} audit 5s\n"
		"  ^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1\n",
		"c:1:1: this block is not closed\n"
		"virtual a 192.0.2.1:80 {\n"
		"^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1 {\n"
	 "weight 3\n"
	 "}\n",
		"c:1:1: this block is not closed\n"
		"virtual a 192.0.2.1:80 {\n"
		"^\n"},
	{"vritual a 192.0.2.1:80 {\n"
	 "real 10.0.0.1 {\n"
	 "nonsense\n"
	 "}\n"
	 "}\n"
	 "audti 3s\n",
		"c:1:1: unknown word 'vritual'; did you mean 'virtual'?\n"
		"vritual a 192.0.2.1:80 {\n"
		"^\n"
		"c:6:1: unknown word 'audti'; did you mean 'audit'?\n"
		"audti 3s\n"
		"^\n"},
	{WITH("virtual b 192.0.2.2:80 {\n"
	      "}"),
		"c:4:1: 'virtual' is not allowed here\n"
		"virtual b 192.0.2.2:80 {\n"
		"^\n"},
	{WITH("real"), "c:4:1: 'real' needs an argument\n"
		       "real\n"
		       "^\n"},
	{WITH("fallback {\n"
	      "}"),
		"c:4:1: 'fallback' needs an argument\n"
		"fallback {\n"
		"^\n"},
	{"virtual a 192.0.2.1:80 {\n"
	 "check none\n"
	 "real 10.0.0.1 scheduler rr\n"
	 "\n"
	 "}\n",
		"c:3:15: 'scheduler' is not allowed here\n"
		"real 10.0.0.1 scheduler rr\n"
		"              ^\n"},
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *text = words[i].text;

		assert_null(config_of(text, strlen(text), &reports));
		assert_string_equal(reports.text, words[i].said);
		memory_system_clear();
	}
}

/* Texts, and all reports about each. */
static const struct {
	const char *text, *said;
} values[] = {
	{"interval 5x\n", "c:1:10: '5x' is not a time from 10ms to 1d\n"
			  "interval 5x\n"
			  "         ^\n"},
	{"interval 9ms\n", "c:1:10: '9ms' is not a time from 10ms to 1d\n"
			   "interval 9ms\n"
			   "         ^\n"},
	{"interval 2d\n", "c:1:10: '2d' is not a time from 10ms to 1d\n"
			  "interval 2d\n"
			  "         ^\n"},
	{"timeout 0\n", "c:1:9: '0' is not a time from 1ms to 1d\n"
			"timeout 0\n"
			"        ^\n"},
	{"connect-timeout 0s\n", "c:1:17: '0s' is not a time from 1ms to 1d\n"
				 "connect-timeout 0s\n"
				 "                ^\n"},
	{"fall-after 32d\n", "c:1:12: '32d' is not a time from 1ms to 31d\n"
			     "fall-after 32d\n"
			     "           ^\n"},
	{"audit 25h\n", "c:1:7: '25h' is not a time from 0s to 1d\n"
			"audit 25h\n"
			"      ^\n"},
	{"rise 0\n", "c:1:6: '0' is not a number from 1 to 4294967295\n"
		     "rise 0\n"
		     "     ^\n"},
	{"fall -1\n", "c:1:6: '-1' is not a number from 1 to 4294967295\n"
		      "fall -1\n"
		      "     ^\n"},
	{"fall 4294967296\n",
		"c:1:6: '4294967296' is not a number from 1 to 4294967295\n"
		"fall 4294967296\n"
		"     ^\n"},
	{"weight 65536\n", "c:1:8: '65536' is not a number from 0 to 65535\n"
			   "weight 65536\n"
			   "       ^\n"},
	{"upper x\n", "c:1:7: 'x' is not a number from 0 to 4294967295\n"
		      "upper x\n"
		      "      ^\n"},
	{"lower ''\n", "c:1:7: '' is not a number from 0 to 4294967295\n"
		       "lower ''\n"
		       "      ^\n"},
	{"probes 0\n", "c:1:8: '0' is not a number from 1 to 65536\n"
		       "probes 0\n"
		       "       ^\n"},
	{"probes 65537\n", "c:1:8: '65537' is not a number from 1 to 65536\n"
			   "probes 65537\n"
			   "       ^\n"},
	{"forward nat\n", "c:1:9: unknown word 'nat'\n"
			  "forward nat\n"
			  "        ^\n"},
	{"forward masc\n", "c:1:9: unknown word 'masc'; did you mean 'masq'?\n"
			   "forward masc\n"
			   "        ^\n"},
	{"on-fail quiese\n",
		"c:1:9: unknown word 'quiese'; did you mean 'quiesce'?\n"
		"on-fail quiese\n"
		"        ^\n"},
	{"on-fail quiesce 30s\n",
		"c:1:17: a time belongs into 'on-fail quiesce 30s remove'\n"
		"on-fail quiesce 30s\n"
		"                ^\n"},
	{"on-fail quiesce 30s quiesce\n",
		"c:1:17: a time belongs into 'on-fail quiesce 30s remove'\n"
		"on-fail quiesce 30s quiesce\n"
		"                ^\n"},
	{"on-fail remove 30s remove\n",
		"c:1:16: a time belongs into 'on-fail quiesce 30s remove'\n"
		"on-fail remove 30s remove\n"
		"               ^\n"},
	{"on-fail quiesce 30ms remove\n",
		"c:1:17: '30ms' is not a time from 1s to 1d\n"
		"on-fail quiesce 30ms remove\n"
		"                ^\n"},
	{"sysctl expire_nodest_conn\n",
		"c:1:1: 'sysctl' needs a name and a value\n"
		"sysctl expire_nodest_conn\n"
		"^\n"},
	{"sysctl net.ipv4.ip_forward 1\n",
		"c:1:8: 'net.ipv4.ip_forward' is not the name of a sysctl of "
		"IPVS\n"
		"sysctl net.ipv4.ip_forward 1\n"
		"       ^\n"},
	{"sysctl ../../ip_forward 1\n",
		"c:1:8: '../../ip_forward' is not the name of a sysctl of "
		"IPVS\n"
		"sysctl ../../ip_forward 1\n"
		"       ^\n"},
	{"sysctl conntrack -1\n",
		"c:1:18: '-1' is not a number from 0 to 2147483647\n"
		"sysctl conntrack -1\n"
		"                 ^\n"},
	{"on-exit stop\n", "c:1:9: unknown word 'stop'\n"
			   "on-exit stop\n"
			   "        ^\n"},
	{"modprobe on\n", "c:1:10: unknown word 'on'; did you mean 'no'?\n"
			  "modprobe on\n"
			  "         ^\n"},
	{"check-port 0\n", "c:1:12: '0' is not a port (1 to 65535)\n"
			   "check-port 0\n"
			   "           ^\n"},
	{"check-port 65536\n", "c:1:12: '65536' is not a port (1 to 65535)\n"
			       "check-port 65536\n"
			       "           ^\n"},
	{"check-port htpt\n", "c:1:12: port 'htpt': not known\n"
			      "check-port htpt\n"
			      "           ^\n"},
	{"bind 10.0.0.300\n", "c:1:6: '10.0.0.300' is not an address\n"
			      "bind 10.0.0.300\n"
			      "     ^\n"},
	{"bind fe80::1\n",
		"c:1:6: the link-local address 'fe80::1' needs a scope: add % "
		"and a network interface, as in fe80::1%eth0\n"
		"bind fe80::1\n"
		"     ^\n"},
	{"bind 2001:db8::1%2\n",
		"c:1:6: '2001:db8::1%2': only a link-local IPv6 address has a "
		"scope\n"
		"bind 2001:db8::1%2\n"
		"     ^\n"},
	{"bind fe80::1%\n", "c:1:6: 'fe80::1%': no such network interface\n"
			    "bind fe80::1%\n"
			    "     ^\n"},
	{"bind 10.0.0.1:80\n", "c:1:6: '10.0.0.1:80' is not an address\n"
			       "bind 10.0.0.1:80\n"
			       "     ^\n"},
	{"check-address nowhere\n", "c:1:15: 'nowhere': not known\n"
				    "check-address nowhere\n"
				    "              ^\n"},
	{"check-address two.example.org\n",
		"c:1:15: 'two.example.org': has more than one address\n"
		"check-address two.example.org\n"
		"              ^\n"},
	{"interval 5s\n"
	 "timeout 1s interval 6s\n",
		"c:2:12: 'interval' is set twice here\n"
		"timeout 1s interval 6s\n"
		"           ^\n"},
	{WITH("scheduler RR"), "c:4:11: 'RR' is not the name of a scheduler\n"
			       "scheduler RR\n"
			       "          ^\n"},
	{WITH("scheduler abcdefghijklmnop"),
		"c:4:11: 'abcdefghijklmnop' is not the name of a scheduler\n"
		"scheduler abcdefghijklmnop\n"
		"          ^\n"},
	{WITH("flags opps"), "c:4:7: unknown flag 'opps'; did you mean 'ops'?\n"
			     "flags opps\n"
			     "      ^\n"},
	{WITH("flags ops,,sh-port"), "c:4:7: unknown flag ''\n"
				     "flags ops,,sh-port\n"
				     "      ^\n"},
	{WITH("flags zzzzzzzz"), "c:4:7: unknown flag 'zzzzzzzz'\n"
				 "flags zzzzzzzz\n"
				 "      ^\n"},
	{WITH("persistence 1500ms"),
		"c:4:13: persistence must be a whole number of seconds\n"
		"persistence 1500ms\n"
		"            ^\n"},
	{WITH("persistence 0"), "c:4:13: '0' is not a time from 1s to 31d\n"
				"persistence 0\n"
				"            ^\n"},
	{WITH("netmask 0"), "c:4:9: '0' is not a netmask (1 to 128, or for "
			    "example 255.255.255.0)\n"
			    "netmask 0\n"
			    "        ^\n"},
	{WITH("netmask 129"), "c:4:9: '129' is not a netmask (1 to 128, or for "
			      "example 255.255.255.0)\n"
			      "netmask 129\n"
			      "        ^\n"},
	{WITH("netmask 255.0.255.0"),
		"c:4:9: '255.0.255.0' is not a netmask (1 to 128, or for "
		"example 255.255.255.0)\n"
		"netmask 255.0.255.0\n"
		"        ^\n"},
	{WITH("netmask 0.0.0.0"), "c:4:9: '0.0.0.0' is not a netmask (1 to "
				  "128, or for example 255.255.255.0)\n"
				  "netmask 0.0.0.0\n"
				  "        ^\n"},
	{WITH("check"), "c:4:1: 'check' needs an argument\n"
			"check\n"
			"^\n"},
	{"check Http\n", "c:1:7: 'check' needs a checker: a name of a-z, 0-9 "
			 "and _, or an absolute path\n"
			 "check Http\n"
			 "      ^\n"},
	{"check ../x\n", "c:1:7: 'check' needs a checker: a name of a-z, 0-9 "
			 "and _, or an absolute path\n"
			 "check ../x\n"
			 "      ^\n"},
	{"check\n", "c:1:1: 'check' needs an argument\n"
		    "check\n"
		    "^\n"},
	{WITH("check connect"),
		"c:4:1: 'check none' cannot be combined with other checks\n"
		"check connect\n"
		"^\n"},
	{"check none\n"
	 "check none {\n"
	 "}\n",
		"c:2:1: 'check none' cannot be combined with other checks\n"
		"check none {\n"
		"^\n"},
	{"check connect\n"
	 "check none\n",
		"c:2:1: 'check none' cannot be combined with other checks\n"
		"check none\n"
		"^\n"},
};

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const char *text = values[i].text;

		assert_null(config_of(text, strlen(text), &reports));
		assert_string_equal(reports.text, values[i].said);
		memory_system_clear();
	}
}

static void test_five(void **state)
{
	static const char text[] = "intervall 5s\n"
				   "virtual web 192.0.2.1 {\n"
				   "\tscheduler W!\n"
				   "\treal 10.0.0.300:80 weight 5\n"
				   "\treal 10.0.0.2:80 weight 65536\n"
				   "}\n";
	static const char said[] =
		"c:1:1: unknown word 'intervall'; did you mean 'interval'?\n"
		"intervall 5s\n"
		"^\n"
		"c:2:13: a virtual service needs a port: 192.0.2.1:80\n"
		"virtual web 192.0.2.1 {\n"
		"            ^\n"
		"c:3:12: 'W!' is not the name of a scheduler\n"
		"\tscheduler W!\n"
		"\t          ^\n"
		"c:4:7: '10.0.0.300' is not an address\n"
		"\treal 10.0.0.300:80 weight 5\n"
		"\t     ^\n"
		"c:5:26: '65536' is not a number from 0 to 65535\n"
		"\treal 10.0.0.2:80 weight 65536\n"
		"\t                        ^\n";

	(void)state;
	assert_null(config_of(text, strlen(text), &reports));
	assert_int_equal(reports.count, 5);
	assert_string_equal(reports.text, said);
	memory_system_clear();
}

/* After fifty errors the parser stops and says so. */
static void test_fifty(void **state)
{
	char text[60 * 7 + 1];

	(void)state;
	for (size_t i = 0; i < 60; i++)
		memcpy(text + i * 7, "rise 0\n", 7);
	text[60 * 7] = '\0';
	assert_null(config_of(text, 60 * 7, &reports));
	assert_int_equal(reports.count, 51);
	assert_non_null(strstr(reports.text, "\nc:50:6: "));
	assert_null(strstr(reports.text, "\nc:51:6: "));
	assert_string_equal(
		reports.text + reports.len - 16, "too many errors\n");
	memory_system_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_five),
		cmocka_unit_test(test_fifty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
