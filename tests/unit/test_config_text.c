// SPDX-License-Identifier: GPL-2.0-or-later
/* A printed configuration reads back to the same text. */
#include "memory_system.h"

#include "config/print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define GLOBALS                                                                \
	"user lvsmon\n"                                                        \
	"plugin-dir " LVSMON_PLUGIN_DIR "\n"                                   \
	"audit auto\n"                                                         \
	"orphans report\n"                                                     \
	"on-exit keep\n"                                                       \
	"probes 512\n"                                                         \
	"modprobe yes\n"

#define NONE "check none\n"
#define REAL "real 10.0.0.1\n"

static struct config_reports reports;

static struct config *must_read(const char *text)
{
	struct config *config = config_of(text, strlen(text), &reports);

	assert_string_equal(reports.text, "");
	assert_non_null(config);
	memory_system_clear();
	return config;
}

/* Texts, and a part of what is printed for each. */
static const struct {
	const char *text, *part;
} texts[] = {
	{"", GLOBALS},
	{"user 'a b'\nplugin-dir \"/x'y\"\naudit 0\non-exit clear\n"
	 "probes 7\nmodprobe no\n",
		"user 'a b'\nplugin-dir '/x'\\''y'\naudit 0s\n"
		"orphans report\non-exit clear\nprobes 7\nmodprobe no\n"},
	{"user ''\nplugin-dir '#'\n", "user ''\nplugin-dir '#'\n"},
	{"virtual a 192.0.2.1:80 {\n" NONE REAL "}\n",
		"\nvirtual a 192.0.2.1:80/tcp {\n"
		"\tscheduler wlc\n"
		"\treal 10.0.0.1:80 weight 1 forward masq on-fail quiesce {\n"
		"\t\tcheck none\n"
		"\t}\n"
		"}\n"},
	{"virtual a [2001:DB8:0::1]:http {\n" NONE
	 "real [2001:db8::2]:8080\nreal 2001:db8::3\n}\n",
		"virtual a [2001:db8::1]:80/tcp {\n"},
	{"virtual a 192.0.2.1:domain/udp {\n" NONE REAL "}\n",
		"virtual a 192.0.2.1:53/udp {\n"},
	{"virtual a 192.0.2.1:9/sctp {\nalso fwmark:9\n"
	 "also web.example.org:smtp\n" NONE REAL "}\n",
		"virtual a 192.0.2.1:9/sctp {\n"
		"\talso fwmark:9\n"
		"\talso 192.0.2.10:25/tcp\n"},
	{"virtual a fwmark:4294967295/inet {\n" NONE REAL "}\n",
		"virtual a fwmark:4294967295 {\n\tscheduler wlc\n"
		"\treal 10.0.0.1 weight"},
	{"virtual a fwmark:1/inet6 {\n" NONE "real 2001:db8::1\n}\n",
		"virtual a fwmark:1/inet6 {\n\tscheduler wlc\n"
		"\treal 2001:db8::1 weight"},
	{"virtual a 192.0.2.1:80 {\n" NONE "real 10.0.0.[9-11]:81\n}\n",
		"\treal 10.0.0.9:81 weight 1 forward masq on-fail quiesce {\n"
		"\t\tcheck none\n\t}\n"
		"\treal 10.0.0.10:81 weight 1 forward masq on-fail quiesce {\n"
		"\t\tcheck none\n\t}\n"
		"\treal 10.0.0.11:81 "},
	{"virtual a [2001:db8::1]:80 {\n" NONE
	 "real [2001:db8::[1-2]:[3-4]]:81\n}\n",
		"\treal [2001:db8::2:4]:81 "},
	{"virtual a 192.0.2.1:80 {\n" NONE "real web[08-10].example.org\n}\n",
		"\treal 10.1.0.10:80 "},
	{"virtual a 192.0.2.1:80 {\n" NONE "real 10.0.0.1:[80-82]\n}\n",
		"\treal 10.0.0.1:82 "},
	{"virtual a 192.0.2.1:80 {\nalso [2001:db8::1]:80\nforward "
	 "tunnel\n" NONE REAL "}\n",
		"forward tunnel"},
	{"virtual a 192.0.2.1:80 {\nflags ops,flag-1,flag-2\nflags flag-3\n"
	 "scheduler sh\n" NONE REAL "}\n",
		"\tscheduler sh\n\tflags ops,flag-1,flag-2,flag-3\n"},
	{"virtual a 192.0.2.1:80 {\nflags mh-port\n" NONE REAL "}\n",
		"\tflags flag-2\n"},
	{"virtual a 192.0.2.1:80 {\nnetmask 24 persistence 5m\n" NONE REAL
	 "}\n",
		"\tpersistence 300s\n\tnetmask 24\n"},
	{"virtual a 192.0.2.1:80 {\nnetmask 255.255.255.128\n" NONE REAL "}\n",
		"\tscheduler wlc\n\tnetmask 255.255.255.128\n"},
	{"virtual a 192.0.2.1:80 {\nnetmask 64 netmask 255.0.0.0\n" NONE REAL
	 "}\n",
		"\tnetmask 64\n\tnetmask 255.0.0.0\n"},
	{"virtual a 192.0.2.1:80 {\nnetmask 32\n" NONE REAL "}\n",
		"\tnetmask 32\n"},
	{"virtual a 192.0.2.1:80 {\nnetmask 128\n" NONE REAL "}\n",
		"\tscheduler wlc\n\treal"},
	{"virtual a 192.0.2.1:80 {\n" NONE REAL "fallback 10.0.0.9:1\n}\n",
		"\tfallback 10.0.0.9:1 weight 1 forward masq on-fail quiesce "
		"{\n\t\tcheck none\n\t}\n}\n"},
	{"virtual a 192.0.2.1:80 {\nfallback 10.0.0.9 weight 5 check x\n" NONE
			REAL "}\n",
		"\tfallback 10.0.0.9:80 weight 5 forward masq on-fail quiesce "
		"{\n\t\tcheck x {\n"},
	{"virtual a 192.0.2.1:80 {\nfallback 10.0.0.9\n}\n",
		"\tscheduler wlc\n\tfallback 10.0.0.9:80 "},
	{"virtual a 192.0.2.1:80 {\nreal 10.0.0.1 upper 9 lower 3 weight 0 "
	 "on-fail remove check none\n}\n",
		"weight 0 forward masq on-fail remove upper 9 lower 3 {\n"},
	{"on-fail quiesce 90s remove weight 7\nvirtual a 192.0.2.1:80 {\n"
	 "real 10.0.0.2 on-fail quiesce check none\n" REAL "check none\n}\n",
		"weight 7 forward masq on-fail quiesce 90s remove {\n"},
	{"sysctl net.ipv4.vs.expire_nodest_conn 0\nsysctl conntrack 1\n"
	 "sysctl expire_nodest_conn 2\n",
		"\nsysctl expire_nodest_conn 2\nsysctl conntrack 1\n"},
	{"virtual a 192.0.2.1:80 {\n" REAL
	 "check http -u '/a b' -e \"it's\" -H '' '{' '#' \\\\\n}\n",
		"\t\tcheck http -u '/a b' -e 'it'\\''s' -H '' '{' '#' '\\' {\n"
		"\t\t\tinterval 10s timeout 3s\n"
		"\t\t\trise 2 fall 3\n"
		"\t\t\ton-broken hold\n"
		"\t\t\tlinger 200ms\n"
		"\t\t\ttls no verify auto min-version 1.2\n"
		"\t\t}\n"},
	{"virtual a 192.0.2.1:80 {\n" REAL
	 "check /opt/x.so 'a\tb' \303\244 a=b,c%d+e@f\n}\n",
		"\t\tcheck /opt/x.so 'a\tb' '\303\244' a=b,c%d+e@f {\n"},
	{"virtual a 192.0.2.1:80 {\n" REAL "check one\ncheck two {\n"
	 "interval 500ms timeout 1.5s connect-timeout 250ms\n"
	 "rise 4294967295 fall 1\non-broken down\nbind 10.0.0.254\ncheck-port "
	 "smtp\n"
	 "check-address 10.0.0.7\n}\n}\n",
		"\t\tcheck two {\n"
		"\t\t\tinterval 500ms timeout 1500ms connect-timeout 250ms\n"
		"\t\t\trise 4294967295 fall 1\n"
		"\t\t\ton-broken down\n"
		"\t\t\tlinger 200ms\n"
		"\t\t\tbind 10.0.0.254\n"
		"\t\t\tcheck-address 10.0.0.7\n"
		"\t\t\tcheck-port 25\n"
		"\t\t\ttls no verify auto min-version 1.2\n"
		"\t\t}\n"},
	{"virtual a 192.0.2.1:80 {\nca /a\n" REAL
	 "check x {\ntls yes sni a.example cert 'c d' key k\n"
	 "verify host min-version 1.3 alpn h2,http/1.1\n}\n}\n",
		"\t\t\ttls yes sni a.example verify host min-version 1.3 "
		"alpn h2,http/1.1\n"
		"\t\t\tca /a\n"
		"\t\t\tcert 'c d' key k\n"},
	{"fall 5\nvirtual a 192.0.2.1:80 {\n" REAL
	 "check x\nfall-after 5m\n}\n",
		"\t\t\trise 2 fall-after 5m\n"},
	{"fall-after 5m\nvirtual a 192.0.2.1:80 {\n" REAL
	 "check x\nfall 5\n}\n",
		"\t\t\trise 2 fall 5 fall-after 5m\n"},
	{"virtual a 192.0.2.1:80 {\ncheck x\n" REAL "}\n"
	 "interval 7s rise 7\n",
		"\t\t\tinterval 7s timeout 3s\n\t\t\trise 7 fall 3\n"},
	{"# one\nvirtual \\\n a 192.0.2.1:80 \\\n{ # two\n\n\t" REAL
	 "check \\\n x \\\n y#z # three \\\n}\r\n",
		"\t\tcheck x 'y#z' {\n"},
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_create();
		struct config *config = must_read(texts[i].text);
		char *text = config_text(config, arena), *again;

		assert_non_null(strstr(text, texts[i].part));
		arena_destroy(config->arena);
		config = must_read(text);
		again = config_text(config, arena);
		assert_string_equal(again, text);
		arena_destroy(config->arena);
		arena_destroy(arena);
	}
}

/* A word longer than every buffer of the printer. */
static void test_long_word(void **state)
{
	static const char head[] = "virtual a 192.0.2.1:80 {\n" REAL "check x ";
	struct arena *arena = arena_create();
	char text[8192];
	struct config *config;
	char *normal;

	(void)state;
	for (int quoted = 0; quoted < 2; quoted++) {
		strcpy(text, head);
		memset(text + sizeof(head) - 1, 'y', 5000);
		strcpy(text + sizeof(head) - 1 + 5000, quoted ? "'#'" : "");
		strcat(text, "\n}\n");
		config = must_read(text);
		assert_int_equal(
			strlen(config->vectors[0].argv[1]), 5000 + quoted);
		normal = config_text(config, arena);
		arena_destroy(config->arena);
		config = must_read(normal);
		assert_int_equal(
			strlen(config->vectors[0].argv[1]), 5000 + quoted);
		assert_string_equal(config_text(config, arena), normal);
		arena_destroy(config->arena);
	}
	arena_destroy(arena);
}

/* An included file counts as if its text were in the first one. */
static void test_include(void **state)
{
	static const char text[] = "include inc/*.conf\ninclude /d\n"
				   "include inc/*.none\n";
	static const char wanted[] = "\t\tcheck x {\n"
				     "\t\t\tinterval 7s timeout 3s\n"
				     "\t\t\trise 9 fall 8\n";
	struct arena *arena = arena_create();
	struct config *config;

	(void)state;
	memory_system_add("inc/b.conf", "rise 9\ninclude e\n", 0);
	memory_system_add("inc/a.conf",
		"virtual a 192.0.2.1:80 {\n" REAL "check x\n}\n", 0);
	memory_system_add("inc/e", "interval 7s", 0);
	memory_system_add("/d", "fall 8\n", 0);
	config = config_of(text, strlen(text), &reports);
	assert_string_equal(reports.text, "");
	assert_non_null(config);
	assert_non_null(strstr(config_text(config, arena), wanted));
	arena_destroy(config->arena);
	arena_destroy(arena);
	memory_system_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_word),
		cmocka_unit_test(test_include),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
